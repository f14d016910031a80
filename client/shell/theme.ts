import { useSyncExternalStore } from 'react';

/** What a person can choose; `auto` follows the system. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'varta.theme';
/** The page tells itself: other parts of it show the choice as well. */
const CHANGED = 'varta-theme';

/** What was chosen on this device: a room is dark whoever sits in it, a desk by a window is light. */
export function chosenTheme(storage: Pick<Storage, 'getItem'>): Theme {
  const known = storage.getItem(KEY);
  return THEMES.find((theme) => theme === known) ?? 'auto';
}

/** Light or dark, by the choice or else the system's. */
export function effectiveTheme(theme: Theme, prefersLight: boolean): 'light' | 'dark' {
  return theme === 'auto' ? (prefersLight ? 'light' : 'dark') : theme;
}

/** Keeps the page in step with the choice and with the system. */
export function applyTheme(window: Window): void {
  const light = window.matchMedia('(prefers-color-scheme: light)');
  const apply = () => {
    const { documentElement } = window.document;
    documentElement.dataset.theme = effectiveTheme(chosenTheme(window.localStorage), light.matches);
  };
  apply();
  light.addEventListener('change', apply);
  window.addEventListener(CHANGED, apply);
  window.addEventListener('storage', apply);
}

/** The choice on this device, and making another one. */
export function useTheme(): { theme: Theme; setTheme(theme: Theme): void } {
  const theme = useSyncExternalStore(subscribe, () => chosenTheme(localStorage));
  return { theme, setTheme: rememberTheme };
}

function rememberTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  window.addEventListener('storage', listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener('storage', listener);
  };
}

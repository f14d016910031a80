import { createDeviceChoice, useDeviceChoice } from './device-choice.ts';

/** What a person can choose; `auto` follows the system. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const choice = createDeviceChoice<Theme>({ name: 'theme', values: THEMES, otherwise: 'auto' });

/** What was chosen on this device: a room is dark whoever sits in it, a desk by a window is light. */
export const chosenTheme = choice.read;

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
  choice.subscribe(apply);
}

/** The choice on this device, and making another one. */
export function useTheme(): { theme: Theme; setTheme(theme: Theme): void } {
  return { theme: useDeviceChoice(choice), setTheme: choice.choose };
}

import { useSyncExternalStore } from 'react';

/** The desk that `--scale` 1 stands for, in CSS pixels. */
const DESK = { width: 1920, height: 1080 };
const SMALLEST = 0.75;
const LARGEST = 4;

/**
 * Size of the text against a desk at arm's length. What the URL says (`?scale=1.5`, the number of an enrolled display),
 * else the screen's size: a screen of four times the pixels is a wall that is read from farther away. Never smaller than
 * on the desk, or a phone could not be read.
 */
export function chooseScale(wish: string | null, screen: { width: number; height: number }): number {
  const asked = Number(wish);
  if (wish !== null && Number.isFinite(asked) && asked > 0)
    return Math.min(LARGEST, Math.max(SMALLEST, asked));
  const fit = Math.min(screen.width / DESK.width, screen.height / DESK.height);
  return Math.min(LARGEST, Math.max(1, fit));
}

/** Sizes of text that a person can choose on a device; `auto` follows the screen. With 4 a wall is read at 3.6 m on 85 inches in 4K. */
export const TEXT_SIZES = ['auto', '1', '1.5', '2', '2.5', '3', '3.5', '4'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

const KEY = 'varta.scale';
/** The page tells itself: other parts of it show the choice as well. */
const CHANGED = 'varta-scale';

/** What was chosen on this device. */
export function chosenTextSize(storage: Pick<Storage, 'getItem'>): TextSize {
  const known = storage.getItem(KEY);
  return TEXT_SIZES.find((size) => size === known) ?? 'auto';
}

/** Keeps the scale in step with the window and with what is chosen; what the URL says goes before. */
export function applyScale(window: Window, query: URLSearchParams): void {
  const apply = () => {
    const chosen = chosenTextSize(window.localStorage);
    const wish = query.get('scale') ?? (chosen === 'auto' ? null : chosen);
    const scale = chooseScale(wish, { width: window.innerWidth, height: window.innerHeight });
    window.document.documentElement.style.setProperty('--scale', scale.toFixed(3));
  };
  apply();
  window.addEventListener('resize', apply);
  window.addEventListener(CHANGED, apply);
}

/** The choice on this device, and making another one. */
export function useTextSize(): { size: TextSize; setSize(size: TextSize): void } {
  const size = useSyncExternalStore(subscribe, () => chosenTextSize(localStorage));
  return { size, setSize: rememberTextSize };
}

function rememberTextSize(size: TextSize): void {
  localStorage.setItem(KEY, size);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}

/** Pixels of a rem where text is as on a desk; see `base.css`. */
const REM_PX = 16;

/** Whether the window is at least so wide, in rems: where text is larger, it takes more pixels. */
export function useIsWide(rems: number): boolean {
  return useSyncExternalStore(subscribeToRoom, () => window.innerWidth >= rems * REM_PX * scaleNow());
}

function scaleNow(): number {
  return Number(document.documentElement.style.getPropertyValue('--scale')) || 1;
}

function subscribeToRoom(listener: () => void): () => void {
  const unsubscribe = subscribe(listener);
  window.addEventListener('resize', listener);
  return () => {
    unsubscribe();
    window.removeEventListener('resize', listener);
  };
}

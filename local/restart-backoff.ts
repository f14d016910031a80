const firstDelayMs = 50;
const longestDelayMs = 5_000;
/** A child that lived this long was well: its next death counts as the first one. */
export const steadyAfterMs = 10_000;

/** Deaths in a row, after one more death of a child that lived for `livedMs`. */
export function countFailures(before: number, livedMs: number): number {
  return livedMs >= steadyAfterMs ? 1 : before + 1;
}

/** How long to wait before the next start: almost nothing at first, so that a single crash is hardly seen. */
export function toRestartDelayMs(failuresInARow: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, failuresInARow - 1));
}

/** First pause before a dead worker is replaced: none to speak of, the tiles are waiting. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 5_000;
/** A worker that lived this long did not die of its start. */
const HEALTHY_AFTER_MS = 30_000;

/** How often in a row a worker died soon after its start, given how long the last one lived. */
export function countFailures(failures: number, livedMs: number): number {
  return livedMs >= HEALTHY_AFTER_MS ? 1 : failures + 1;
}

/** Pause before the next attempt, in milliseconds: doubles with every failure in a row. */
export function respawnPauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
}

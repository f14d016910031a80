import type { Severity } from '#contract/flags.ts';

/** The least severe level that may frame a tile, stand in the alarm zone and change the wall's order. */
export const LOUD = 3;

/**
 * Whether a flag speaks up on the wall. Level 4 is to be gone through some time in the shift: it waits in the queue, or the
 * many limits that come near on an ordinary night would frame half the wall, and nobody would look at frames any more.
 */
export function isLoud({ severity }: { severity: Severity }): boolean {
  return severity <= LOUD;
}

/** Whether somebody is needed at once or within minutes: such an area comes to the first page by itself. */
export function isUrgent(severity: number): boolean {
  return severity <= 2;
}

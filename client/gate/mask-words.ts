import type { AreaStatus } from '#contract/status.ts';

/** Whether what is covered of an area is shown at an instant (ms). */
export function isUnmasked(status: AreaStatus | undefined, nowMs: number): boolean {
  return status?.unmasked !== undefined && Date.parse(status.unmasked.until) > nowMs;
}

/** The people inside, as far as a status names them: those for whom clocks run. */
export function casesOf(status: AreaStatus | undefined): string[] {
  return [...new Set(status?.clocks.map(({ caseId }) => caseId))];
}

import { z } from 'zod';
import { EventId } from '#contract/ids.ts';

/** Checks that an area keeps: the last one counts, the others stand by in case it is corrected. */
const KEEP_CHECKS = 16;

const Check = z.strictObject({
  id: EventId,
  at: z.int(),
  recordedAt: z.int(),
  /** The correction that put it in the place of another event. */
  via: EventId.optional(),
});
export type Check = z.infer<typeof Check>;

/** What is kept of an area beside its people; instants in milliseconds since the epoch. */
export const AreaLog = z.strictObject({
  /** Latest recording of any event that names the area. */
  touchedAt: z.int(),
  /** Welfare checks, oldest first. */
  checks: z.array(Check),
});
export type AreaLog = z.infer<typeof AreaLog>;

export const EMPTY_AREA: AreaLog = { touchedAt: 0, checks: [] };

/** An area that an event names. */
export function withTouch(log: AreaLog, recordedAt: number): AreaLog {
  return recordedAt > log.touchedAt ? { ...log, touchedAt: recordedAt } : log;
}

/** An area with one more check. */
export function withCheck(log: AreaLog, check: Check): AreaLog {
  if (log.checks.some(({ id }) => id === check.id)) return log;
  const checks = [...log.checks, check].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return { ...log, checks: checks.slice(-KEEP_CHECKS) };
}

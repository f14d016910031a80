import type { ClosureUse } from '#contract/closures.ts';
import type { AreaKind } from '#contract/nation.ts';
import { lengthMsAt, timesADayAt } from '../../config/rules/thresholds.ts';
import { type AreaHistory, KEEP_CLOSINGS } from '../custody/state/area-history.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/** Where people come and go by themselves. */
const FOR_VISITS: ReadonlySet<AreaKind> = new Set(['lawyer-room', 'medical-room', 'interview-room']);

/** How often, and for how long, an area of a kind may be closed in a day before that is asked after. */
export function overuseLimits(kind: AreaKind, atMs: number): { times: number; ms: number } {
  const isForVisits = FOR_VISITS.has(kind);
  return {
    times: timesADayAt(isForVisits ? 'gates-for-visits' : 'gates-elsewhere', atMs),
    ms: lengthMsAt(isForVisits ? 'closed-for-visits' : 'closed-elsewhere', atMs),
  };
}

/** How often and how long an area was closed in the day before an instant. */
export function closedInDay(
  history: Pick<AreaHistory, 'closings' | 'confidential'>,
  atMs: number,
): { times: number; closedMs: number } {
  const fromMs = atMs - DAY_MS;
  return {
    times: closingsOf(history).filter((at) => at > fromMs && at <= atMs).length,
    closedMs: history.confidential.reduce((sum, [from, until]) => {
      const lastedMs = Math.min(until ?? atMs, atMs) - Math.max(from, fromMs);
      return sum + Math.max(0, lastedMs);
    }, 0),
  };
}

/** The same for people who look at it now, with the week and what would be too much. */
export function closureUse(kind: AreaKind, history: AreaHistory | undefined, nowMs: number): ClosureUse {
  const { times, ms } = overuseLimits(kind, nowMs);
  const day = history ? closedInDay(history, nowMs) : { times: 0, closedMs: 0 };
  const fromMs = nowMs - WEEK_MS;
  const inWeek = history ? closingsOf(history).filter((at) => at > fromMs && at <= nowMs) : [];
  return {
    timesInWeek: inWeek.length,
    isCut: isCutAt(fromMs, history),
    timesInDay: day.times,
    timesLimit: times,
    minutesInDay: Math.ceil(day.closedMs / MINUTE_MS),
    minutesLimit: Math.floor(ms / MINUTE_MS),
  };
}

/** Whether it may have been closed more often since an instant than its history knows. */
function isCutAt(fromMs: number, history: AreaHistory | undefined): boolean {
  if (!history?.closings || history.knownFromMs > fromMs) return true;
  const [first = fromMs] = history.closings;
  return history.closings.length >= KEEP_CLOSINGS && first > fromMs;
}

/** Each time that it was closed; what an earlier version wrote knows only of times that were apart. */
function closingsOf({ closings, confidential }: Pick<AreaHistory, 'closings' | 'confidential'>): number[] {
  return closings ?? confidential.map(([from]) => from);
}

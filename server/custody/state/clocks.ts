import type { CaseId } from '#contract/ids.ts';
import { type Clock, clockStateAt } from '#contract/status.ts';
import type { Limit, NormSet } from '../../../config/norms/norm-set.ts';
import { type Norms, normSetsAt } from '../../../config/norms/norms.ts';
import type { KeptEvent } from './kept-event.ts';

const MINUTE_MS = 60_000;

/** A regime that nobody has stated: the criminal code is the ordinary course. */
export const DEFAULT_REGIME = 'criminal';

/**
 * The clocks that run for a person in custody: one for each limit that has begun and is not met. `events` are those
 * that count, in their order.
 */
export function clocksOf(caseId: CaseId, events: readonly KeptEvent[], norms: Norms): Clock[] {
  const regime = events.findLast(({ person }) => person !== undefined)?.person?.regime ?? DEFAULT_REGIME;
  const clocks: Clock[] = [];
  for (const set of norms.sets) {
    for (const limit of set.limits) {
      const anchor = events.find(({ type }) => limit.anchor.includes(type));
      if (!anchor || !normSetsAt(norms, regime, anchor.at).includes(set)) continue;
      const since = events.filter(({ at }) => at >= anchor.at);
      if (since.some(({ type }) => limit.metBy.includes(type))) continue;
      clocks.push(toClock({ caseId, set, limit, anchorAt: anchor.at, since }));
    }
  }
  return clocks;
}

function toClock(given: {
  caseId: CaseId;
  set: NormSet;
  limit: Limit;
  anchorAt: number;
  since: readonly KeptEvent[];
}): Clock {
  const { caseId, set, limit, anchorAt, since } = given;
  const { stoodMs, pausedAt } = pausesIn(limit, since);
  const afterMinutes = (minutes: number) =>
    new Date(anchorAt + Math.round(minutes * MINUTE_MS) + stoodMs).toISOString();
  return {
    normSet: set.id,
    limit: limit.id,
    caseId,
    anchorAt: new Date(anchorAt).toISOString(),
    amberAt: afterMinutes(limit.minutes * set.warnings.amber),
    redAt: afterMinutes(limit.minutes * set.warnings.red),
    dueAt: afterMinutes(limit.minutes),
    ...(pausedAt === undefined ? {} : { pausedAt: new Date(pausedAt).toISOString() }),
  };
}

/** How long a clock has stood still in pauses that are over, and since when it stands now. Pauses that overlap count once. */
function pausesIn(
  limit: Limit,
  since: readonly KeptEvent[],
): { stoodMs: number; pausedAt: number | undefined } {
  const open = new Set<number>();
  let stoodMs = 0;
  let pausedAt: number | undefined;
  for (const { type, at } of since) {
    limit.pauses.forEach(({ from, until }, index) => {
      if (type === from) open.add(index);
      if (type === until) open.delete(index);
    });
    if (open.size > 0) {
      pausedAt ??= at;
    } else if (pausedAt !== undefined) {
      stoodMs += at - pausedAt;
      pausedAt = undefined;
    }
  }
  return { stoodMs, pausedAt };
}

const RANK = { breached: 0, red: 1, amber: 2, ok: 3, paused: 4 } as const;

/** Clocks with the most urgent first, as of an instant (milliseconds since the epoch). The order is total. */
export function byUrgency(clocks: readonly Clock[], nowMs: number): Clock[] {
  const keyed = clocks.map((clock) => ({
    clock,
    rank: RANK[clockStateAt(clock, nowMs)],
    key: `${clock.dueAt} ${clock.caseId} ${clock.normSet} ${clock.limit}`,
  }));
  return keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1)).map(({ clock }) => clock);
}

import type { Clock } from '#contract/clocks.ts';
import type { CaseId } from '#contract/ids.ts';
import type { Deadline, Duty, Limit, NormSet } from '../../../config/norms/norm-set.ts';
import { isOfRegime, isValidAt } from '../../../config/norms/norms.ts';
import { accumulationRuns } from './accumulation.ts';
import type { Law } from './basis.ts';
import { type CaseFacts, isFor } from './case-facts.ts';
import type { KeptEvent } from './kept-event.ts';
import type { BareRun, LimitRun } from './limit-run.ts';
import { elapsedUntil, instantAfter, pausesIn, type Span } from './pauses.ts';
import { reviewRuns } from './review-runs.ts';
import { toRun } from './to-run.ts';
import { undoneEnds } from './undone-ends.ts';

const MINUTE_MS = 60_000;

/**
 * Every run of every limit that is for a case. `events` are those that count, in their order. An end after which the
 * person was held all the same meets nothing: clocks run on from where they began.
 */
export function runsOf(events: readonly KeptEvent[], facts: CaseFacts, law: Law): LimitRun[] {
  const undone = undoneEnds(events);
  const standing = undone.size === 0 ? events : events.filter(({ id }) => !undone.has(id));
  const sets = setsFor(facts, law);
  const shadowed = new Set(
    sets.flatMap(({ overlay }) => overlay?.shadows.map(({ normSet, limit }) => `${normSet}/${limit}`) ?? []),
  );
  return sets.flatMap((set) =>
    set.limits.flatMap((limit) => {
      if (!isFor(limit, facts)) return [];
      const isShadowed = shadowed.has(`${set.id}/${limit.id}`);
      return bareRuns(standing, { set, limit, law }).map((run) => ({ set, limit, isShadowed, ...run }));
    }),
  );
}

/** The sets that hold for a case: those of its regime that were valid at its anchor, and overlays that were applied to it. */
export function setsFor({ regime, anchorMs, overlays }: CaseFacts, { norms }: Law): NormSet[] {
  if (anchorMs === undefined) return [];
  return norms.sets.filter(
    (set) =>
      isOfRegime(set, regime) &&
      (set.overlay === undefined || overlays.has(set.id)) &&
      isValidAt(set, anchorMs),
  );
}

/** The runs of a case that the wall shows a clock of: those that go on, without those for which another one stands. */
export function runningOf(runs: readonly LimitRun[]): LimitRun[] {
  const running = runs.filter(({ metMs }) => metMs === undefined);
  return running.filter((run) => {
    const behind = run.limit.kind === 'check' ? undefined : run.limit.behind;
    return !behind?.some((id) =>
      running.some(
        (other) =>
          other.set === run.set &&
          other.limit.id === id &&
          other.dueMs <= run.dueMs &&
          (!other.isShadowed || run.isShadowed),
      ),
    );
  });
}

/** A run that still goes on, as the wire has it. */
export function toClock(caseId: CaseId, run: LimitRun): Clock {
  const { set, limit } = run;
  const standing = standingOf(run);
  return {
    normSet: set.id,
    limit: limit.id,
    caseId,
    ...(limit.kind === 'deadline' || limit.kind === 'check' ? {} : { kind: limit.kind }),
    ...(standing === 'law' ? {} : { standing }),
    ...(run.isShadowed ? { shadowed: true as const } : {}),
    ...(run.ground === undefined ? {} : { ground: run.ground }),
    anchorAt: toInstant(run.anchorMs),
    amberAt: toInstant(run.amberMs),
    redAt: toInstant(run.redMs),
    dueAt: toInstant(run.dueMs),
    ...(run.pausedMs === undefined ? {} : { pausedAt: toInstant(run.pausedMs) }),
  };
}

/** What the due instant of a run rests on: the grace that is given to a duty; what moved an end that was moved. */
export function standingOf({ limit, ground }: LimitRun): Limit['standing'] {
  if (limit.kind === 'duty') return limit.graceStanding;
  const grants = limit.kind === 'deadline' ? limit.grants : [];
  return grants.find((grant) => grant.ground === ground)?.standing ?? limit.standing;
}

function toInstant(atMs: number): string {
  return new Date(atMs).toISOString();
}

interface Given {
  set: NormSet;
  limit: Limit;
  law: Law;
}

function bareRuns(events: readonly KeptEvent[], { set, limit, law }: Given): BareRun[] {
  switch (limit.kind) {
    case 'deadline':
      return deadlineRuns(limit, events, set);
    case 'duty':
      return dutyRuns(limit, events, set);
    case 'review':
      return reviewRuns(limit, events, set);
    case 'accumulation':
      return accumulationRuns(limit, events, { warnings: set.warnings, calendar: law.calendar });
    case 'check':
      return [];
  }
}

function deadlineRuns(limit: Deadline, events: readonly KeptEvent[], set: NormSet): BareRun[] {
  const anchor = events.find(({ type }) => limit.anchor.includes(type));
  if (!anchor) return [];
  const met = events.find(({ type, at }) => at >= anchor.at && limit.metBy.includes(type));
  const during = met ? events.filter(({ at }) => at <= met.at) : events;
  const pauses = pausesIn(limit.pauses, during, anchor.at);
  const end = endOf(limit, during, { anchorMs: anchor.at, pauses });
  return [toRun({ anchorMs: anchor.at, lengthMs: end.lengthMs, pauses, set, met, ground: end.ground })];
}

/** How long a deadline gives, with what was granted before it was over. */
function endOf(
  { minutes, grants }: Deadline,
  during: readonly KeptEvent[],
  { anchorMs, pauses }: { anchorMs: number; pauses: readonly Span[] },
): { lengthMs: number; ground: string | undefined } {
  let lengthMs = minutes * MINUTE_MS;
  let ground: string | undefined;
  for (const { at, extension } of during) {
    const grant = extension && grants.find((one) => one.ground === extension.ground);
    if (!extension || !grant || at < anchorMs || at > instantAfter(anchorMs, lengthMs, pauses)) continue;
    const elapsedMs = elapsedUntil(anchorMs, at, pauses);
    const granted = Math.min(
      elapsedMs + Math.max(0, extension.until - at),
      grant.mostMinutes === null ? Number.POSITIVE_INFINITY : grant.mostMinutes * MINUTE_MS,
      grant.spanMinutes === undefined ? Number.POSITIVE_INFINITY : elapsedMs + grant.spanMinutes * MINUTE_MS,
    );
    if (granted <= lengthMs) continue;
    lengthMs = granted;
    ground = grant.ground;
  }
  return { lengthMs, ground };
}

function dutyRuns(limit: Duty, events: readonly KeptEvent[], set: NormSet): BareRun[] {
  const anchor = events.find(({ type }) => limit.anchor.includes(type));
  if (!anchor) return [];
  const met = events.find(({ type }) => limit.metBy.includes(type));
  return [toRun({ anchorMs: anchor.at, lengthMs: limit.graceMinutes * MINUTE_MS, pauses: [], set, met })];
}

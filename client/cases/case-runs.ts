import type { CaseRun } from '#contract/cases.ts';
import { type Clock, clockUrgency } from '#contract/clocks.ts';
import type { CaseId } from '#contract/ids.ts';

/** Runs of a case's limits, by what became of them. */
export interface RunGroups {
  /** Most pressing first; those in the shadow of another norm last. */
  running: readonly CaseRun[];
  /** Met after their end, latest first. */
  late: readonly CaseRun[];
  /** Still ran when the case was closed. */
  unmet: readonly CaseRun[];
  /** Met in time, latest first. */
  met: readonly CaseRun[];
}

/** A run as the wall has its clock, so that both say the same of it. */
export function toClock(run: CaseRun, caseId: CaseId): Clock {
  return {
    normSet: run.normSet,
    limit: run.limit,
    caseId,
    ...(run.kind === 'deadline' ? {} : { kind: run.kind }),
    ...(run.standing === 'law' ? {} : { standing: run.standing }),
    ...(run.shadowed ? { shadowed: true as const } : {}),
    ...(run.ground === null ? {} : { ground: run.ground }),
    anchorAt: run.anchorAt,
    amberAt: run.amberAt,
    redAt: run.redAt,
    dueAt: run.dueAt,
    ...(run.pausedAt === null ? {} : { pausedAt: run.pausedAt }),
  };
}

/** Milliseconds by which a run was met late; 0 when it was in time or still runs. */
export function lateByMs({ metAt, dueAt }: CaseRun): number {
  return metAt === null ? 0 : Math.max(0, Date.parse(metAt) - Date.parse(dueAt));
}

export function groupRuns(
  runs: readonly CaseRun[],
  { isClosed, nowMs }: { isClosed: boolean; nowMs: number },
): RunGroups {
  const open = runs.filter(({ metAt }) => metAt === null);
  const met = runs
    .filter(({ metAt }) => metAt !== null)
    .toSorted((a, b) => Date.parse(b.metAt ?? '') - Date.parse(a.metAt ?? ''));
  const urgency = (run: CaseRun) => clockUrgency(toClock(run, 'any'), nowMs);
  const ordered = open.toSorted(
    (a, b) => urgency(a) - urgency(b) || Date.parse(a.dueAt) - Date.parse(b.dueAt),
  );
  return {
    running: isClosed ? [] : ordered,
    unmet: isClosed ? ordered : [],
    late: met.filter((run) => lateByMs(run) > 0),
    met: met.filter((run) => lateByMs(run) === 0),
  };
}

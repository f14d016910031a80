import { type FindingKind, findingKindOf } from './area-filter.ts';
import { type Clock, compareInstants, isBinding, type Moment, mostUrgentNow } from './clocks.ts';
import type { Space } from './conditions.ts';
import type { AreaStatus } from './status.ts';

/**
 * What lists, filters and orders look at in an area's status: numbers, so that a whole country can be looked through between
 * two key presses. Instants are milliseconds since the epoch, Infinity for what does not come.
 */
export interface AreaBrief {
  headcount: number;
  vulnerabilities: AreaStatus['vulnerabilities'];
  nextCheckMs: number;
  confidential: boolean;
  bell: boolean;
  /** The closest observation that anybody inside is under, from 1 (general). */
  observation: number;
  space: Space['level'];
  /** Net floor area for each person inside; undefined where it is not known or nobody is inside. */
  m2PerPerson: number | undefined;
  findings: readonly FindingKind[];
  /** From when on the most pressing clock is at least amber, at least red, and breached, if nothing happens. */
  amberMs: number;
  redMs: number;
  breachedMs: number;
  /** Norm sets that clocks run under, shadowed ones too; each once. */
  normSets: readonly string[];
}

/** The brief of a status. */
export function briefOf(status: AreaStatus): AreaBrief {
  const brief: AreaBrief = {
    headcount: status.headcount,
    vulnerabilities: status.vulnerabilities,
    nextCheckMs: status.nextCheckDueAt === null ? Infinity : Date.parse(status.nextCheckDueAt),
    confidential: status.confidentialSince !== null,
    bell: status.bellSince !== undefined,
    observation: status.observation ?? 1,
    space: status.space?.level,
    m2PerPerson: status.space?.m2PerPerson,
    findings: findingKindsOf(status.findings),
    amberMs: Infinity,
    redMs: Infinity,
    breachedMs: Infinity,
    normSets: [...new Set(status.clocks.map(({ normSet }) => normSet))],
  };
  for (const clock of status.clocks) {
    if (clock.shadowed || isPaused(clock)) continue;
    addClock(brief, {
      isBinding: isBinding(clock),
      amberMs: Date.parse(clock.amberAt),
      redMs: Date.parse(clock.redAt),
      dueMs: Date.parse(clock.dueAt),
    });
  }
  return brief;
}

/** A clock that runs, and is not in the shadow of another. */
interface Running {
  isBinding: boolean;
  amberMs: number;
  redMs: number;
  dueMs: number;
}

/** What is due under a figure that binds nobody is at worst red. */
export function addClock(
  brief: Pick<AreaBrief, 'amberMs' | 'redMs' | 'breachedMs'>,
  { isBinding: binds, amberMs, redMs, dueMs }: Running,
): void {
  if (amberMs < brief.amberMs) brief.amberMs = amberMs;
  if (redMs < brief.redMs) brief.redMs = redMs;
  if (binds && dueMs < brief.breachedMs) brief.breachedMs = dueMs;
  if (!binds && dueMs < brief.redMs) brief.redMs = dueMs;
}

/** 0: nothing presses; 1: amber; 2: red; 3: breached. */
export function levelAt(
  { amberMs, redMs, breachedMs }: Pick<AreaBrief, 'amberMs' | 'redMs' | 'breachedMs'>,
  nowMs: number,
): 0 | 1 | 2 | 3 {
  if (breachedMs <= nowMs) return 3;
  if (redMs <= nowMs) return 2;
  return amberMs <= nowMs ? 1 : 0;
}

/** When the clock that presses most is due; Infinity where there is none. */
export function pressingDueMs({ clocks }: Pick<AreaStatus, 'clocks'>, now: Moment): number {
  const clock = mostUrgentNow(clocks, now);
  return clock ? Date.parse(clock.dueAt) : Infinity;
}

export function findingKindsOf(findings: readonly { normSet: string }[] | undefined): readonly FindingKind[] {
  if (findings === undefined) return NOTHING;
  return [...new Set(findings.map(findingKindOf))];
}

const NOTHING: readonly never[] = [];

function isPaused({ pausedAt, dueAt }: Pick<Clock, 'pausedAt' | 'dueAt'>): boolean {
  return pausedAt !== undefined && compareInstants(pausedAt, dueAt) < 0;
}

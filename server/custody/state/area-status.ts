import type { AreaId } from '#contract/ids.ts';
import { type AreaStatus, Vulnerability } from '#contract/status.ts';
import type { Norms } from '../../../config/norms/norms.ts';
import type { AreaLog } from './area-log.ts';
import type { CaseView } from './case-view.ts';
import { byUrgency } from './clocks.ts';
import type { Corrected } from './corrections.ts';

const MINUTE_MS = 60_000;
/** Bounds of the wire; an area that reaches them has other troubles. */
const MAX_HEADCOUNT = 1_000;
const MAX_CLOCKS = 200;

interface Given {
  areaId: AreaId;
  log: AreaLog;
  /** Cases of the facility that have to do with the area. */
  cases: readonly CaseView[];
  norms: Norms;
  corrections: Corrected;
}

/** What custody knows of an area now. */
export function areaStatusOf({ areaId, log, cases, norms, corrections }: Given): AreaStatus {
  const inside = cases.filter(({ place }) => place?.areaId === areaId);
  const updatedAtMs = Math.max(
    log.touchedAt,
    ...log.checks.map(({ id }) => corrections.correctedAt(id)),
    ...cases.map(({ touches }) => touches.get(areaId) ?? 0),
    ...inside.map(({ lastRecordedAt }) => lastRecordedAt),
  );
  const confidentialSinceMs = Math.min(
    ...cases.flatMap(({ confidential }) =>
      confidential.filter((place) => place.areaId === areaId).map(({ sinceMs }) => sinceMs),
    ),
  );
  return {
    areaId,
    headcount: Math.min(inside.length, MAX_HEADCOUNT),
    clocks: byUrgency(
      inside.flatMap(({ clocks }) => clocks),
      updatedAtMs,
    ).slice(0, MAX_CLOCKS),
    vulnerabilities: vulnerabilitiesOf(inside),
    nextCheckDueAt: nextCheckDueAt(log, inside, norms, corrections),
    confidentialSince: Number.isFinite(confidentialSinceMs)
      ? new Date(confidentialSinceMs).toISOString()
      : null,
    updatedAt: new Date(updatedAtMs).toISOString(),
  };
}

/** Nobody inside waits longer for a check than the interval, counted from the last check or from when they came. */
function nextCheckDueAt(
  log: AreaLog,
  inside: readonly CaseView[],
  norms: Norms,
  corrections: Corrected,
): string | null {
  if (inside.length === 0) return null;
  const lastCheck = log.checks.findLast(
    ({ id, via }) => !corrections.isVoid(id) && (via === undefined || !corrections.isVoid(via)),
  );
  const firstCameMs = Math.min(...inside.map(({ place }) => place?.sinceMs ?? Number.POSITIVE_INFINITY));
  const fromMs = Math.max(lastCheck?.at ?? 0, firstCameMs);
  return new Date(fromMs + norms.welfareCheck.minutes * MINUTE_MS).toISOString();
}

function vulnerabilitiesOf(inside: readonly CaseView[]): Vulnerability[] {
  const found = new Set<Vulnerability>();
  for (const { person } of inside) {
    if (!person) continue;
    if (person.minor) found.add('minor');
    if (person.sex === 'female') found.add('woman');
    if (person.atRisk) found.add('at-risk');
    if (person.regime === 'administrative') found.add('administrative');
  }
  return Vulnerability.options.filter((one) => found.has(one));
}

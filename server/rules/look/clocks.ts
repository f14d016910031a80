import { type Clock, clockStateAt, isBinding } from '#contract/clocks.ts';
import type { AreaId, FacilityId } from '#contract/ids.ts';
import { clockKey } from '#contract/rule-flags.ts';
import { ruleAtEndOf } from '../../../config/norms/norms.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { Finding } from '../finding.ts';
import type { Sight } from './sight.ts';

const HOUR_MS = 3_600_000;

/** Clocks of the people in an area, or of those of a facility who are in none. */
interface ClockPlace {
  facilityId: FacilityId;
  areaId?: AreaId | undefined;
  clocks: readonly Clock[];
}

/**
 * Limits in time of the people somewhere: the worst level that each has reached. A duty speaks up when its grace is
 * over and not before, or every arrival would raise a dozen flags; what neither law nor guidance sets never is a breach.
 * A clock that stands does not run out, and is asked after when it has stood for long.
 */
export function lookAtClocks(place: ClockPlace, nowMs: number): Sight {
  const findings: Sight['findings'] = [];
  const times: number[] = [];
  const at = place.areaId === undefined ? {} : ({ areaId: place.areaId, facilityId: undefined } as const);
  for (const clock of place.clocks) {
    if (clock.shadowed) continue;
    const { pausedAt } = clock;
    const stands = pausedAt !== undefined && clockStateAt(clock, nowMs) === 'paused';
    const steps = stands ? [standingStep(pausedAt, nowMs)] : stepsOf(clock);
    const reached = steps.findLast(({ atMs }) => atMs <= nowMs);
    const next = steps.find(({ atMs }) => atMs > nowMs);
    if (next && (stands || pausedAt === undefined)) times.push(next.atMs);
    if (!reached) continue;
    findings.push({ ...findingOf({ facilityId: place.facilityId, clock }, reached), ...at });
  }
  return { findings, times };
}

/** That a limit is breached, as its clock says it when nobody has met it at its end. It hangs on the facility. */
export function breachOf(about: { facilityId: FacilityId; clock: Clock }): Finding {
  return findingOf(about, { rule: 'deadline-breached', atMs: Date.parse(about.clock.dueAt) });
}

function findingOf(
  { facilityId, clock }: { facilityId: FacilityId; clock: Clock },
  { rule, atMs, standsMs }: Step,
): Finding {
  const { caseId, normSet, limit, pausedAt, dueAt } = clock;
  const key =
    rule === 'clock-stands'
      ? `${rule}:${facilityId}/${caseId}:${normSet}/${limit}:${pausedAt}`
      : clockKey(rule, { ...clock, facilityId });
  return {
    key,
    formerKey: key.replace(`:${facilityId}/`, ':'),
    rule,
    facilityId,
    params: {
      limit: `${normSet}/${limit}`,
      caseId,
      dueAt,
      ...(standsMs === undefined ? {} : { hours: standsMs / HOUR_MS }),
    },
    sinceMs: atMs,
  };
}

type Step = {
  rule:
    | 'deadline-amber'
    | 'deadline-red'
    | 'deadline-breached'
    | 'limit-passed'
    | 'duty-late'
    | 'care-missed'
    | 'clock-stands';
  atMs: number;
  /** So long a clock may stand. */
  standsMs?: number;
};

/** That a clock has stood for too long, and when it has. */
function standingStep(pausedAt: string, nowMs: number): Step {
  const standsMs = lengthMsAt('clock-stands', nowMs);
  return { rule: 'clock-stands', atMs: Date.parse(pausedAt) + standsMs, standsMs };
}

/** What a clock has to say, and when, earliest first. */
function stepsOf(clock: Clock): Step[] {
  const dueMs = Date.parse(clock.dueAt);
  if (clock.kind === 'duty') return [{ rule: 'duty-late', atMs: dueMs }];
  const atEnd = ruleAtEndOf(clock);
  if (atEnd !== undefined) return [{ rule: atEnd, atMs: dueMs }];
  const redMs = Date.parse(clock.redAt);
  if (!isBinding(clock)) return [{ rule: 'limit-passed', atMs: dueMs }];
  return [
    { rule: 'deadline-amber', atMs: Date.parse(clock.amberAt) },
    { rule: 'deadline-red', atMs: redMs },
    { rule: 'deadline-breached', atMs: dueMs },
  ];
}

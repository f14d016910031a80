import { byUrgency } from '#contract/clocks.ts';
import type { Air } from '#contract/conditions.ts';
import type { AreaId } from '#contract/ids.ts';
import { type AreaStatus, MAX_VISITS, type Visit, Vulnerability } from '#contract/status.ts';
import { WELFARE_CHECK } from '../../../config/norms/practice.ts';
import { type AreaLog, type Bell, type Check, keptIn } from './area-log.ts';
import type { AreaFacts, Law } from './basis.ts';
import { isFor } from './case-facts.ts';
import type { CaseView } from './case-view.ts';
import { type Corrected, isStanding } from './corrections.ts';
import {
  powerFindings,
  separationFindings,
  sightingFindings,
  unaccompaniedFindings,
  unobservedFindings,
} from './findings.ts';
import { foldGates } from './gates.ts';
import { standingLift } from './lifts.ts';
import { setsFor } from './limit-runs.ts';
import { spaceOf } from './space.ts';
import { wasWrittenInTime } from './told-in-time.ts';
import type { VisitPlace } from './visits.ts';

const MINUTE_MS = 60_000;
/** Bounds of the wire; an area that reaches them has other troubles. */
const MAX_HEADCOUNT = 1_000;
const MAX_CLOCKS = 200;
/** Sensors that send their quantities one by one send them within this of each other. */
const SAME_MEASUREMENT_MS = 15 * MINUTE_MS;

interface Given {
  areaId: AreaId;
  facts: AreaFacts | undefined;
  log: AreaLog;
  /** Cases of the facility that have to do with the area. */
  cases: readonly CaseView[];
  law: Law;
  corrections: Corrected;
}

/** What custody knows of an area now. */
export function areaStatusOf({ areaId, facts, log, cases, law, corrections }: Given): AreaStatus {
  const inside = cases.filter(({ place }) => place?.areaId === areaId);
  const updatedAtMs = Math.max(
    log.touchedAt,
    ...keptIn(log).map(({ id }) => corrections.correctedAt(id)),
    ...cases.map(({ touches }) => touches.get(areaId) ?? 0),
    ...inside.map(({ lastRecordedAt }) => lastRecordedAt),
  );
  const isCounting = (event: Check) => isStanding(event, corrections);
  const lift = standingLift(log.lifts, { inside, corrections });
  const gate = foldGates(log.gates.filter(isCounting)).standing;
  const visits = cases.flatMap(({ caseId, confidential }) =>
    confidential.flatMap((place) => (place.areaId === areaId ? [{ caseId, ...place }] : [])),
  );
  const confidentialSinceMs = Math.min(gate?.sinceMs ?? Infinity, ...visits.map(({ sinceMs }) => sinceMs));
  const checks = log.checks.filter(
    (check) => isCounting(check) && wasWrittenInTime(check, law.norms.checkWrittenWithin),
  );
  const leftAtMs = Math.max(log.leftAt, ...cases.map(({ left }) => left.get(areaId) ?? 0));
  const headcount = Math.min(inside.length, MAX_HEADCOUNT);
  const space = spaceOf(facts, headcount, { norms: law.norms, atMs: updatedAtMs });
  const air = airOf(log.measurements.filter(isCounting));
  const findings = [
    ...separationFindings(facts, inside, law.norms),
    ...sightingFindings(log.sightings.findLast(isCounting), inside, leftAtMs),
    ...unaccompaniedFindings(inside),
    ...unobservedFindings(inside),
    ...powerFindings(log.power.filter(isCounting)),
  ];
  const bellSinceMs = unansweredSince(log.bells.filter(isCounting), checks);
  const everyMinutes = Math.min(...inside.map(({ facts }) => checkMinutes(facts, law)));
  const observation = Math.max(1, ...inside.map(({ facts }) => facts.observationLevel));
  return {
    areaId,
    headcount,
    clocks: byUrgency(
      inside.flatMap(({ clocks }) => clocks),
      updatedAtMs,
    ).slice(0, MAX_CLOCKS),
    vulnerabilities: vulnerabilitiesOf(inside),
    nextCheckDueAt: nextCheckDueAt(checks.at(-1), inside, law),
    ...(inside.length > 0 && everyMinutes !== WELFARE_CHECK.minutes ? { checkMinutes: everyMinutes } : {}),
    confidentialSince: Number.isFinite(confidentialSinceMs)
      ? new Date(confidentialSinceMs).toISOString()
      : null,
    ...(gate
      ? {
          gate: {
            since: new Date(gate.sinceMs).toISOString(),
            until: new Date(gate.untilMs).toISOString(),
            by: gate.by,
          },
        }
      : {}),
    ...(visits.length > 0 ? { visits: toldVisits(visits) } : {}),
    ...(lift
      ? {
          unmasked: {
            since: new Date(lift.sinceMs).toISOString(),
            until: new Date(lift.untilMs).toISOString(),
            by: lift.by,
          },
        }
      : {}),
    ...(space ? { space } : {}),
    ...(air ? { air } : {}),
    ...(bellSinceMs === undefined ? {} : { bellSince: new Date(bellSinceMs).toISOString() }),
    ...(observation > 1 ? { observation } : {}),
    ...(findings.length > 0 ? { findings } : {}),
    updatedAt: new Date(updatedAtMs).toISOString(),
  };
}

/** In an order that does not depend on that of the cases. */
function toldVisits(visits: readonly (VisitPlace & Pick<Visit, 'caseId'>)[]): Visit[] {
  return visits
    .toSorted((a, b) => a.untilMs - b.untilMs || compare(a.caseId, b.caseId) || compare(a.kind, b.kind))
    .slice(0, MAX_VISITS)
    .map(({ kind, caseId, sinceMs, untilMs }) => ({
      kind,
      caseId,
      since: new Date(sinceMs).toISOString(),
      until: new Date(untilMs).toISOString(),
    }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Since when a bell rings that nobody has answered; whoever looks in has answered it. */
function unansweredSince(bells: readonly Bell[], checks: readonly Check[]): number | undefined {
  const answeredMs = Math.max(
    0,
    ...checks.map(({ at }) => at),
    ...bells.filter(({ rung }) => !rung).map(({ at }) => at),
  );
  return bells.find(({ rung, at }) => rung && at > answeredMs)?.at;
}

/**
 * Nobody inside waits longer for a check than the norms let them, counted from the last check or from when they came.
 * Of two norms that are for the same person the stricter holds.
 */
function nextCheckDueAt(lastCheck: Check | undefined, inside: readonly CaseView[], law: Law): string | null {
  if (inside.length === 0) return null;
  const due = inside.map(({ place, facts }) => {
    const fromMs = Math.max(lastCheck?.at ?? 0, place?.sinceMs ?? 0);
    return fromMs + checkMinutes(facts, law) * MINUTE_MS;
  });
  return new Date(Math.min(...due)).toISOString();
}

/** How long somebody may go without a check; the strictest norm that is for them, or else what is usual. */
export function checkMinutes(facts: CaseView['facts'], law: Law): number {
  const minutes = setsFor(facts, law).flatMap(({ limits }) =>
    limits.flatMap((limit) => (limit.kind === 'check' && isFor(limit, facts) ? [limit.minutes] : [])),
  );
  return minutes.length > 0 ? Math.min(...minutes) : law.norms.welfareCheck.minutes;
}

/**
 * The last measurement, with the quantities that it lacks from those shortly before; no finer than sensors are and people
 * need, since it goes to every page: tenths of a degree, tens of ppm, per cent, minutes.
 */
function airOf(measurements: readonly AreaLog['measurements'][number][]): Air | undefined {
  const last = measurements.at(-1);
  if (!last) return undefined;
  const recent = measurements.filter(({ at }) => at >= last.at - SAME_MEASUREMENT_MS);
  const latest = (name: 'temperatureC' | 'co2Ppm' | 'humidityPct') =>
    recent.findLast((one) => one[name] !== undefined)?.[name];
  const temperatureC = latest('temperatureC');
  const co2Ppm = latest('co2Ppm');
  const humidityPct = latest('humidityPct');
  if (temperatureC === undefined && co2Ppm === undefined && humidityPct === undefined) return undefined;
  return {
    ...(temperatureC === undefined ? {} : { temperatureC: Math.round(temperatureC * 10) / 10 }),
    ...(co2Ppm === undefined ? {} : { co2Ppm: Math.round(co2Ppm / 10) * 10 }),
    ...(humidityPct === undefined ? {} : { humidityPct: Math.round(humidityPct) }),
    at: new Date(Math.floor(last.at / MINUTE_MS) * MINUTE_MS).toISOString(),
  };
}

function vulnerabilitiesOf(inside: readonly CaseView[]): Vulnerability[] {
  const found = new Set<Vulnerability>();
  for (const { person, facts } of inside) {
    if (facts.intoxicated) found.add('intoxicated');
    if (!person) continue;
    if (person.minor) found.add('minor');
    if (person.sex === 'female') found.add('woman');
    if (person.atRisk) found.add('at-risk');
    if (person.regime === 'administrative') found.add('administrative');
    if (person.vulnerable) found.add('vulnerable');
  }
  return Vulnerability.options.filter((one) => found.has(one));
}

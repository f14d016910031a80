import { type AreaFinding, POWER_LOST } from '#contract/status.ts';
import type { Group } from '../../../config/norms/norm-set.ts';
import { isValidAt, type Norms } from '../../../config/norms/norms.ts';
import { PRACTICE } from '../../../config/norms/practice.ts';
import type { Power } from './area-log.ts';
import type { AreaFacts } from './basis.ts';
import type { CaseView } from './case-view.ts';

/** The lowest level of observation that is closer than the general one. */
const CLOSER = 2;
/** Norm set of findings that are about the record itself. */
const RECORD = 'record';

/**
 * Who is held together and should not be, by the norms valid when the last of them came. People of whom nothing was
 * stated belong to no group.
 */
export function separationFindings(
  facts: AreaFacts | undefined,
  inside: readonly CaseView[],
  norms: Norms,
): AreaFinding[] {
  if (facts?.kind !== 'cell' || inside.length < 2) return [];
  return norms.separation.flatMap((set) =>
    set.rules.flatMap(({ id, these, apartFrom }) => {
      const sinceMs = togetherSince(sinceOf(inside, these), sinceOf(inside, apartFrom));
      if (sinceMs === undefined || !isValidAt(set, sinceMs)) return [];
      return [{ normSet: set.id, code: id, since: new Date(sinceMs).toISOString() }];
    }),
  );
}

/**
 * What was seen in an area against what the record says of it: people where nobody is recorded, or nobody where people
 * are. Only what was seen after the record last changed counts.
 */
export function sightingFindings(
  sighting: { at: number; count: number } | undefined,
  inside: readonly CaseView[],
  leftAtMs: number,
): AreaFinding[] {
  if (!sighting || sighting.at < leftAtMs) return [];
  const since = new Date(sighting.at).toISOString();
  if (sighting.count > 0 && inside.length === 0)
    return [{ normSet: RECORD, code: 'presence-without-record', since }];
  const isAnybodyThere = inside.some(({ place }) => place !== null && place.sinceMs <= sighting.at);
  const isNewcomer = inside.some(({ place }) => place !== null && place.sinceMs > sighting.at);
  return sighting.count === 0 && isAnybodyThere && !isNewcomer
    ? [{ normSet: RECORD, code: 'record-without-presence', since }]
    : [];
}

/** Minors who are interrogated with nobody beside them who speaks for them. */
export function unaccompaniedFindings(inside: readonly CaseView[]): AreaFinding[] {
  const since = inside.flatMap(({ unaccompaniedSinceMs }) => unaccompaniedSinceMs ?? []);
  if (since.length === 0) return [];
  const first = new Date(Math.min(...since)).toISOString();
  return [{ normSet: PRACTICE, code: 'minor-unaccompanied', since: first }];
}

/** People who may harm themselves, and of whom nobody has decided that they are observed more closely than others. */
export function unobservedFindings(inside: readonly CaseView[]): AreaFinding[] {
  const since = inside.flatMap(({ person, place, facts }) =>
    person?.atRisk && place && facts.observationLevel < CLOSER ? [place.sinceMs] : [],
  );
  if (since.length === 0) return [];
  return [{ normSet: PRACTICE, code: 'risk-unobserved', since: new Date(Math.min(...since)).toISOString() }];
}

/** That the power of an area failed, by the record: the last word counts. It accounts for a camera that is off. */
export function powerFindings(power: readonly Power[]): AreaFinding[] {
  const last = power.at(-1);
  if (!last?.fails) return [];
  const restored = power.findLastIndex(({ fails }) => !fails);
  const since = power[restored + 1] ?? last;
  return [{ normSet: RECORD, code: POWER_LOST, since: new Date(since.at).toISOString() }];
}

/** When the first of a group came who is still there. */
function sinceOf(inside: readonly CaseView[], group: Group): number | undefined {
  const since = inside.flatMap(({ person, place }) =>
    person && place && belongs(person, group) ? [place.sinceMs] : [],
  );
  return since.length === 0 ? undefined : Math.min(...since);
}

function belongs(person: NonNullable<CaseView['person']>, group: Group): boolean {
  const stated = {
    ...person,
    convicted: person.convicted ?? false,
    lifeSentenced: person.lifeSentenced ?? false,
  };
  return Object.entries(group).every(([name, wanted]) => stated[name as keyof Group] === wanted);
}

function togetherSince(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

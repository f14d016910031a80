import type { ErrorCode } from '#contract/errors.ts';
import {
  type Actor,
  FLAG_TRANSITIONS,
  type Flag,
  type FlagStep,
  type FlagTransitionBody,
  type RaiseFlagBody,
} from '#contract/flags.ts';
import type { AreaId, FacilityId, FlagId, RegionId } from '#contract/ids.ts';
import type { Resource } from '../access/decide.ts';
import { areaResource, type Registry } from '../nation/registry.ts';

/** Steps that a flag keeps; more than this would be a dispute, not a flag. */
const MAX_STEPS = 100;

/** Where a flag hangs: on an area, or on a whole facility. */
export interface FlagPlace {
  regionId: RegionId;
  facilityId: FacilityId;
  areaId?: AreaId | undefined;
}

/** The place that an area or, without one, a facility is; undefined when the registry knows neither. */
export function flagPlaceOf(
  { areaId, facilityId }: { areaId?: AreaId | undefined; facilityId?: FacilityId | undefined },
  registry: Pick<Registry, 'area' | 'facility'>,
): FlagPlace | undefined {
  if (areaId !== undefined) {
    const area = registry.area(areaId);
    return area && { regionId: area.regionId, facilityId: area.facilityId, areaId };
  }
  const facility = facilityId === undefined ? undefined : registry.facility(facilityId);
  return facility && { regionId: facility.regionId, facilityId: facility.id };
}

/** A flag's place as the policy and the audit see it. */
export function flagResource(place: FlagPlace, registry: Pick<Registry, 'area'>): Resource {
  const area = place.areaId === undefined ? undefined : registry.area(place.areaId);
  if (area) return areaResource(area);
  return { kind: 'facility', regionId: place.regionId, facilityId: place.facilityId };
}

/** A flag that somebody raises now. */
export function raiseFlag(
  body: Pick<RaiseFlagBody, 'category' | 'severity' | 'note'> & { id: FlagId },
  place: FlagPlace,
  by: Actor,
  atMs: number,
): Flag {
  return {
    id: body.id,
    regionId: place.regionId,
    facilityId: place.facilityId,
    ...(place.areaId === undefined ? {} : { areaId: place.areaId }),
    category: body.category,
    severity: body.severity,
    note: body.note,
    state: 'raised',
    history: [{ state: 'raised', by, at: new Date(atMs).toISOString() }],
    version: 1,
  };
}

/** Whether raising asks for a flag that exists already: the same request once more. */
export function isSameRaising(flag: Flag, asked: Flag): boolean {
  const first = flag.history[0];
  return (
    flag.facilityId === asked.facilityId &&
    flag.areaId === asked.areaId &&
    flag.category === asked.category &&
    flag.severity === asked.severity &&
    flag.note === asked.note &&
    first?.by.id === asked.history[0]?.by.id
  );
}

/** What became of a step: a new version, the flag as it is because the very step was made before, or a refusal. */
export type StepResult =
  | { kind: 'changed'; flag: Flag }
  | { kind: 'repeated'; flag: Flag }
  | {
      kind: 'refused';
      code: Extract<ErrorCode, 'conflict' | 'invalid_transition' | 'limit_reached'>;
      message: string;
    }
  | { kind: 'incomplete'; field: 'reason' | 'assignee'; message: string };

/** A step of a flag, as somebody asks for it who has seen the version that the step names. */
export function stepFlag(flag: Flag, asked: FlagTransitionBody, by: Actor, atMs: number): StepResult {
  const missing = missingField(asked);
  if (missing) return missing;
  const step: FlagStep = {
    state: asked.to,
    by,
    at: new Date(atMs).toISOString(),
    ...(asked.reason === undefined ? {} : { reason: asked.reason }),
    ...(asked.to === 'assigned' && asked.assignee !== undefined ? { assignee: asked.assignee } : {}),
  };
  const on = asked.version ?? flag.version;
  if (flag.version === on + 1 && isSameStep(flag.history.at(-1), step)) return { kind: 'repeated', flag };
  if (flag.version !== on) {
    return refuse('conflict', `the flag has version ${flag.version} now, and is ${flag.state}`);
  }
  if (!FLAG_TRANSITIONS[flag.state].includes(asked.to))
    return refuse('invalid_transition', `a flag that is ${flag.state} cannot become ${asked.to}`);
  if (flag.history.length >= MAX_STEPS) return refuse('limit_reached', 'the flag has too many steps');
  return {
    kind: 'changed',
    flag: {
      ...(asked.to === 'assigned' ? inSight(flag, by, step.at) : flag),
      state: asked.to,
      history: [...flag.history, step],
      version: flag.version + 1,
    },
  };
}

/**
 * What is given to somebody is no longer aside, or they would not see it. Whether its time is over is not asked: clocks of
 * replicas and pages differ.
 */
function inSight(flag: Flag, by: Actor, at: string): Flag {
  const last = flag.shelvings?.at(-1);
  if (!flag.shelvings || !last || last.ended) return flag;
  return { ...flag, shelvings: flag.shelvings.with(-1, { ...last, ended: { by, at } }) };
}

/** When a flag was raised, in milliseconds since the epoch. */
export function raisedAtMs(flag: Flag): number {
  return Date.parse(flag.history[0]?.at ?? '');
}

function missingField(asked: FlagTransitionBody): StepResult | undefined {
  const closes = asked.to === 'resolved' || asked.to === 'dismissed';
  if (closes && asked.reason === undefined)
    return { kind: 'incomplete', field: 'reason', message: 'say why the flag is closed' };
  if (asked.to === 'assigned' && asked.assignee === undefined)
    return { kind: 'incomplete', field: 'assignee', message: 'say to whom the flag is assigned' };
  return undefined;
}

function isSameStep(made: FlagStep | undefined, asked: FlagStep): boolean {
  return (
    made !== undefined &&
    made.state === asked.state &&
    made.by.kind === asked.by.kind &&
    made.by.id === asked.by.id &&
    made.reason === asked.reason &&
    made.assignee === asked.assignee
  );
}

function refuse(code: Extract<StepResult, { kind: 'refused' }>['code'], message: string): StepResult {
  return { kind: 'refused', code, message };
}

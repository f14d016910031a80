import type { Flag } from '#contract/flags.ts';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import { decide, type Principal } from '../access/decide.ts';
import type { Registry } from '../nation/registry.ts';
import type { DeltaRecords } from './live.ts';

/** All of a region, or what belongs to these facilities (none, if empty). */
export type Part = 'all' | ReadonlySet<FacilityId>;

/** What somebody may see of a region: custody status and feed states, and flags. */
export interface Sight {
  status: Part;
  flags: Part;
  /** What people wrote into flags is left out: for screens that anybody in the room can read. */
  withoutNotes?: true;
}

/** What the policy lets a principal see of a region; undefined if nothing. */
export function sightOf(principal: Principal, regionId: RegionId, registry: Registry): Sight | undefined {
  const partOf = (action: 'status.read' | 'flag.read'): Part => {
    if (decide(principal, action, { kind: 'region', regionId }).allow) return 'all';
    const facilities = registry.nation.facilities.filter(
      ({ id, regionId: region }) =>
        region === regionId &&
        decide(principal, action, { kind: 'facility', regionId, facilityId: id }).allow,
    );
    return new Set(facilities.map(({ id }) => id));
  };
  const sight: Sight = {
    status: partOf('status.read'),
    flags: partOf('flag.read'),
    ...(principal.kind === 'display' ? { withoutNotes: true } : {}),
  };
  return isEmpty(sight.status) && isEmpty(sight.flags) ? undefined : sight;
}

/** Every region of which a principal may see anything, with what. */
export function sightsOf(principal: Principal, registry: Registry): Map<RegionId, Sight> {
  const sights = new Map<RegionId, Sight>();
  for (const { id } of registry.nation.regions) {
    const sight = sightOf(principal, id, registry);
    if (sight) sights.set(id, sight);
  }
  return sights;
}

/** The records within a sight; the very object if that is all of them. What else the object holds stays. */
export function narrow<T extends DeltaRecords>(records: T, sight: Sight, registry: Registry): T {
  if (sight.status === 'all' && sight.flags === 'all' && !sight.withoutNotes) return records;
  const isIn = (part: Part, facilityId: FacilityId | undefined) =>
    part === 'all' || (facilityId !== undefined && part.has(facilityId));
  const ofArea = ({ areaId }: { areaId: string }) => isIn(sight.status, registry.area(areaId)?.facilityId);
  return {
    ...records,
    ...(records.areas && { areas: records.areas.filter(ofArea) }),
    ...(records.feeds && { feeds: records.feeds.filter(ofArea) }),
    ...(records.flags && {
      flags: records.flags
        .filter(({ facilityId }) => isIn(sight.flags, facilityId))
        .map((flag) => (sight.withoutNotes ? forWall(flag) : flag)),
    }),
  };
}

/** The same text for the same sights, and only for them. */
export function sightsKey(sights: ReadonlyMap<RegionId, Sight>): string {
  const part = (one: Part) => (one === 'all' ? 'all' : [...one].sort());
  return JSON.stringify(
    [...sights]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { status, flags, withoutNotes }]) => [id, part(status), part(flags), withoutNotes === true]),
  );
}

/** A flag as a wall shows it: what and how urgent, not what people wrote, nor who they are. */
function forWall({ calls: _calls, shelvings: _shelvings, ...flag }: Flag): Flag {
  return {
    ...flag,
    note: '',
    history: flag.history.map(({ state, by, at }) => ({
      state,
      by: { ...by, id: by.kind, name: by.kind },
      at,
    })),
  };
}

function isEmpty(part: Part): boolean {
  return part !== 'all' && part.size === 0;
}

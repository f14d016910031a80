import type { AreaId, FacilityId, FeedId, RegionId } from '#contract/ids.ts';
import type { Area, Facility, Feed, Nation, Region } from '#contract/nation.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope, type Resource } from '../access/decide.ts';

/** A feed with the place that it shows. */
export interface PlacedFeed {
  feed: Feed;
  area: Area;
  facility: Facility;
}

/** The nation, indexed. Does not change while the process lives. */
export interface Registry {
  readonly nation: Nation;
  region(id: RegionId): Region | undefined;
  facility(id: FacilityId): Facility | undefined;
  area(id: AreaId): Area | undefined;
  feed(id: FeedId): PlacedFeed | undefined;
  areasOf(facilityId: FacilityId): readonly Area[];
  /** Regions that hold anything within a scope; a facility's region for an account of that facility. */
  regionsWithin(scope: Scope): readonly RegionId[];
}

/** Indexes a nation. Throws a TypeError when an id occurs twice or a reference leads nowhere. */
export function createRegistry(nation: Nation): Registry {
  const regions = indexById(nation.regions);
  const facilities = indexById(nation.facilities);
  const areas = indexById(nation.areas);
  const byFacility = Map.groupBy(nation.areas, (area) => area.facilityId);
  const feeds = new Map<FeedId, PlacedFeed>();

  for (const facility of nation.facilities) {
    if (!regions.has(facility.regionId))
      throw new TypeError(`${facility.id}: unknown region ${facility.regionId}`);
  }
  for (const area of nation.areas) {
    const facility = facilities.get(area.facilityId);
    if (!facility) throw new TypeError(`${area.id}: unknown facility ${area.facilityId}`);
    if (facility.regionId !== area.regionId)
      throw new TypeError(`${area.id}: not in the region of its facility`);
    for (const feed of area.feeds) {
      if (feeds.has(feed.id)) throw new TypeError(`${feed.id}: occurs twice`);
      feeds.set(feed.id, { feed, area, facility });
    }
  }

  return {
    nation,
    region: (id) => regions.get(id),
    facility: (id) => facilities.get(id),
    area: (id) => areas.get(id),
    feed: (id) => feeds.get(id),
    areasOf: (facilityId) => byFacility.get(facilityId) ?? [],
    regionsWithin: (scope) => {
      if (scope.kind !== 'facilities')
        return nation.regions.filter(({ id }) => isInScope(scope, { regionId: id })).map(({ id }) => id);
      const own = scope.facilityIds.map((id) => facilities.get(id)?.regionId);
      return [...new Set(own.filter((id) => id !== undefined))];
    },
  };
}

/** An area as the policy sees it. */
export function areaResource(area: Area): Resource {
  return {
    kind: 'area',
    regionId: area.regionId,
    facilityId: area.facilityId,
    areaId: area.id,
    privacy: area.privacy,
  };
}

function indexById<T extends { id: string }>(items: readonly T[]): Map<string, T> {
  const index = new Map<string, T>();
  for (const item of items) {
    if (index.has(item.id)) throw new TypeError(`${item.id}: occurs twice`);
    index.set(item.id, item);
  }
  return index;
}

import type { AreaId, FacilityId, FeedId, LocalText, RegionId } from '#contract/ids.ts';
import type { LimitInfo, LiveRegistry } from '#contract/live.ts';
import type { Area, Facility, Region } from '#contract/nation.ts';

/** The registry, indexed once; another object when the server knows another one. */
export interface Registry {
  version: string;
  nation: LiveRegistry['nation'];
  regions: readonly Region[];
  facilities: readonly Facility[];
  /** In the order of regions, then facilities, then as the registry lists them: the wall's order on a calm day. */
  areas: readonly Area[];
  regionById: Readonly<Record<RegionId, Region>>;
  facilityById: Readonly<Record<FacilityId, Facility>>;
  areaById: Readonly<Record<AreaId, Area>>;
  areasByFacility: Readonly<Record<FacilityId, readonly Area[]>>;
  /** By {@link limitKey}. */
  limits: Readonly<Record<string, LimitInfo>>;
}

export function limitKey({ normSet, limit }: { normSet: string; limit: string }): string {
  return `${normSet}/${limit}`;
}

export function indexRegistry(wire: LiveRegistry): Registry {
  const regionRank = rankById(wire.regions);
  const facilities = wire.facilities.toSorted(
    (a, b) => rank(regionRank, a.regionId) - rank(regionRank, b.regionId),
  );
  const facilityRank = rankById(facilities);
  const areas = wire.areas.toSorted(
    (a, b) => rank(facilityRank, a.facilityId) - rank(facilityRank, b.facilityId),
  );
  return {
    version: wire.version,
    nation: wire.nation,
    regions: wire.regions,
    facilities,
    areas,
    regionById: byId(wire.regions),
    facilityById: byId(facilities),
    areaById: byId(areas),
    areasByFacility: Object.fromEntries(Map.groupBy(areas, (area) => area.facilityId)),
    limits: Object.fromEntries(wire.limits.map((limit) => [limitKey(limit), limit])),
  };
}

/** Kinds of rules that no clock runs under. */
const WITHOUT_CLOCK: ReadonlySet<LimitInfo['kind']> = new Set(['check', 'space', 'separation']);

/** Norm sets that clocks run under, in a fixed order. */
export function clockNormSets({ limits }: Pick<Registry, 'limits'>): readonly string[] {
  const clocks = Object.values(limits).filter(({ kind }) => !WITHOUT_CLOCK.has(kind));
  return [...new Set(clocks.map(({ normSet }) => normSet))].sort();
}

/** What people call a norm set. */
export function normSetName({ limits }: Pick<Registry, 'limits'>, normSet: string): LocalText | undefined {
  return Object.values(limits).find((limit) => limit.normSet === normSet)?.normName;
}

/** The feed that a tile shows: an area's first. */
export function mainFeedId(area: Area): FeedId | undefined {
  return area.feeds[0]?.id;
}

function byId<T extends { id: string }>(items: readonly T[]): Record<string, T> {
  const records: Record<string, T> = {};
  for (const item of items) records[item.id] = item;
  return records;
}

function rankById(items: readonly { id: string }[]): ReadonlyMap<string, number> {
  return new Map(items.map(({ id }, index) => [id, index]));
}

function rank(ranks: ReadonlyMap<string, number>, id: string): number {
  return ranks.get(id) ?? Number.MAX_SAFE_INTEGER;
}

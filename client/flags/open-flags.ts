import { type AreaFilter, matchesFilter } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId, FacilityId, FlagId, RegionId } from '#contract/ids.ts';
import type { AreaRow } from '../store/facts.ts';
import type { LiveState } from '../store/live-store.ts';
import { compareRanked, liveOf, type RankedFlag, type RegionLive, rankFlag } from '../store/region-sync.ts';

/**
 * All open flags that the page knows, most severe first, then oldest first. The same list as long as none changed. What
 * has changed is taken out and put in at its place: of tens of thousands of flags only some change in a second.
 */
export function createOpenFlags(): (state: LiveState) => readonly Flag[] {
  let known: ReadonlyMap<RegionId, RegionFlags> = new Map();
  let ranked: readonly RankedFlag[] = [];
  let flags: readonly Flag[] = [];
  return ({ regions }) => {
    const now = new Map(
      Object.entries(regions).map(([id, sync]) => [id, liveOf(sync)?.flags ?? NO_FLAGS] as const),
    );
    const { gone, come } = changesBetween(known, now);
    known = now;
    if (gone.size === 0 && come.length === 0) return flags;
    ranked = merge(
      ranked.filter(({ flag }) => !gone.has(flag)),
      come.map(rankFlag).sort(compareRanked),
    );
    flags = ranked.map(({ flag }) => flag);
    return flags;
  };
}

const NO_FLAGS: RegionFlags = new Map();

/** Flags that are no longer there, and those that are there anew; one that has changed is both. */
function changesBetween(
  before: ReadonlyMap<RegionId, RegionFlags>,
  now: ReadonlyMap<RegionId, RegionFlags>,
): { gone: ReadonlySet<Flag>; come: Flag[] } {
  const gone = new Set<Flag>();
  const come: Flag[] = [];
  for (const regionId of new Set([...before.keys(), ...now.keys()])) {
    const [were, are] = [before.get(regionId) ?? NO_FLAGS, now.get(regionId) ?? NO_FLAGS];
    if (were === are) continue;
    for (const [id, flag] of were) if (are.get(id) !== flag) gone.add(flag);
    for (const [id, flag] of are) if (were.get(id) !== flag) come.push(flag);
  }
  return { gone, come };
}

/** Two lists in order as one. */
function merge(long: readonly RankedFlag[], short: readonly RankedFlag[]): readonly RankedFlag[] {
  const merged: RankedFlag[] = [];
  let at = 0;
  for (const one of short) {
    for (let next = long[at]; next && compareRanked(next, one) <= 0; next = long[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(one);
  }
  return merged.concat(long.slice(at));
}

type RegionFlags = RegionLive['flags'];

/** An open flag by its id, without looking through all of them. */
export function openFlagOf({ regions }: Pick<LiveState, 'regions'>, id: FlagId): Flag | undefined {
  for (const sync of Object.values(regions)) {
    const flag = liveOf(sync)?.flags.get(id);
    if (flag) return flag;
  }
  return undefined;
}

interface Within {
  /** Whether an area matches the filter. */
  isMatched(areaId: AreaId): boolean;
  filter: AreaFilter;
  /** The areas of a facility; asked for only when there is a flag on the whole of it. */
  rowsOf(facilityId: FacilityId): readonly AreaRow[];
  nowMs: number;
}

/**
 * Flags that a filter lets through: those of areas that match; those on a whole facility that has an area which would
 * match, were the flag its own.
 */
export function flagsWithin(
  flags: readonly Flag[],
  { isMatched, filter, rowsOf, nowMs }: Within,
): readonly Flag[] {
  return flags.filter(({ areaId, facilityId, severity }) => {
    if (areaId !== undefined) return isMatched(areaId);
    return rowsOf(facilityId).some((row) =>
      matchesFilter({ ...row, flagSeverities: [severity] }, filter, nowMs),
    );
  });
}

/** Flags that are shown as one. */
export interface FlagGroup {
  key: string;
  flags: readonly [Flag, ...Flag[]];
}

/** From this many flags on, alike ones are shown as one. */
export const GROUP_FROM = 8;

/**
 * Gathers flags that say the same: one level, one category, one facility. In a burst the region is place enough. Those
 * that somebody took stay apart from those that nobody did. The order of the first of each group stays.
 */
export function groupFlags(flags: readonly Flag[]): readonly FlagGroup[] {
  if (flags.length < GROUP_FROM) return flags.map((flag) => ({ key: flag.id, flags: [flag] }));
  return (
    gather(flags, (flag) => flag.facilityId, 2 * GROUP_FROM) ?? gather(flags, (flag) => flag.regionId) ?? []
  );
}

/** Whether two flags say the same: one level, one category, and both taken or neither. */
export function isAlike(a: Flag, b: Flag): boolean {
  return a.category === b.category && likenessOf(a) === likenessOf(b);
}

/** Level, and whether somebody took it, as one number. */
function likenessOf({ severity, state }: Flag): number {
  return 2 * severity + Number(state === 'raised');
}

type Gathered = { key: string; flags: [Flag, ...Flag[]] };

/** Groups in the order of their first flags; undefined where there would be `tooMany` of them. Thousands of flags take no time. */
function gather(
  flags: readonly Flag[],
  placeOf: (flag: Flag) => string,
  tooMany = Infinity,
): readonly FlagGroup[] | undefined {
  const groups: Gathered[] = [];
  const known = new Map<string, Map<string, (Gathered | undefined)[]>>();
  for (const flag of flags) {
    const place = placeOf(flag);
    const byCategory = known.get(place) ?? new Map<string, (Gathered | undefined)[]>();
    known.set(place, byCategory);
    const byLikeness = byCategory.get(flag.category) ?? [];
    byCategory.set(flag.category, byLikeness);
    const likeness = likenessOf(flag);
    const group = byLikeness[likeness];
    if (group) group.flags.push(flag);
    else {
      if (groups.length + 1 >= tooMany) return undefined;
      const made: Gathered = { key: `${likeness}/${flag.category}/${place}`, flags: [flag] };
      byLikeness[likeness] = made;
      groups.push(made);
    }
  }
  return groups;
}

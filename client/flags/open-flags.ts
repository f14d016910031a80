import { type AreaFilter, matchesFilter } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId, FacilityId } from '#contract/ids.ts';
import type { AreaRow } from '../store/facts.ts';
import type { LiveState } from '../store/live-store.ts';
import { liveOf, sortFlags } from '../store/region-sync.ts';

/** All open flags that the page knows, most severe first, then oldest first. The same list as long as none changed. */
export function createOpenFlags(): (state: LiveState) => readonly Flag[] {
  let before: readonly unknown[] = [];
  let flags: readonly Flag[] = [];
  return ({ regions }) => {
    const records = Object.values(regions).map((sync) => liveOf(sync)?.flags);
    if (records.length === before.length && records.every((record, index) => record === before[index]))
      return flags;
    before = records;
    flags = sortFlags(records.flatMap((record) => Object.values(record ?? {})));
    return flags;
  };
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
  const byFacility = gather(flags, (flag) => flag.facilityId);
  return byFacility.length < 2 * GROUP_FROM ? byFacility : gather(flags, (flag) => flag.regionId);
}

/** Whether two flags say the same: one level, one category, and both taken or neither. */
export function isAlike(a: Flag, b: Flag): boolean {
  return likenessOf(a) === likenessOf(b);
}

function likenessOf({ severity, category, state }: Flag): string {
  return [severity, category, state === 'raised'].join('/');
}

function gather(flags: readonly Flag[], placeOf: (flag: Flag) => string): readonly FlagGroup[] {
  const groups = Map.groupBy(flags, (flag) => `${likenessOf(flag)}/${placeOf(flag)}`);
  return [...groups].flatMap(([key, [first, ...others]]) =>
    first ? [{ key, flags: [first, ...others] as const }] : [],
  );
}

import { type AreaFilter, MAX_PLACES, NO_FILTER } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';

/**
 * The filter that lets through where some flags are, and nothing else: their areas, and all of a facility that a flag is on
 * as a whole. More than a filter can name are asked for by facility, or by region, where areas alone have flags with a level
 * that none of these is below: it lets through more than was asked for, but never less.
 */
export function filterTo(flags: readonly [Flag, ...Flag[]]): AreaFilter {
  const exact = unique(flags.map(({ areaId, facilityId }) => areaId ?? facilityId));
  if (exact.length <= MAX_PLACES) return { ...NO_FILTER, place: exact };
  const facilities = unique(flags.map(({ facilityId }) => facilityId));
  const place = facilities.length <= MAX_PLACES ? facilities : unique(flags.map(({ regionId }) => regionId));
  // A flag on a whole facility is none of its areas' own.
  if (flags.some(({ areaId }) => areaId === undefined)) return { ...NO_FILTER, place };
  const { severity } = flags.reduce((least, flag) => (flag.severity > least.severity ? flag : least));
  return { ...NO_FILTER, place, flag: `${severity}` };
}

function unique<T>(all: readonly T[]): T[] {
  return [...new Set(all)];
}

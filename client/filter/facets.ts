import {
  AreaCondition,
  type AreaFilter,
  ClockLevel,
  FindingKind,
  FlagLevel,
  Occupancy,
  SpaceLevel,
} from '#contract/area-filter.ts';
import { FeedState } from '#contract/feeds.ts';
import { AreaKind, FacilityKind, FeedSource } from '#contract/nation.ts';
import { Vulnerability } from '#contract/status.ts';

/** Parts of the filter whose values are chosen; the text is typed. */
export type Facet = Exclude<keyof AreaFilter, 'text'>;

/** Facets that have a bit for each of their values in a number; there can be more places than a number has bits. */
export type BitFacet = Exclude<Facet, 'region' | 'place'>;

/** Facets whose values are the contract's; those of `region` and `normSet` are the nation's. */
export const FACET_VALUES = {
  facilityKind: FacilityKind.options,
  kind: AreaKind.options,
  occupancy: Occupancy.options,
  status: AreaCondition.options,
  clock: ClockLevel.options,
  flag: FlagLevel.options,
  space: SpaceLevel.options,
  finding: FindingKind.options,
  vulnerability: Vulnerability.options,
  feedState: FeedState.options,
  feedSource: FeedSource.options,
} as const satisfies Record<Exclude<BitFacet, 'normSet'>, readonly string[]>;

export const BIT_FACETS: readonly BitFacet[] = [
  ...(Object.keys(FACET_VALUES) as (keyof typeof FACET_VALUES)[]),
  'normSet',
];

/** No area has it: the bit of a value that is asked for and that nobody knows. */
export const UNKNOWN_BIT = 1 << 31;

/** The bit of a value among a facet's values. */
export function bitOf(values: readonly string[], value: string): number {
  const place = values.indexOf(value);
  return place < 0 || place > 30 ? UNKNOWN_BIT : 1 << place;
}

/** What a filter asks of a facet. */
export function valuesOf(filter: AreaFilter, facet: Facet): readonly string[] {
  const value = filter[facet];
  if (value === null) return [];
  return typeof value === 'string' ? [value] : value;
}

import { type AreaFilter, ClockLevel, FindingKind, Occupancy } from '#contract/area-filter.ts';
import { AreaKind, FacilityKind, FeedSource } from '#contract/nation.ts';
import { FeedState, Vulnerability } from '#contract/status.ts';

/** Parts of the filter that a person chooses from a list; the text is beside them. */
export type Facet = Exclude<keyof AreaFilter, 'text'>;

/** One thing that is asked for, such as "region is UA-68". */
export interface Condition {
  facet: Facet;
  value: string;
}

/** What can be chosen, in the order in which an operator thinks; regions come from the registry. */
export const CHOICES = {
  occupancy: Occupancy.options,
  clock: ClockLevel.options,
  flag: ['open', '1', '2', '3'],
  space: ['amber', 'red'],
  finding: FindingKind.options,
  vulnerability: Vulnerability.options,
  feedState: FeedState.options,
  kind: AreaKind.options,
  facilityKind: FacilityKind.options,
  feedSource: FeedSource.options,
} as const satisfies Record<Exclude<Facet, 'region'>, readonly string[]>;

const ORDER: readonly Facet[] = [
  'region',
  'facilityKind',
  'kind',
  'occupancy',
  'clock',
  'flag',
  'space',
  'finding',
  'vulnerability',
  'feedState',
  'feedSource',
];

/** Everything that a filter asks for, one by one. */
export function conditionsOf(filter: AreaFilter): Condition[] {
  return ORDER.flatMap((facet) => valuesOf(filter, facet).map((value) => ({ facet, value })));
}

export function valuesOf(filter: AreaFilter, facet: Facet): readonly string[] {
  const value = filter[facet];
  if (value === null) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The change that asks for a value, or no longer does. */
export function toggled(filter: AreaFilter, { facet, value }: Condition): Partial<AreaFilter> {
  const values = valuesOf(filter, facet);
  const has = values.includes(value);
  if (facet === 'clock' || facet === 'flag' || facet === 'space') return { [facet]: has ? null : value };
  return { [facet]: has ? values.filter((one) => one !== value) : [...values, value] };
}

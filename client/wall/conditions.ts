import type { AreaFilter } from '#contract/area-filter.ts';
import { FACET_VALUES, type Facet, valuesOf } from '../filter/facets.ts';

/** One thing that is asked for, such as "region is UA-68". */
export interface Condition {
  facet: Facet;
  value: string;
}

/** What can be chosen, in the order in which an operator thinks; regions and norm sets come from the registry. */
export const CHOICES = {
  status: FACET_VALUES.status,
  clock: FACET_VALUES.clock,
  flag: ['open', '1', '2', '3'],
  occupancy: FACET_VALUES.occupancy,
  vulnerability: FACET_VALUES.vulnerability,
  space: ['amber', 'red'],
  finding: FACET_VALUES.finding,
  feedState: FACET_VALUES.feedState,
  kind: FACET_VALUES.kind,
  facilityKind: FACET_VALUES.facilityKind,
  feedSource: FACET_VALUES.feedSource,
} as const satisfies Record<Exclude<Facet, 'region' | 'place' | 'normSet'>, readonly string[]>;

const ORDER: readonly Facet[] = [
  'region',
  'facilityKind',
  'kind',
  'occupancy',
  'status',
  'clock',
  'flag',
  'space',
  'finding',
  'vulnerability',
  'feedState',
  'feedSource',
  'normSet',
];

/** Everything that a filter asks for, one by one. */
export function conditionsOf(filter: AreaFilter): Condition[] {
  return ORDER.flatMap((facet) => valuesOf(filter, facet).map((value) => ({ facet, value }))).concat(
    placesOf(filter),
  );
}

/** Places are left together: one condition, whose value is the only one, or how many they are. */
function placesOf({ place }: AreaFilter): Condition[] {
  const [first, ...others] = place;
  if (first === undefined) return [];
  return [{ facet: 'place', value: others.length === 0 ? first : String(place.length) }];
}

/** Facets that ask for at least a level: one of them at a time. */
const LEVELS: readonly Facet[] = ['clock', 'flag', 'space'];

export function isLevel(facet: Facet): boolean {
  return LEVELS.includes(facet);
}

/** The change that asks for a value, or no longer does. */
export function toggled(filter: AreaFilter, { facet, value }: Condition): Partial<AreaFilter> {
  if (facet === 'place') return { place: [] };
  const values = valuesOf(filter, facet);
  const has = values.includes(value);
  if (isLevel(facet)) return { [facet]: has ? null : value };
  return { [facet]: has ? values.filter((one) => one !== value) : [...values, value] };
}

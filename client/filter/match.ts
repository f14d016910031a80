import type { AreaFilter } from '#contract/area-filter.ts';
import type { Country } from '../store/country.ts';
import { BIT_FACETS, type BitFacet, bitOf, FACET_VALUES, type Facet, valuesOf } from './facets.ts';
import type { Search } from './search.ts';

/**
 * How many areas there would be for each value of each facet, if it were chosen beside what the other facets ask for. Of
 * places facilities are counted.
 */
export type FacetCounts = ReadonlyMap<Facet, ReadonlyMap<string, number>>;

/** A filter, ready to be asked of every area. The country is to be up to date, its time too. */
interface Asked {
  /** 1 for each region that is asked for; undefined when all are. */
  region: Uint8Array | undefined;
  bits: readonly { facet: BitFacet; column: Uint32Array; wanted: number }[];
  /** 1 where an area is one of the places, or lies in one; undefined when none is asked for. */
  within: Uint8Array | undefined;
  /** 1 where the text is found; undefined when there is none. */
  found: Uint8Array | undefined;
}

/** For each place 1 where the area passes. The country has to know what is live, and what time it is. */
export function matchAreas(country: Country, filter: AreaFilter, search: Search): Uint8Array {
  const { region, bits, within, found } = ask(country, filter, search);
  const { length } = country.areas;
  const passes = found ? found.slice() : new Uint8Array(length).fill(1);
  if (region)
    for (let place = 0; place < length; place += 1)
      if (region[country.region[place] ?? 0] === 0) passes[place] = 0;
  if (within) for (let place = 0; place < length; place += 1) if (within[place] === 0) passes[place] = 0;
  for (const { column, wanted } of bits)
    for (let place = 0; place < length; place += 1)
      if (((column[place] ?? 0) & wanted) === 0) passes[place] = 0;
  return passes;
}

/** Counts every value of every facet in one pass: an area counts for a facet if it passes all the others. */
export function countFacets(country: Country, filter: AreaFilter, search: Search): FacetCounts {
  const { region, bits, within, found } = ask(country, filter, search);
  const { length } = country.areas;
  const facilities = new Uint32Array(country.registry.facilities.length);
  const regions = new Uint32Array(country.registry.regions.length);
  const columns = BIT_FACETS.map((facet) => ({
    facet,
    column: country.bits[facet],
    counts: new Uint32Array(32),
  }));
  for (let place = 0; place < length; place += 1) {
    if (found?.[place] === 0) continue;
    let [failed, failing]: [Facet | undefined, number] = [undefined, 0];
    if (region && region[country.region[place] ?? 0] === 0) [failed, failing] = ['region', 1];
    if (within?.[place] === 0) [failed, failing] = ['place', failing + 1];
    if (failing > 1) continue;
    for (const { facet, column, wanted } of bits) {
      if (((column[place] ?? 0) & wanted) !== 0) continue;
      failed = facet;
      failing += 1;
      if (failing > 1) break;
    }
    if (failing > 1) continue;
    if (failing === 0 || failed === 'region') add(regions, country.region[place] ?? 0);
    if (failing === 0 || failed === 'place') add(facilities, country.facility[place] ?? 0);
    for (const { facet, column, counts } of columns)
      if (failing === 0 || failed === facet) addBits(counts, column[place] ?? 0);
  }
  const named = (values: readonly string[], counts: Uint32Array) =>
    new Map(values.map((value, place) => [value, counts[place] ?? 0]));
  return new Map<Facet, ReadonlyMap<string, number>>([
    ['region', named(idsOf(country.registry.regions), regions)],
    ['place', named(idsOf(country.registry.facilities), facilities)],
    ...columns.map(({ facet, counts }) => [facet, named(valuesIn(country, facet), counts)] as const),
  ]);
}

/** All values that a facet has in a country. */
export function valuesIn({ normSets }: Pick<Country, 'normSets'>, facet: BitFacet): readonly string[] {
  return facet === 'normSet' ? normSets : FACET_VALUES[facet];
}

function ask(country: Country, filter: AreaFilter, search: Search): Asked {
  const bits = BIT_FACETS.flatMap((facet) => {
    const values = valuesOf(filter, facet);
    const known = valuesIn(country, facet);
    const wanted = values.reduce((all, value) => all | bitOf(known, value), 0);
    return values.length === 0 ? [] : [{ facet, column: country.bits[facet], wanted }];
  });
  const region =
    filter.region.length === 0
      ? undefined
      : Uint8Array.from(country.registry.regions, ({ id }) => Number(filter.region.includes(id)));
  const within = filter.place.length === 0 ? undefined : placesWithin(country, new Set(filter.place));
  return { region, bits, within, found: search.find(filter.text) };
}

/** 1 where an area is one of these places, or lies in one of them. */
function placesWithin({ facility, registry, placeOf }: Country, places: ReadonlySet<string>): Uint8Array {
  const ofFacility = Uint8Array.from(registry.facilities, ({ id, regionId }) =>
    Number(places.has(id) || places.has(regionId)),
  );
  const within = Uint8Array.from(facility, (place) => ofFacility[place] ?? 0);
  for (const id of places) {
    const place = placeOf(id);
    if (place !== undefined) within[place] = 1;
  }
  return within;
}

function idsOf(items: readonly { id: string }[]): readonly string[] {
  return items.map(({ id }) => id);
}

function add(counts: Uint32Array, place: number): void {
  counts[place] = (counts[place] ?? 0) + 1;
}

function addBits(counts: Uint32Array, bits: number): void {
  for (let rest = bits; rest !== 0; rest &= rest - 1) add(counts, 31 - Math.clz32(rest & -rest));
}

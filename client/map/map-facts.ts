import type { Flag } from '#contract/flags.ts';
import type { FacilityId } from '#contract/ids.ts';
import type { Area, Facility, Region } from '#contract/nation.ts';
import type { Country } from '../store/country.ts';
import { areaRank, isLoud, type Measure, rankOf, signAt } from './measure.ts';

/** What areas that match the filter have in common, all together. */
export interface Sums {
  /** Of the worst of them, by the measure that is shown; see `SIGNS`. */
  rank: number;
  /** Areas that are as bad as that. */
  worstAreas: number;
  areas: number;
  headcount: number;
  flags: number;
  /** The least room that anybody has, in m²; Infinity where nothing is known. */
  leastM2: number;
}

export interface AreaFacts extends Sums {
  area: Area;
}

export interface FacilityFacts extends Sums {
  facility: Facility;
}

export interface RegionFacts extends Sums {
  region: Region;
  facilities: number;
}

export interface MapFacts {
  measure: Measure;
  /** Facilities that have an area that matches, or a flag of their own. */
  facilities: readonly FacilityFacts[];
  /** All others. */
  others: readonly Facility[];
  /** All regions, those without a facility too. */
  regions: readonly RegionFacts[];
  /** The areas of one facility that match, as they are now. */
  areasOf(facilityId: FacilityId): readonly AreaFacts[];
}

interface Wish {
  measure: Measure;
  /** 1 for each area that matches; undefined when all do. */
  passes: Uint8Array | undefined;
  /** Open flags within the filter; of these, those on a whole facility are counted beside its areas' own. */
  flags?: readonly Flag[];
}

/**
 * Adds up what matches, by facility and by region, in one pass over the columns. The country is to be up to date, its time
 * too.
 */
export function mapFacts(country: Country, { measure, passes, flags = [] }: Wish): MapFacts {
  const { registry } = country;
  const places = registry.facilities.map(() => nothing(measure));
  for (let place = 0; place < country.areas.length; place += 1) {
    if (passes !== undefined && passes[place] !== 1) continue;
    const sums = places[country.facility[place] ?? 0];
    if (!sums) continue;
    addRank(sums, areaRank(country, measure, place), 1);
    sums.areas += 1;
    sums.headcount += country.headcount[place] ?? 0;
    sums.flags += country.flags[place] ?? 0;
    sums.leastM2 = Math.min(sums.leastM2, country.m2[place] ?? Infinity);
  }
  const placeOf = new Map(registry.facilities.map(({ id }, place) => [id, place]));
  for (const { areaId, facilityId, severity } of flags) {
    const sums = areaId === undefined ? places[placeOf.get(facilityId) ?? -1] : undefined;
    if (!sums) continue;
    if (measure === 'state') addRank(sums, rankOf('state', `${severity}`), 0);
    sums.flags += 1;
  }
  const facilities: FacilityFacts[] = [];
  const others: Facility[] = [];
  registry.facilities.forEach((facility, place) => {
    const sums = places[place];
    if (sums && (sums.areas > 0 || sums.flags > 0)) facilities.push({ facility, ...sums });
    else others.push(facility);
  });
  return {
    measure,
    facilities,
    others,
    regions: sumRegions(registry.regions, facilities, measure),
    areasOf: (facilityId) =>
      (registry.areasByFacility[facilityId] ?? []).flatMap((area) => {
        const place = country.placeOf(area.id);
        if (place === undefined || (passes !== undefined && passes[place] !== 1)) return [];
        return [{ area, ...areaSums(country, measure, place) }];
      }),
  };
}

function areaSums(country: Country, measure: Measure, place: number): Sums {
  return {
    rank: areaRank(country, measure, place),
    worstAreas: 1,
    areas: 1,
    headcount: country.headcount[place] ?? 0,
    flags: country.flags[place] ?? 0,
    leastM2: country.m2[place] ?? Infinity,
  };
}

function sumRegions(
  regions: readonly Region[],
  facilities: readonly FacilityFacts[],
  measure: Measure,
): RegionFacts[] {
  const own = Map.groupBy(facilities, ({ facility }) => facility.regionId);
  return regions.map((region) => {
    const within = own.get(region.id) ?? [];
    return { region, facilities: within.length, ...sumOf(within, measure) };
  });
}

/** Several places as one: as bad as the worst of them. */
export function sumOf(parts: readonly Sums[], measure: Measure): Sums {
  const sums = nothing(measure);
  for (const part of parts) {
    addRank(sums, part.rank, part.worstAreas);
    sums.areas += part.areas;
    sums.headcount += part.headcount;
    sums.flags += part.flags;
    sums.leastM2 = Math.min(sums.leastM2, part.leastM2);
  }
  return sums;
}

function nothing(measure: Measure): Sums {
  const rank = rankOf(measure, 'unknown');
  return { rank, worstAreas: 0, areas: 0, headcount: 0, flags: 0, leastM2: Infinity };
}

function addRank(sums: Sums, rank: number, areas: number): void {
  if (rank < sums.rank) {
    sums.rank = rank;
    sums.worstAreas = areas;
  } else if (rank === sums.rank) sums.worstAreas += areas;
}

/** The number beside a sign: how many flags, how many areas are as bad as that, or how little room there is. */
export function numberOf(measure: Measure, sums: Sums): number | undefined {
  if (measure === 'space') return Number.isFinite(sums.leastM2) ? sums.leastM2 : undefined;
  if (!isLoud(measure, sums.rank)) return undefined;
  return measure === 'state' && sums.flags > 0 ? sums.flags : sums.worstAreas;
}

/** Whether anything was heard of who is there: if not, that nobody was counted does not say that nobody is there. */
export function isHeard({ headcount, rank }: Pick<Sums, 'headcount' | 'rank'>, measure: Measure): boolean {
  return headcount > 0 || signAt(measure, rank) !== 'unknown';
}

/** Whether a region sends data at all. */
export function isReporting({ status }: Pick<Region, 'status'>): boolean {
  return status === 'reporting';
}

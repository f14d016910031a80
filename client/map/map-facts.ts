import type { Flag, Severity } from '#contract/flags.ts';
import type { AreaId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Facility, Region } from '#contract/nation.ts';
import type { Country } from '../store/country.ts';

/** The worst that there is in a place: the most severe open flag, people whose video is gone, or nothing. */
export type Worst = Severity | 'unseen' | 'calm';

/** A facility as the map shows it: its areas that match the filter, all together. */
export interface FacilityFacts {
  facility: Facility;
  worst: Worst;
  flags: number;
  headcount: number;
  areas: number;
}

export interface RegionFacts {
  region: Region;
  worst: Worst;
  flags: number;
  headcount: number;
  areas: number;
  facilities: number;
}

export interface MapFacts {
  /** Facilities that have an area that matches, or a flag of their own. */
  facilities: readonly FacilityFacts[];
  /** All others. */
  others: readonly Facility[];
  /** All regions, those without a facility too. */
  regions: readonly RegionFacts[];
}

const RANK: Readonly<Record<Worst, number>> = { 1: 0, 2: 1, unseen: 2, 3: 3, 4: 4, calm: 5 };

export function worse(a: Worst, b: Worst): Worst {
  return RANK[a] <= RANK[b] ? a : b;
}

/** From worst to calm, for lists and for what is drawn last. */
export function compareWorst(a: Worst, b: Worst): number {
  return RANK[a] - RANK[b];
}

const NOTHING: Omit<FacilityFacts, 'facility'> = { worst: 'calm', flags: 0, headcount: 0, areas: 0 };

/** What of an area goes into its facility's mark. */
export interface AreaOnMap {
  facility: Facility;
  /** Of the worst open flag. */
  severity: Severity | undefined;
  isUnseen: boolean;
  flags: number;
  headcount: number;
}

interface Sources {
  regions: readonly Region[];
  facilities: readonly Facility[];
  /** Those that match. */
  areas: Iterable<AreaOnMap>;
  /** Open flags within the filter; of these, those on a whole facility are counted beside its areas' own. */
  flags?: readonly Flag[];
}

/** Adds up what matches, by facility and by region. */
export function mapFacts({ regions, facilities, areas, flags = [] }: Sources): MapFacts {
  const byFacility = new Map<FacilityId, FacilityFacts>();
  const add = (facility: Facility, more: Omit<FacilityFacts, 'facility'>) => {
    const before = byFacility.get(facility.id) ?? NOTHING;
    byFacility.set(facility.id, {
      facility,
      worst: worse(before.worst, more.worst),
      flags: before.flags + more.flags,
      headcount: before.headcount + more.headcount,
      areas: before.areas + more.areas,
    });
  };
  for (const area of areas)
    add(area.facility, { worst: worstOf(area), flags: area.flags, headcount: area.headcount, areas: 1 });
  const facilityById = new Map(facilities.map((facility) => [facility.id, facility]));
  for (const { areaId, facilityId, severity } of flags) {
    const facility = areaId === undefined ? facilityById.get(facilityId) : undefined;
    if (facility) add(facility, { ...NOTHING, worst: severity, flags: 1 });
  }
  const found = [...byFacility.values()];
  return {
    facilities: found,
    others: facilities.filter(({ id }) => !byFacility.has(id)),
    regions: regions.map((region) => regionFacts(region, found)),
  };
}

/** The areas of a country that match, as the map counts them. */
export function* areasOnMap(country: Country, isMatched: (areaId: AreaId) => boolean): Generator<AreaOnMap> {
  const { areas, facility: facilityOf, registry, headcount, severity, flags, unseen } = country;
  for (const [place, { id }] of areas.entries()) {
    const facility = isMatched(id) ? registry.facilities[facilityOf[place] ?? 0] : undefined;
    if (!facility) continue;
    yield {
      facility,
      severity: SEVERITIES[severity[place] ?? 0],
      isUnseen: unseen[place] === 1,
      flags: flags[place] ?? 0,
      headcount: headcount[place] ?? 0,
    };
  }
}

const SEVERITIES = [undefined, 1, 2, 3, 4] as const;

function regionFacts(region: Region, facilities: readonly FacilityFacts[]): RegionFacts {
  const own = facilities.filter(({ facility }) => facility.regionId === region.id);
  const sum = (count: (facts: FacilityFacts) => number) =>
    own.reduce((total, facts) => total + count(facts), 0);
  return {
    region,
    worst: own.reduce<Worst>((worst, facts) => worse(worst, facts.worst), 'calm'),
    flags: sum(({ flags }) => flags),
    headcount: sum(({ headcount }) => headcount),
    areas: sum(({ areas }) => areas),
    facilities: own.length,
  };
}

function worstOf({ severity, isUnseen }: AreaOnMap): Worst {
  return worse(severity ?? 'calm', isUnseen ? 'unseen' : 'calm');
}

/** Whether a region sends data at all. */
export function isReporting({ status }: { id: RegionId; status: Region['status'] }): boolean {
  return status === 'reporting';
}

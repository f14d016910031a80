import { polygonContains } from 'd3-polygon';
import { isWithin, type PlaceId } from '#contract/area-filter.ts';
import type { Facility } from '#contract/nation.ts';
import type { Country } from '../store/country.ts';

/** Places that somebody picks on the map or in its list, to look at them on the wall. */
export type Choice = ReadonlySet<PlaceId>;

/** Something that stands on the screen, in CSS pixels. */
export interface OnScreen {
  x: number;
  y: number;
  places: readonly PlaceId[];
}

/** The places of everything whose middle lies within a line that was drawn around it; the line closes itself. */
export function placesWithin(line: readonly [number, number][], marks: readonly OnScreen[]): PlaceId[] {
  if (line.length < 3) return [];
  const polygon = [...line];
  return marks.filter(({ x, y }) => polygonContains(polygon, [x, y])).flatMap(({ places }) => places);
}

/** Adds a facility or takes it out again; of a region that was chosen as a whole the others stay. */
export function toggledFacility(
  choice: Choice,
  facility: Pick<Facility, 'id' | 'regionId'>,
  all: readonly Facility[],
): Choice {
  const { id, regionId } = facility;
  const next = new Set(choice);
  if (next.delete(regionId)) for (const other of facilitiesIn(all, regionId)) next.add(other);
  else if (!next.has(id)) return next.add(id);
  next.delete(id);
  return next;
}

/** Adds a whole region, or takes out all that is in it. */
export function toggledRegion(choice: Choice, regionId: string, all: readonly Facility[]): Choice {
  const next = new Set(choice);
  const isWhole = next.delete(regionId);
  for (const id of facilitiesIn(all, regionId)) next.delete(id);
  return isWhole ? next : next.add(regionId);
}

/** The same in as few names as there are: a region whose facilities were all chosen is named once. */
export function inShort(choice: Choice, { areas, registry }: Pick<Country, 'areas' | 'registry'>): PlaceId[] {
  const next = new Set(choice);
  for (const { id: regionId } of registry.regions) {
    const own = facilitiesIn(registry.facilities, regionId);
    if (next.has(regionId) || (own.length > 0 && own.every((id) => next.has(id)))) {
      for (const id of own) next.delete(id);
      next.add(regionId);
    }
  }
  for (const { id, facilityId, regionId } of areas)
    if (next.has(id) && (next.has(facilityId) || next.has(regionId))) next.delete(id);
  return [...next].sort();
}

/** How many areas that match lie in what was chosen. */
export function countAreas(
  choice: Choice,
  { areas }: Pick<Country, 'areas'>,
  passes: Uint8Array | undefined,
): number {
  if (choice.size === 0) return 0;
  let count = 0;
  areas.forEach((area, place) => {
    if ((passes === undefined || passes[place] === 1) && isWithin(area, choice)) count += 1;
  });
  return count;
}

function facilitiesIn(all: readonly Facility[], regionId: string): string[] {
  return all.filter((facility) => facility.regionId === regionId).map(({ id }) => id);
}

/** Whether all that a sign stands for was chosen, by itself or with something larger. */
export function isChosen(
  choice: Choice,
  { places, within }: { places: readonly PlaceId[]; within: readonly PlaceId[] },
): boolean {
  return within.some((place) => choice.has(place)) || places.every((place) => choice.has(place));
}

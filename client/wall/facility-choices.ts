import { MAX_PLACES, toSearchable } from '#contract/area-filter.ts';
import type { LocalText } from '#contract/ids.ts';
import type { Facility } from '#contract/nation.ts';
import { wordsOf } from '../filter/search.ts';

/** Facilities that are offered at a time, beside the chosen ones. */
const MOST = 8;

interface Wish {
  /** What a facility is looked for by; each word has to stand in its names or its region's. */
  text: string;
  /** Places that are asked for; ids of other places than facilities are passed over. */
  chosen: readonly string[];
  /** Areas that each facility would show; undefined while nobody knows. */
  counts: ReadonlyMap<string, number> | undefined;
  regionName(regionId: string): LocalText | undefined;
}

/** The chosen facilities, then those with most areas among the others that a text is about; `more`: how many are left out. */
export function facilityChoices(
  facilities: readonly Facility[],
  { text, chosen, counts, regionName }: Wish,
): { shown: readonly Facility[]; more: number } {
  const words = wordsOf(text);
  const isAbout = ({ name, shortName, regionId }: Facility) => {
    if (words.length === 0) return true;
    const names = [name, shortName, regionName(regionId)].flatMap((of) => (of ? [of.uk, of.en] : []));
    const said = toSearchable(names.join('\n'));
    return words.every((word) => said.includes(word));
  };
  const picked = facilities.filter(({ id }) => chosen.includes(id));
  const countOf = ({ id }: Facility) => counts?.get(id) ?? 0;
  const others = facilities
    .filter((facility) => !chosen.includes(facility.id) && isAbout(facility))
    .toSorted((a, b) => countOf(b) - countOf(a));
  return { shown: [...picked, ...others.slice(0, MOST)], more: Math.max(0, others.length - MOST) };
}

/** The places of a filter with a facility among them, or without it; as they are when there is no room for one more. */
export function withFacility(place: readonly string[], facilityId: string): string[] {
  if (place.includes(facilityId)) return place.filter((id) => id !== facilityId);
  return place.length < MAX_PLACES ? [...place, facilityId] : [...place];
}

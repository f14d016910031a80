import type { AreaFacts } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId } from '#contract/ids.ts';
import { createSearch, type Search } from '../filter/search.ts';
import { type Country, createCountry } from './country.ts';
import { feedsOf, flagsOf, type LiveState, statusOf } from './live-store.ts';

/** One area's facts, with its flags beside. */
export interface AreaRow extends AreaFacts {
  flags: readonly Flag[];
}

/** Everything that filters and orders look at. */
export interface Facts {
  country: Country;
  search: Search;
}

export interface FactsIndex {
  /** The facts of all areas as of a state; undefined while no registry is there. The same columns, written anew. */
  read(state: LiveState): Facts | undefined;
}

/** Keeps the columns of a country up to date, whoever asks. */
export function createFactsIndex(): FactsIndex {
  let facts: Facts | undefined;
  return {
    read(state) {
      if (!state.registry) return undefined;
      if (facts?.country.registry !== state.registry) {
        const country = createCountry(state.registry);
        facts = { country, search: createSearch(country) };
      }
      facts.country.update(state);
      return facts;
    },
  };
}

/** What is known of one area; undefined for one that the page may not know of. */
export function rowOf(state: LiveState, areaId: AreaId): AreaRow | undefined {
  const area = state.registry?.areaById[areaId];
  const facility = area && state.registry?.facilityById[area.facilityId];
  const region = area && state.registry?.regionById[area.regionId];
  if (!facility || !region) return undefined;
  const flags = flagsOf(state, area);
  return {
    area,
    facility,
    regionName: region.name,
    status: statusOf(state, area),
    feeds: feedsOf(state, area),
    flags,
    flagSeverities: flags.map((flag) => flag.severity),
  };
}

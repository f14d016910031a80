import { toSearchable } from '#contract/area-filter.ts';
import type { LocalText } from '#contract/ids.ts';
import type { Country } from '../store/country.ts';

/** Finds the areas whose names hold every word of a text, as `createMatcher` does. */
export interface Search {
  /** For each place of the country 1 or 0; undefined when nothing is asked for. The same array for the same text. */
  find(text: string): Uint8Array | undefined;
  /** Makes the names searchable, for whoever is about to type. */
  prepare(): void;
}

/** Answers that are kept: as many as there are letters in what people type, so that deleting letters costs nothing. */
const MAX_KEPT = 40;

/**
 * Names are made searchable once. Whoever types one more letter searches only what the text before has found; names do not
 * change while the page is open, so an answer stays right.
 */
export function createSearch({
  areas,
  facility,
  registry,
}: Pick<Country, 'areas' | 'facility' | 'registry'>): Search {
  const kept = new Map<string, Uint8Array>();
  let texts: { facilities: readonly string[]; names: readonly string[]; name: Uint32Array } | undefined;

  function makeSearchable() {
    const places = new Map<LocalText, number>();
    const names: string[] = [];
    const name = Uint32Array.from(areas, ({ name: of }) => {
      const known = places.get(of);
      if (known !== undefined) return known;
      places.set(of, names.length);
      return names.push(searchable(of)) - 1;
    });
    const facilities = registry.facilities.map(({ name: of, regionId }) => {
      const region = registry.regionById[regionId];
      return region ? `${searchable(of)}\n${searchable(region.name)}` : searchable(of);
    });
    return { facilities, names, name };
  }

  function search(words: readonly string[], within: Uint8Array | undefined): Uint8Array {
    texts ??= makeSearchable();
    const { facilities, names, name } = texts;
    const found = within ? within.slice() : new Uint8Array(areas.length).fill(1);
    for (const word of words) {
      const inFacility = Uint8Array.from(facilities, (text) => Number(text.includes(word)));
      const inName = Uint8Array.from(names, (text) => Number(text.includes(word)));
      // An id has no other characters, so nothing else needs to be looked for in 45,000 of them.
      const isOfId = /^[a-z0-9-]+$/.test(word);
      for (let place = 0; place < found.length; place += 1) {
        if (found[place] === 0 || inFacility[facility[place] ?? 0] === 1 || inName[name[place] ?? 0] === 1)
          continue;
        found[place] = isOfId && areas[place]?.id.includes(word) ? 1 : 0;
      }
    }
    return found;
  }

  return {
    prepare() {
      texts ??= makeSearchable();
    },
    find(text) {
      const words = wordsOf(text);
      if (words.length === 0) return undefined;
      const key = words.join(' ');
      const before = kept.get(key);
      if (before) return before;
      const found = search(words, narrowest(kept, words));
      const [oldest] = kept.keys();
      if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, found);
      return found;
    },
  };
}

export function wordsOf(text: string): readonly string[] {
  return toSearchable(text).split(/\s+/).filter(Boolean);
}

/** The last answer that holds everything that these words can find: each of its words is part of one of them. */
function narrowest(kept: ReadonlyMap<string, Uint8Array>, words: readonly string[]): Uint8Array | undefined {
  for (const [key, found] of [...kept].reverse())
    if (key.split(' ').every((earlier) => words.some((word) => word.includes(earlier)))) return found;
  return undefined;
}

function searchable({ uk, en }: LocalText): string {
  return toSearchable(`${uk}\n${en}`);
}

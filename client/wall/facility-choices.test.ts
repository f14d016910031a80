import { expect, test } from 'vitest';
import { MAX_PLACES } from '#contract/area-filter.ts';
import { sampleFacility } from '../test/samples.ts';
import { facilityChoices, withFacility } from './facility-choices.ts';

const FACILITIES = Array.from({ length: 12 }, (_, index) =>
  sampleFacility({
    id: `itt-${index}`,
    regionId: index < 6 ? 'UA-68' : 'UA-05',
    name: { uk: `Ізолятор № ${index}`, en: `Facility ${index}` },
    shortName: { uk: `ІТТ № ${index}`, en: `ITT ${index}` },
  }),
);
const REGIONS = {
  'UA-68': { uk: 'Хмельницька', en: 'Khmelnytska' },
  'UA-05': { uk: 'Вінницька', en: 'Vinnytska' },
};
const choose = (over: Partial<Parameters<typeof facilityChoices>[1]>) => {
  const { shown, more } = facilityChoices(FACILITIES, {
    text: '',
    chosen: [],
    counts: new Map([
      ['itt-3', 9],
      ['itt-7', 4],
    ]),
    regionName: (id) => REGIONS[id as keyof typeof REGIONS],
    ...over,
  });
  return { ids: shown.map(({ id }) => id), more };
};

test('the fullest come first, and what is left out is counted', () => {
  const { ids, more } = choose({});
  expect(ids.slice(0, 3)).toEqual(['itt-3', 'itt-7', 'itt-0']);
  expect(ids.length + more).toBe(12);
});

test('each word stands in a name or in that of the region; what is chosen stays in sight', () => {
  expect(choose({ text: 'вінниц № 7' })).toEqual({ ids: ['itt-7'], more: 0 });
  expect(choose({ text: 'vinny', chosen: ['itt-1', 'UA-68'] }).ids[0]).toBe('itt-1');
  expect(choose({ text: 'немає такого' })).toEqual({ ids: [], more: 0 });
});

test('a facility comes and goes among the places that are asked for; a filter has no more than it may', () => {
  expect(withFacility(['a'], 'b')).toEqual(['a', 'b']);
  expect(withFacility(['a', 'b'], 'a')).toEqual(['b']);
  const full = Array.from({ length: MAX_PLACES }, (_, index) => `p-${index}`);
  expect(withFacility(full, 'one-more')).toEqual(full);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCountry } from '../store/country.ts';
import { indexRegistry } from '../store/registry.ts';
import { sampleArea, sampleFacility, sampleRegion, sampleWireRegistry } from '../test/samples.ts';
import { countAreas, inShort, isChosen, placesWithin, toggledFacility, toggledRegion } from './choice.ts';

const FACILITIES = ['a-1', 'a-2', 'b-1'].map((id) =>
  sampleFacility({ id, regionId: id.startsWith('a') ? 'UA-05' : 'UA-68' }),
);
const AREAS = FACILITIES.flatMap(({ id: facilityId, regionId }) =>
  ['x', 'y'].map((one) => sampleArea({ id: `${facilityId}-${one}`, facilityId, regionId })),
);
const country = createCountry(
  indexRegistry(
    sampleWireRegistry({
      regions: [sampleRegion({ id: 'UA-05' }), sampleRegion({ id: 'UA-68' })],
      facilities: FACILITIES,
      areas: AREAS,
    }),
  ),
);

const MARKS = [
  { x: 10, y: 10, places: ['a-1'] },
  { x: 50, y: 50, places: ['a-2', 'b-1'] },
  { x: 90, y: 10, places: ['UA-68'] },
];

test('a line takes what it goes around, all that a sign stands for; a line that is none takes nothing', () => {
  expect(
    placesWithin(
      [
        [0, 0],
        [20, 0],
        [20, 20],
        [0, 20],
      ],
      MARKS,
    ),
  ).toEqual(['a-1']);
  expect(
    placesWithin(
      [
        [0, 0],
        [100, 0],
        [100, 20],
        [60, 20],
        [60, 60],
        [40, 60],
        [40, 5],
        [0, 5],
      ],
      MARKS,
    ),
  ).toEqual(['a-2', 'b-1', 'UA-68']);
  expect(
    placesWithin(
      [
        [0, 0],
        [20, 20],
      ],
      MARKS,
    ),
  ).toEqual([]);
});

test('a line around the whole screen takes everything, in whatever direction it was drawn', () => {
  const around: [number, number][] = [
    [-5, -5],
    [105, -5],
    [105, 105],
    [-5, 105],
  ];
  expect(placesWithin(around, MARKS)).toHaveLength(4);
  expect(placesWithin(around.toReversed(), MARKS)).toHaveLength(4);
});

test('taking one facility out of a region that was chosen leaves its others', () => {
  const all = toggledRegion(new Set(), 'UA-05', FACILITIES);
  expect([...all]).toEqual(['UA-05']);
  const [first] = FACILITIES;
  if (!first) throw new Error('no facility');
  expect([...toggledFacility(all, first, FACILITIES)]).toEqual(['a-2']);
  expect([...toggledRegion(all, 'UA-05', FACILITIES)]).toEqual([]);
});

test('the short form asks for exactly the same areas, and is never longer', () => {
  const ids = ['UA-05', 'UA-68', ...FACILITIES.map(({ id }) => id), ...AREAS.map(({ id }) => id)];
  fc.assert(
    fc.property(fc.subarray(ids), (places) => {
      const choice = new Set(places);
      const short = inShort(choice, country);
      expect(short.length).toBeLessThanOrEqual(choice.size);
      const areasOf = (some: readonly string[]) =>
        AREAS.filter(
          ({ id }) =>
            countAreas(
              new Set(some),
              country,
              Uint8Array.from(AREAS, (one) => Number(one.id === id)),
            ) === 1,
        );
      expect(areasOf(short)).toEqual(areasOf(places));
    }),
  );
  expect(inShort(new Set(['a-1', 'a-2', 'b-1-x']), country)).toEqual(['UA-05', 'b-1-x']);
});

test('only areas that match are counted', () => {
  expect(countAreas(new Set(['UA-05']), country, undefined)).toBe(4);
  expect(countAreas(new Set(['UA-05', 'a-1']), country, Uint8Array.from([1, 0, 0, 0, 1, 1]))).toBe(1);
});

test('a sign is chosen when all of it is, or something that holds it', () => {
  const cluster = { places: ['a-1', 'a-2'], within: ['UA-05'] };
  expect(isChosen(new Set(['a-1']), cluster)).toBe(false);
  expect(isChosen(new Set(['a-1', 'a-2']), cluster)).toBe(true);
  expect(isChosen(new Set(['UA-05']), cluster)).toBe(true);
});

import { expect, test } from 'vitest';
import { sampleRegion } from '../test/samples.ts';
import type { MapFacts } from './map-facts.ts';
import { rankOf, type Sign } from './measure.ts';
import { placeWords } from './words.ts';

/** What is written on a map of one region that is far narrower than its name. */
function namesOf(sign: Sign): string[] {
  const facts: MapFacts = {
    measure: 'state',
    facilities: [],
    others: [],
    regions: [
      {
        region: sampleRegion(),
        facilities: 1,
        rank: rankOf('state', sign),
        worstAreas: 1,
        areas: 5,
        headcount: 3,
        flags: 0,
        leastM2: 4,
      },
    ],
    areasOf: () => [],
  };
  return placeWords({
    facts,
    marks: [],
    detail: 'regions',
    language: 'uk',
    scale: 1,
    isClose: false,
    noData: '',
    regionPoint: () => [31, 50],
    regionWidth: () => 1,
    project: ([x, y]) => [x * 10, y * 10],
    widthOf: (text) => text.length * 8,
    numberOf: () => '',
  }).map(({ text }) => text);
}

test('on a map of regions a narrow region has its name where somebody should look, and not where it is calm', () => {
  expect(namesOf('1')).toEqual(['Хмельницька']);
  expect(namesOf('3')).toEqual(['Хмельницька']);
  expect(namesOf('calm')).toEqual([]);
});

import { expect, test } from 'vitest';
import { sampleRegion } from '../test/samples.ts';
import type { MapFacts } from './map-facts.ts';
import type { Mark } from './marks.ts';
import { rankOf, type Sign } from './measure.ts';
import { placeWords, type Words } from './words.ts';

const SUMS = { worstAreas: 1, areas: 5, headcount: 3, flags: 0, leastM2: 4 };
const NO_FACTS: MapFacts = {
  measure: 'state',
  facilities: [],
  others: [],
  regions: [],
  areasOf: () => [],
};

const write = (over: Partial<Words>) =>
  placeWords({
    facts: NO_FACTS,
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
    ...over,
  });

/** What is written on a map of one region that is far narrower than its name. */
function namesOf(sign: Sign): string[] {
  const region = { region: sampleRegion(), facilities: 1, rank: rankOf('state', sign), ...SUMS };
  return write({ facts: { ...NO_FACTS, regions: [region] } }).map(({ text }) => text);
}

test('on a map of regions a narrow region has its name where somebody should look, and not where it is calm', () => {
  expect(namesOf('1')).toEqual(['Хмельницька']);
  expect(namesOf('3')).toEqual(['Хмельницька']);
  expect(namesOf('calm')).toEqual([]);
});

test('a sign between two others has its number above or below', () => {
  const mark = (id: string, x: number): Mark => ({
    ...SUMS,
    id,
    kind: 'region',
    position: [x, 50],
    offset: [0, 0],
    places: [],
    within: [],
    name: { uk: id, en: id },
    facilities: 1,
    rank: rankOf('state', '1'),
  });
  // Side by side, with less than a number's width between them.
  const numbers = write({
    marks: [mark('left', 28), mark('middle', 31), mark('right', 34)],
    numberOf: () => '17',
  });
  expect(numbers.map(({ text }) => text)).toEqual(['17', '17', '17']);
  const middle = numbers.find(({ position }) => position[0] === 31);
  expect(middle?.offset[0]).toBe(0);
  expect(middle?.offset[1]).not.toBe(0);
});

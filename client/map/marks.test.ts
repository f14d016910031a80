import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleArea, sampleFacility, sampleRegion } from '../test/samples.ts';
import { createClusters } from './clusters.ts';
import { type Box, boxOf, placeLabels } from './labels.ts';
import type { MapFacts, Sums } from './map-facts.ts';
import { detailAt, marksOf } from './marks.ts';

const sums = (rank: number): Sums => ({
  rank,
  worstAreas: 1,
  areas: 5,
  headcount: 3,
  flags: 0,
  leastM2: 4,
});

const FACILITIES = [
  sampleFacility({ id: 'near-1', position: [30, 50] }),
  sampleFacility({ id: 'near-2', position: [30.01, 50.01] }),
  sampleFacility({ id: 'far', position: [36, 49] }),
];

const facts: MapFacts = {
  measure: 'state',
  facilities: FACILITIES.map((facility, place) => ({ facility, ...sums([5, 0, 5][place] ?? 5) })),
  others: [],
  regions: [{ region: sampleRegion(), facilities: 3, ...sums(0) }],
  areasOf: (facilityId) => [{ area: sampleArea({ id: `${facilityId}-cell` }), ...sums(5) }],
};

const marksAt = (zoom: number, regionDegrees = 3) =>
  marksOf({
    facts,
    zoom,
    detail: detailAt({ zoom, scale: 1, regionDegrees }),
    scale: 1,
    clusters: createClusters(
      FACILITIES.map(({ position }) => position),
      20,
    ),
    facilities: FACILITIES,
    regionPoint: () => [31, 50],
    isNear: ([x]) => x < 31,
  });

test('from far a region has one sign, then what lies together has one, then each area has', () => {
  expect(marksAt(3).map(({ kind }) => kind)).toEqual(['region']);
  expect(marksAt(7).map(({ kind }) => kind)).toEqual(['facility', 'cluster']);
  expect(
    marksAt(13)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['far', 'near-1', 'near-1-cell', 'near-2', 'near-2-cell']);
});

test('what is gathered is as bad as its worst part, lies on top, and loses nobody', () => {
  const top = marksAt(7).at(-1);
  expect(top).toMatchObject({ kind: 'cluster', rank: 0, facilities: 2, headcount: 6, areas: 10 });
  expect(top?.places).toEqual(['near-1', 'near-2']);
  for (const zoom of [3, 5, 7, 9]) expect(Math.min(...marksAt(zoom).map(({ rank }) => rank))).toBe(0);
});

test('more room shows more, never less; a larger text asks for more room', () => {
  const order = ['regions', 'facilities', 'areas'];
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 14, noNaN: true }),
      fc.double({ min: 0, max: 3, noNaN: true }),
      (zoom, more) => {
        const at = (view: { zoom: number; scale: number }) =>
          order.indexOf(detailAt({ ...view, regionDegrees: 3 }));
        expect(at({ zoom: zoom + more, scale: 1 })).toBeGreaterThanOrEqual(at({ zoom, scale: 1 }));
        expect(at({ zoom, scale: 1 + more })).toBeLessThanOrEqual(at({ zoom, scale: 1 }));
      },
    ),
  );
});

const label = fc.record({
  x: fc.integer({ min: 0, max: 390 }),
  y: fc.integer({ min: 0, max: 390 }),
  width: fc.integer({ min: 10, max: 120 }),
  height: fc.constant(15),
  priority: fc.nat(5),
  offsets: fc.constant([
    [0, 0],
    [0, 15],
  ] as const),
});

test('no two words lie on each other, nor on a sign; what comes first keeps its place', () => {
  fc.assert(
    fc.property(fc.array(label, { maxLength: 60 }), fc.array(label, { maxLength: 5 }), (labels, signs) => {
      const taken = signs.map((sign) => boxOf(sign));
      const placed = placeLabels(labels, taken).map((one) => boxOf(one, one.offset));
      placed.forEach((box, index) => {
        for (const other of [...taken, ...placed.slice(index + 1)]) expect(touch(box, other)).toBe(false);
      });
      if (labels.length > 0 && signs.length === 0) expect(placed.length).toBeGreaterThan(0);
    }),
  );
});

function touch(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

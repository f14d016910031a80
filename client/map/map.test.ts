import { expect, test } from 'vitest';
import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import { NationGeometry } from '#contract/geometry.ts';
import type { AreaStatus } from '#contract/status.ts';
import kzOutlines from '../../config/nation/geo/kz.topo.json' with { type: 'json' };
import uaOutlines from '../../config/nation/geo/ua.topo.json' with { type: 'json' };
import { KAZAKHSTAN_PLAN } from '../../config/nation/kz/plan.ts';
import { UKRAINE_PLAN } from '../../config/nation/ua/plan.ts';
import { createFactsIndex } from '../store/facts.ts';
import { liveStateOf } from '../test/live-state.ts';
import { sampleArea, sampleFeed, sampleFlag, sampleStatus } from '../test/samples.ts';
import { boundsOf, labelPoint, ringsOf, type Shape, shapesOf } from './geo/shapes.ts';
import { hatch } from './hatch.ts';
import { mapFacts, numberOf } from './map-facts.ts';
import { lookOf, MEASURES, type Measure, SIGNS, signAt } from './measure.ts';

const NATIONS = [
  { plan: UKRAINE_PLAN, ...shapesOf(NationGeometry.parse(uaOutlines)) },
  { plan: KAZAKHSTAN_PLAN, ...shapesOf(NationGeometry.parse(kzOutlines)) },
] as const;
const [UKRAINE, KAZAKHSTAN] = NATIONS;

test.each(NATIONS)(
  '$plan.id: every region has its outlines, and its name stands inside the country',
  ({ regions, around, plan }) => {
    expect(regions.map(({ properties }) => properties.iso).sort()).toEqual(
      plan.regions.map(({ id }) => id).sort(),
    );
    expect(around.length).toBeGreaterThan(5);
    const [west, south, east, north] = boundsOf(regions);
    for (const shape of regions) {
      const [x, y] = labelPoint(shape);
      expect(x > west && x < east && y > south && y < north, shape.properties.iso).toBe(true);
    }
  },
);

test('Ukraine has its 27 regions, Crimea and Sevastopol among them', () => {
  const { regions } = UKRAINE;
  const ids = regions.map(({ properties }) => properties.iso);
  expect(new Set(ids).size).toBe(27);
  expect(ids).toEqual(expect.arrayContaining(['UA-43', 'UA-40', 'UA-30', 'UA-68']));
  expect(boundsOf(regions).map(Math.round)).toEqual([22, 44, 40, 52]);
});

test('facilities of Kazakhstan stand in the regions that they belong to', () => {
  const { regions, plan } = KAZAKHSTAN;
  for (const [regionId, sites] of Object.entries(plan.sites)) {
    const shape = regions.find(({ properties }) => properties.iso === regionId);
    for (const { town, position } of sites)
      expect(shape && isInside(shape, position), `${town.en} in ${regionId}`).toBe(true);
  }
});

function isInside(shape: Shape, [x, y]: readonly [number, number]): boolean {
  // A point is inside where a ray from it crosses the outlines an odd number of times.
  let crossings = 0;
  for (const ring of ringsOf(shape))
    ring.forEach(([ax = 0, ay = 0], index) => {
      const [bx = 0, by = 0] = ring[(index + 1) % ring.length] ?? [];
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) crossings += 1;
    });
  return crossings % 2 === 1;
}

test('strokes fill a shape and stay in it', () => {
  const square: Shape = {
    type: 'Feature',
    properties: {},
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [4, 0],
          [4, 4],
          [0, 4],
          [0, 0],
        ],
      ],
    },
  };
  const strokes = hatch(square, 1);
  expect(strokes.length).toBeGreaterThanOrEqual(7);
  for (const { from, to } of strokes) {
    for (const value of [...from, ...to]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(4);
    }
    expect(to[1] - to[0]).toBeCloseTo(from[1] - from[0]);
  }
  const [longest] = strokes.toSorted((a, b) => b.to[0] - b.from[0] - (a.to[0] - a.from[0]));
  expect(longest && longest.to[0] - longest.from[0]).toBeCloseTo(4);
});

const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z');

function onMap(
  id: string,
  known: { status?: Partial<AreaStatus>; feed?: Partial<FeedStatus>; flags?: Flag[] } = {},
) {
  const feedId = `${id}-cam-1`;
  return {
    area: sampleArea({ id }),
    status: sampleStatus({ areaId: id, ...known.status }),
    feed: sampleFeed({ feedId, areaId: id, ...known.feed }),
    flags: known.flags ?? [],
  };
}

interface Wish {
  matched?: readonly string[];
  flags?: Flag[];
  measure?: Measure;
}

/** The map of these areas, of which some match. */
function mapOf(known: readonly ReturnType<typeof onMap>[], wish: Wish = {}) {
  const state = liveStateOf({
    areas: known.map(({ area }) => area),
    statuses: known.map(({ status }) => status),
    feeds: known.map(({ feed }) => feed),
    flags: known.flatMap((one) => one.flags),
  });
  const country = createFactsIndex().read(state)?.country;
  if (!country) throw new Error('no registry');
  country.setTime(NOW_MS);
  const { matched, flags = [], measure = 'state' } = wish;
  const passes = matched && Uint8Array.from(country.areas, ({ id }) => Number(matched.includes(id)));
  const facts = mapFacts(country, { measure, passes, flags });
  return { ...facts, sign: signAt(measure, facts.regions[0]?.rank ?? 0) };
}

test('a facility is as bad as its worst area that matches', () => {
  const known = [
    onMap('calm'),
    onMap('flagged', { flags: [sampleFlag({ areaId: 'flagged', severity: 2 })] }),
    onMap('unseen', { feed: { state: 'lost' } }),
  ];
  const all = mapOf(known);
  expect(all.sign).toBe('2');
  expect(all.facilities[0]).toMatchObject({ flags: 1, headcount: 9, areas: 3, worstAreas: 1 });
  expect(mapOf(known, { matched: ['calm', 'unseen'] }).sign).toBe('unseen');
  expect(mapOf(known, { matched: ['calm'] }).sign).toBe('calm');
  expect(mapOf(known, { matched: [] })).toMatchObject({ facilities: [], others: [{ id: 'ua-68-itt-2' }] });
});

test('a flag on a whole facility counts beside those of its areas, and brings it on the map by itself', () => {
  const { areaId: _, ...whole } = sampleFlag({ severity: 3 });
  const known = [onMap('a', { flags: [sampleFlag({ areaId: 'a', severity: 4 })] })];
  const both = mapOf(known, { matched: ['a'], flags: [whole, sampleFlag()] });
  expect(both.sign).toBe('3');
  expect(both.facilities[0]).toMatchObject({ flags: 2, areas: 1 });
  const alone = mapOf(known, { matched: [], flags: [whole, sampleFlag()] });
  expect(alone.sign).toBe('3');
  expect(alone.regions[0]).toMatchObject({ flags: 1, areas: 0 });
});

test('nobody looks at people behind a confidential door', () => {
  const status = { confidentialSince: '2026-11-22T12:00:00.000Z' };
  expect(mapOf([onMap('a', { feed: { state: 'lost' }, status })]).sign).toBe('calm');
});

test('the layer of room shows the least that anybody has, and its level; who is alone with nobody is empty', () => {
  const known = [
    onMap('wide', { status: { space: { m2PerPerson: 6.2 } } }),
    onMap('tight', { status: { space: { m2PerPerson: 3.4, level: 'amber' } } }),
    onMap('empty', { status: { headcount: 0 } }),
  ];
  const facts = mapOf(known, { measure: 'space' });
  expect(facts.sign).toBe('amber');
  expect(facts.facilities[0] && numberOf('space', facts.facilities[0])).toBeCloseTo(3.4);
  expect(mapOf(known, { measure: 'space', matched: ['wide'] }).sign).toBe('calm');
  expect(mapOf(known, { measure: 'space', matched: ['empty'] }).sign).toBe('empty');
});

test('the layer of limits shows the clock that presses most, and how many areas have one like it', () => {
  const clockDue = (minutes: number) => {
    const at = (ms: number) => new Date(NOW_MS + ms * 60_000).toISOString();
    const [clock] = sampleStatus().clocks;
    if (!clock) throw new Error('no sample clock');
    return [
      {
        ...clock,
        anchorAt: at(-600),
        amberAt: at(minutes - 60),
        redAt: at(minutes - 20),
        dueAt: at(minutes),
      },
    ];
  };
  const known = [
    onMap('far', { status: { clocks: clockDue(500) } }),
    onMap('near', { status: { clocks: clockDue(40) } }),
    onMap('near-too', { status: { clocks: clockDue(30) } }),
  ];
  const facts = mapOf(known, { measure: 'clock' });
  expect(facts.sign).toBe('amber');
  expect(facts.facilities[0] && numberOf('clock', facts.facilities[0])).toBe(2);
  expect(
    mapOf([...known, onMap('over', { status: { clocks: clockDue(-1) } })], { measure: 'clock' }).sign,
  ).toBe('breached');
  expect(mapOf(known, { measure: 'clock', matched: ['far'] }).sign).toBe('calm');
});

test('of which nothing was heard is shown as that, and hides nothing that is known', () => {
  const state = liveStateOf({ areas: [sampleArea({ id: 'silent' })], statuses: [], feeds: [], flags: [] });
  const country = createFactsIndex().read(state)?.country;
  if (!country) throw new Error('no registry');
  for (const measure of MEASURES)
    expect(signAt(measure, mapFacts(country, { measure, passes: undefined }).regions[0]?.rank ?? 0)).toBe(
      'unknown',
    );
});

test('signs of one measure differ in shape', () => {
  for (const measure of MEASURES) {
    const icons = SIGNS[measure].map((sign) => lookOf(measure, sign).icon);
    expect(new Set(icons).size).toBe(icons.length);
  }
});

import { expect, test } from 'vitest';
import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaStatus } from '#contract/status.ts';
import { createFactsIndex } from '../store/facts.ts';
import { liveStateOf } from '../test/live-state.ts';
import {
  sampleArea,
  sampleFacility,
  sampleFeed,
  sampleFlag,
  sampleRegion,
  sampleStatus,
} from '../test/samples.ts';
import { boundsOf, labelPoint, loadCountryShapes, loadRegionShapes, type Shape } from './geo/shapes.ts';
import { hatch } from './hatch.ts';
import { areasOnMap, compareWorst, mapFacts, type Worst } from './map-facts.ts';

test('the country has its 27 regions, Crimea and Sevastopol among them', () => {
  const ids = loadRegionShapes().map(({ properties }) => properties.iso);
  expect(new Set(ids).size).toBe(27);
  expect(ids).toEqual(expect.arrayContaining(['UA-43', 'UA-40', 'UA-30', 'UA-68']));
  const [west, south, east, north] = boundsOf(loadRegionShapes());
  expect([west, south, east, north].map(Math.round)).toEqual([22, 44, 40, 52]);
  expect(loadCountryShapes().length).toBeGreaterThan(5);
});

test('every name stands inside the country', () => {
  for (const shape of loadRegionShapes()) {
    const [x, y] = labelPoint(shape);
    expect(x).toBeGreaterThan(22);
    expect(x).toBeLessThan(40.3);
    expect(y).toBeGreaterThan(44.3);
    expect(y).toBeLessThan(52.4);
  }
});

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

/** The map of these areas, of which some match. */
function mapOf(known: readonly ReturnType<typeof onMap>[], matched: readonly string[], flags: Flag[] = []) {
  const state = liveStateOf({
    areas: known.map(({ area }) => area),
    statuses: known.map(({ status }) => status),
    feeds: known.map(({ feed }) => feed),
    flags: known.flatMap((one) => one.flags),
  });
  const country = createFactsIndex().read(state)?.country;
  const areas = country ? areasOnMap(country, (id) => matched.includes(id)) : [];
  return mapFacts({ regions: [sampleRegion()], facilities: [sampleFacility()], areas, flags });
}

test('a facility is as bad as its worst area that matches', () => {
  const known = [
    onMap('calm'),
    onMap('flagged', { flags: [sampleFlag({ areaId: 'flagged', severity: 2 })] }),
    onMap('unseen', { feed: { state: 'lost' } }),
  ];
  expect(mapOf(known, ['calm', 'flagged', 'unseen']).facilities[0]).toMatchObject({
    worst: 2,
    flags: 1,
    headcount: 9,
    areas: 3,
  });
  expect(mapOf(known, ['calm', 'unseen']).regions[0]?.worst).toBe('unseen');
  expect(mapOf(known, ['calm']).regions[0]?.worst).toBe('calm');
  expect(mapOf(known, [])).toMatchObject({ facilities: [], others: [{ id: 'ua-68-itt-2' }] });
});

test('a flag on a whole facility counts beside those of its areas, and brings it on the map by itself', () => {
  const { areaId: _, ...whole } = sampleFlag({ severity: 3 });
  const known = [onMap('a', { flags: [sampleFlag({ areaId: 'a', severity: 4 })] })];
  const both = mapOf(known, ['a'], [whole, sampleFlag()]);
  expect(both.facilities[0]).toMatchObject({ worst: 3, flags: 2, areas: 1 });
  const alone = mapOf(known, [], [whole, sampleFlag()]);
  expect(alone.facilities[0]).toMatchObject({ worst: 3, flags: 1, areas: 0 });
  expect(alone.regions[0]).toMatchObject({ worst: 3, flags: 1 });
});

test('nobody looks at people behind a confidential door', () => {
  const behindDoor = onMap('a', {
    feed: { state: 'lost' },
    status: { confidentialSince: '2026-11-22T12:00:00.000Z' },
  });
  expect(mapOf([behindDoor], ['a']).regions[0]?.worst).toBe('calm');
});

test('lists go from worst to calm', () => {
  const all: Worst[] = ['calm', 4, 'unseen', 1, 3, 2];
  expect(all.toSorted(compareWorst)).toEqual([1, 2, 'unseen', 3, 4, 'calm']);
});

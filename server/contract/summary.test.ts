import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from './clocks.ts';
import type { FeedState } from './feeds.ts';
import type { AreaStatus } from './status.ts';
import {
  addSummaries,
  type LiveSummary,
  LiveSummary as LiveSummarySchema,
  NOTHING_LIVE,
  summaryOfArea,
  summaryOfFlags,
} from './summary.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z');
const minute = (at: number) => new Date(NOW_MS + at * 60_000).toISOString();
const clock = (change: Partial<Clock> = {}): Clock => ({
  normSet: 'ua-cpc',
  limit: 'court',
  caseId: 'cr-1',
  anchorAt: minute(-60),
  amberAt: minute(10),
  redAt: minute(20),
  dueAt: minute(30),
  ...change,
});
const ONE_CAMERA = [{ id: 'cam-1', source: 'edge' as const, layers: ['low' as const] }];

/** An area with one person and a camera that nobody watches, unless said otherwise. */
function sum(change: Partial<AreaStatus> = {}, feeds = ONE_CAMERA, state?: FeedState): LiveSummary {
  const status: AreaStatus = {
    areaId: 'cell-1',
    headcount: 1,
    clocks: [],
    vulnerabilities: [],
    nextCheckDueAt: null,
    confidentialSince: null,
    updatedAt: minute(-5),
    ...change,
  };
  const feedOf = (feedId: string) =>
    state && { feedId, areaId: 'cell-1', layers: [], since: minute(-5), state };
  return summaryOfArea({ area: { feeds }, status, feedOf }, NOW_MS);
}

test('an area of which nothing is known counts as an area, and for nothing else', () => {
  const unknown = summaryOfArea(
    { area: { feeds: ONE_CAMERA }, status: undefined, feedOf: () => undefined },
    NOW_MS,
  );
  expect(unknown).toEqual({ ...NOTHING_LIVE, areas: 1 });
});

test('people, room, checks and clocks', () => {
  const crowded = sum({
    headcount: 5,
    nextCheckDueAt: minute(0),
    space: { m2PerPerson: 3.2, overCapacity: true },
    clocks: [
      clock(),
      clock({ amberAt: minute(0) }),
      clock({ amberAt: minute(-2), redAt: minute(0) }),
      clock({ amberAt: minute(-2), redAt: minute(-1), dueAt: minute(0) }),
      // What no law sets is at worst red; what stands, and what is in shadow, presses nobody.
      clock({ amberAt: minute(-2), redAt: minute(-1), dueAt: minute(0), standing: 'judgment' }),
      clock({ amberAt: minute(-2), pausedAt: minute(-3) }),
      clock({ dueAt: minute(-1), shadowed: true }),
    ],
  });
  expect(crowded).toEqual({
    areas: 1,
    occupied: 1,
    headcount: 5,
    overCapacity: 1,
    dark: 0,
    checksOverdue: 1,
    clocks: { amber: 1, red: 2, breached: 1 },
    flags: NOTHING_LIVE.flags,
    leastM2: 3.2,
    updatedAt: minute(-5),
  });
  expect(sum({ nextCheckDueAt: minute(1) }).checksOverdue).toBe(0);
  expect(sum({ headcount: 0, nextCheckDueAt: minute(-1) })).toMatchObject({ occupied: 0, checksOverdue: 0 });
});

test('dark is who is inside and seen by no camera, unless the area is confidential', () => {
  const dark = (...given: Parameters<typeof sum>) => sum(...given).dark;
  expect(dark({}, ONE_CAMERA)).toBe(0);
  expect(dark({}, ONE_CAMERA, 'lost')).toBe(1);
  expect(dark({}, ONE_CAMERA, 'live')).toBe(0);
  expect(dark({}, [])).toBe(1);
  expect(dark({ headcount: 0 }, ONE_CAMERA, 'lost')).toBe(0);
  expect(dark({ confidentialSince: minute(-1) }, ONE_CAMERA, 'lost')).toBe(0);
});

const count = fc.integer({ min: 0, max: 1_000 });
const summary: fc.Arbitrary<LiveSummary> = fc.record({
  areas: count,
  occupied: count,
  headcount: count,
  overCapacity: count,
  dark: count,
  checksOverdue: count,
  clocks: fc.record({ amber: count, red: count, breached: count }),
  flags: fc
    .array(fc.record({ severity: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const) }))
    .map((flags) => summaryOfFlags(flags).flags),
  leastM2: fc.option(fc.double({ min: 0, max: 50, noNaN: true })),
  updatedAt: fc.option(fc.integer({ min: -1_000, max: 0 }).map(minute)),
});
const added = (all: readonly LiveSummary[]) => all.reduce(addSummaries, NOTHING_LIVE);

test('however many are grouped and ordered, the sum is the same', () => {
  const many = fc.array(summary, { maxLength: 12 }).chain((all) =>
    fc.record({
      all: fc.constant(all),
      shuffled: fc.shuffledSubarray(all, { minLength: all.length }),
      cut: fc.nat({ max: all.length }),
    }),
  );
  fc.assert(
    fc.property(many, ({ all, shuffled, cut }) => {
      const total = added(all);
      expect(added([added(shuffled.slice(0, cut)), added(shuffled.slice(cut))])).toEqual(total);
      expect(LiveSummarySchema.parse(total)).toEqual(total);
    }),
  );
});

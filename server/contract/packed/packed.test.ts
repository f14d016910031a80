import fc from 'fast-check';
import { expect, test } from 'vitest';
import { briefOf, pressingDueMs } from '../area-brief.ts';
import { byUrgency, type Clock, createMoment } from '../clocks.ts';
import { isOrdinaryAir } from '../conditions.ts';
import { FeedFault, FeedState, type FeedStatus } from '../feeds.ts';
import type { LiveRegistry } from '../live.ts';
import type { Area, Layer } from '../nation.ts';
import { type AreaStatus, Vulnerability } from '../status.ts';
import { type PackedAreas, packAreas } from './areas.ts';
import { packIds, unpackIds } from './columns.ts';
import { packFeeds, readFeeds } from './feeds.ts';
import { readAreas } from './read-areas.ts';
import { packRegistry, RegistryFromColumns } from './registry.ts';
import { PACKED_FORMAT, packRegion, SnapshotFromColumns } from './snapshot.ts';

const START_MS = Date.UTC(2026, 9, 24);
const instant = fc
  .integer({ min: 0, max: 4 * 86_400_000 })
  .map((ms) => new Date(START_MS + ms).toISOString());
const minute = fc.nat(5_000).map((minutes) => new Date(START_MS + minutes * 60_000).toISOString());
const slug = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){1,4}$/);
const name = fc.constantFrom('ua-cpc', 'ua-cpc-615', 'echr', 'record');
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Without the keys that are undefined, as JSON has it. */
function compact<T extends object>(record: T): T {
  return JSON.parse(JSON.stringify(record)) as T;
}

const clock = fc
  .record({
    normSet: name,
    limit: fc.constantFrom('court', 'suspicion', 'interrogation-day'),
    caseId: slug,
    kind: optional(fc.constantFrom('duty' as const, 'review' as const, 'accumulation' as const)),
    standing: optional(
      fc.constantFrom('guidance' as const, 'general-knowledge' as const, 'judgment' as const),
    ),
    shadowed: optional(fc.constant(true as const)),
    ground: optional(name),
    anchorAt: instant,
    amberAt: instant,
    redAt: instant,
    dueAt: instant,
    pausedAt: optional(instant),
  })
  .map((made) => compact(made) as Clock);

const status = fc
  .record({
    areaId: slug,
    headcount: fc.nat(1_000),
    clocks: fc.uniqueArray(clock, {
      maxLength: 8,
      selector: ({ caseId, normSet, limit }) => `${caseId} ${normSet} ${limit}`,
    }),
    vulnerabilities: fc
      .uniqueArray(fc.constantFrom(...Vulnerability.options))
      .map((some) => Vulnerability.options.filter((one) => some.includes(one))),
    nextCheckDueAt: fc.option(instant),
    checkMinutes: optional(fc.integer({ min: 1, max: 1_440 })),
    confidentialSince: fc.option(instant),
    gate: optional(fc.record({ since: instant, until: instant, by: slug })),
    visits: optional(
      fc.array(
        fc.record({
          kind: fc.constantFrom('lawyer' as const, 'medical' as const),
          caseId: slug,
          since: instant,
          until: instant,
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    unmasked: optional(fc.record({ since: instant, until: instant, by: slug })),
    space: optional(
      fc.record({
        m2PerPerson: fc.nat(50_000).map((hundredths) => hundredths / 100),
        below: optional(fc.record({ normSet: name, limit: name })),
        level: optional(fc.constantFrom('note' as const, 'amber' as const, 'red' as const)),
        overCapacity: optional(fc.constant(true as const)),
      }),
    ),
    air: optional(
      fc.record({
        temperatureC: optional(fc.integer({ min: -300, max: 400 }).map((tenths) => tenths / 10)),
        co2Ppm: optional(fc.nat(500).map((tens) => tens * 10)),
        humidityPct: optional(fc.nat(100)),
        at: minute,
      }),
    ),
    findings: optional(
      fc.array(fc.record({ normSet: name, code: name, since: instant }), { minLength: 1, maxLength: 3 }),
    ),
    bellSince: optional(instant),
    observation: optional(fc.integer({ min: 2, max: 4 })),
    updatedAt: instant,
  })
  .map((made) => compact(made) as AreaStatus);

const byId = (a: { areaId: string }, b: { areaId: string }) => (a.areaId < b.areaId ? -1 : 1);

/** What a page is told of a status. */
function asTold({ air, ...status }: AreaStatus): AreaStatus {
  const updatedAt = `${status.updatedAt.slice(0, 19)}.000Z`;
  return {
    ...status,
    clocks: byUrgency(status.clocks, Date.parse(updatedAt)),
    ...(air && !isOrdinaryAir(air) ? { air } : {}),
    updatedAt,
  };
}

const statuses = fc.uniqueArray(status, { maxLength: 12, selector: ({ areaId }) => areaId });

test('statuses come out of their columns as they went in, through text', () => {
  fc.assert(
    fc.property(statuses, (given) => {
      const wire = JSON.parse(JSON.stringify(packAreas(given)));
      const reader = readAreas(wire);
      const told = reader.ids.map((_, place) => reader.status(place));
      expect(told).toEqual(given.map(asTold).sort(byId));
    }),
  );
});

test('the brief of a column is that of the status, and so is what presses', () => {
  fc.assert(
    fc.property(statuses, instant, (given, at) => {
      const reader = readAreas(packAreas(given));
      const now = createMoment(Date.parse(at));
      for (const place of reader.ids.keys()) {
        const told = reader.status(place);
        const sets = (brief: ReturnType<typeof briefOf>) => ({
          ...brief,
          normSets: brief.normSets.toSorted(),
          findings: brief.findings.toSorted(),
        });
        expect(sets(reader.brief(place))).toEqual(sets(briefOf(told)));
        expect(reader.dueMs(place, now.ms)).toBe(pressingDueMs(told, now));
      }
    }),
  );
});

const feed = fc
  .record({
    feedId: slug,
    areaId: slug,
    state: fc.constantFrom(...FeedState.options),
    layers: fc.subarray<Layer>(['low', 'high']),
    faults: optional(fc.uniqueArray(fc.constantFrom(...FeedFault.options))),
    since: fc.nat(86_400).map((seconds) => new Date(START_MS + seconds * 1_000).toISOString()),
    isNamedSo: fc.boolean(),
  })
  .map(({ isNamedSo, ...made }) =>
    compact({ ...made, feedId: isNamedSo ? `${made.areaId}-cam-1`.slice(0, 64) : made.feedId } as FeedStatus),
  );

test('feeds come out of their columns as they went in, whatever they are called', () => {
  fc.assert(
    fc.property(fc.uniqueArray(feed, { selector: ({ feedId }) => feedId }), (given) => {
      const order = (a: FeedStatus, b: FeedStatus) => (a.feedId < b.feedId ? -1 : 1);
      const wire = JSON.parse(JSON.stringify(packFeeds(given)));
      expect(readFeeds(wire).all().toSorted(order)).toEqual(given.toSorted(order));
    }),
  );
});

test('ids come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(slug), (ids) => {
      expect(unpackIds(packIds(ids))).toEqual(ids);
    }),
  );
  const long = 'a'.repeat(64);
  expect(unpackIds(packIds([long, long]))).toEqual([long, long]);
});

const text = (uk: string) => ({ uk, en: uk });
const facilities = ['ua-68-itt-1', 'ua-68-itt-2'].map((id) => ({
  id,
  regionId: 'UA-68',
  kind: 'temporary-detention' as const,
  name: text(id),
  shortName: text(id),
  position: [27, 49] as [number, number],
}));

const area: fc.Arbitrary<Area> = fc
  .record({
    id: slug,
    facilityId: fc.constantFrom('ua-68-itt-1', 'ua-68-itt-2'),
    regionId: fc.constantFrom('UA-68', 'UA-68', 'UA-05'),
    kind: fc.constantFrom('cell' as const, 'corridor' as const),
    name: fc.constantFrom(text('Камера 1'), text('Камера 2')),
    privacy: fc.constantFrom('normal' as const, 'masked' as const),
    capacity: fc.nat(200),
    netAreaM2: fc.oneof(
      fc.integer({ min: 1, max: 20_000 }).map((tenths) => tenths / 10),
      fc.double({ min: 0.1, max: 2_000, noNaN: true }),
    ),
    tails: fc.array(fc.constantFrom('-cam-1', '-cam-2', 'stray'), { maxLength: 2 }),
  })
  .map(({ tails, ...made }) => ({
    ...made,
    feeds: tails.map((tail) => ({
      id: tail === 'stray' ? 'zz-stray-cam' : `${made.id}${tail}`.slice(0, 64),
      source: 'edge' as const,
      layers: ['low' as const],
    })),
  }));

test('a registry comes out of its columns as it went in, strays and all', () => {
  const rest: Omit<LiveRegistry, 'areas'> = {
    version: 'first',
    nation: { id: 'UA', name: text('Україна'), sample: true, timeZone: 'Europe/Kyiv' },
    regions: [{ id: 'UA-68', name: text('Хмельницька'), status: 'reporting' }],
    facilities,
    limits: [],
  };
  fc.assert(
    fc.property(fc.uniqueArray(area, { selector: ({ id }) => id }), (areas) => {
      const wire = JSON.parse(JSON.stringify(packRegistry({ ...rest, areas })));
      expect(RegistryFromColumns.parse(wire)).toEqual({ ...rest, areas });
    }),
  );
});

test('columns that somebody has tampered with are refused, never half read', () => {
  const sample = fc.sample(statuses, { seed: 7, numRuns: 20 }).filter(({ length }) => length > 2);
  const regions = sample.map((areas) =>
    packRegion({ regionId: 'UA-68', seq: 1, areas, feeds: [], flags: [] }),
  );
  const wrong: ((areas: PackedAreas) => Partial<PackedAreas>)[] = [
    ({ headcount }) => ({ headcount: headcount.slice(1) }),
    ({ headcount }) => ({ headcount: headcount.map(() => -1) }),
    ({ updated }) => ({ updated: updated.map(() => -1e15) }),
    ({ cases }) => ({ cases: cases.map(() => 1_000) }),
    ({ ids }) => ({ ids: ids.replace(/^./, '5') }),
    ({ ids }) => ({ ids: `0../../etc${ids.slice(1)}` }),
    ({ check }) => ({ check: check.map(() => Number.NaN) }),
    ({ shape }) => ({ shape: [...shape, 0] }),
    ({ after }) => ({ after: [...after, 0] }),
    ({ m2 }) => ({ m2: m2.map(() => 1), space: [] }),
    () => ({ bells: [0] }),
    () => ({ observed: [0, 9] }),
    () => ({ checkEvery: [0, 0] }),
    () => ({ checkEvery: [9_999, 30] }),
    () => ({ confidential: [9_999, 0] }),
    ({ caseIds }) => ({ caseIds: `${caseIds},0` }),
    ({ caseIds }) => ({ caseIds: caseIds.replace(/^./, 'Z') }),
    () => ({ from: -5 }),
  ];
  for (const region of regions) {
    for (const spoil of wrong) {
      const spoilt = { ...region, areas: { ...region.areas, ...spoil(region.areas) } };
      const parsed = SnapshotFromColumns.safeParse({
        format: PACKED_FORMAT,
        at: new Date().toISOString(),
        regions: [spoilt],
      });
      expect(parsed.success).toBe(false);
    }
    const good = SnapshotFromColumns.safeParse({
      format: PACKED_FORMAT,
      at: new Date().toISOString(),
      regions: [region],
    });
    expect(good.success).toBe(true);
  }
  expect(
    SnapshotFromColumns.safeParse({ format: PACKED_FORMAT - 1, at: new Date().toISOString(), regions: [] })
      .success,
  ).toBe(false);
});

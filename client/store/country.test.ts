import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AreaFilter, createMatcher, NO_FILTER } from '#contract/area-filter.ts';
import { FeedState, type FeedStatus } from '#contract/feeds.ts';
import { AreaKind, FeedSource } from '#contract/nation.ts';
import { type AreaStatus, Vulnerability } from '#contract/status.ts';
import { countFacets, matchAreas } from '../filter/match.ts';
import { liveStateOf } from '../test/live-state.ts';
import {
  inMinutes,
  NOON_MS,
  sampleArea,
  sampleClock,
  sampleDelta,
  sampleFeed,
  sampleFlag,
  sampleStatus,
} from '../test/samples.ts';
import { conditionsOf } from '../wall/conditions.ts';
import { createFactsIndex, rowOf } from './facts.ts';
import { type LiveState, withDeltas } from './live-store.ts';

const IDS = ['area-a', 'area-b', 'area-c', 'area-d'];
const minutes = fc.integer({ min: -90, max: 90 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const areas = fc.tuple(
  ...IDS.map((id) =>
    fc
      .record({
        kind: fc.constantFrom(...AreaKind.options),
        name: fc.constantFrom(
          { uk: 'Камера 1', en: 'Cell 1' },
          { uk: 'Камера 2', en: 'Cell 2' },
          { uk: "Кам'яна", en: 'Stone' },
        ),
        capacity: fc.nat(3),
        sources: fc.array(fc.constantFrom(...FeedSource.options), { maxLength: 2 }),
      })
      .map(({ sources, ...made }) =>
        sampleArea({
          id,
          ...made,
          feeds: sources.map((source, index) => ({ id: `${id}-cam-${index}`, source, layers: ['low'] })),
        }),
      ),
  ),
);

const clock = fc
  .record({
    normSet: fc.constantFrom('ua-cpc', 'ua-admin'),
    standing: optional(fc.constantFrom('guidance' as const, 'judgment' as const)),
    shadowed: optional(fc.constant(true as const)),
    pausedAt: optional(minutes.map(inMinutes)),
    amberAt: minutes.map(inMinutes),
    redAt: minutes.map(inMinutes),
    dueAt: minutes.map(inMinutes),
  })
  .map((over) => JSON.parse(JSON.stringify(sampleClock(over as object))));

const status = fc
  .record({
    areaId: fc.constantFrom(...IDS),
    headcount: fc.nat(4),
    clocks: fc.array(clock, { maxLength: 3 }),
    vulnerabilities: fc.subarray([...Vulnerability.options]),
    nextCheckDueAt: fc.option(minutes.map(inMinutes)),
    confidentialSince: fc.option(minutes.map(inMinutes)),
    bellSince: optional(minutes.map(inMinutes)),
    observation: optional(fc.constantFrom(2, 3, 4)),
    space: optional(
      fc.record({
        m2PerPerson: fc.constant(3),
        level: fc.constantFrom('note' as const, 'amber' as const, 'red' as const),
      }),
    ),
    findings: optional(
      fc.subarray([
        { normSet: 'record', code: 'dark', since: inMinutes(0) },
        { normSet: 'ua-order-777', code: 'minor-with-adult', since: inMinutes(0) },
      ]),
    ),
  })
  .map((over) => JSON.parse(JSON.stringify(sampleStatus(over as object))) as AreaStatus);

const feed = fc
  .record({
    areaId: fc.constantFrom(...IDS),
    index: fc.nat(1),
    state: fc.constantFrom(...FeedState.options),
  })
  .map(({ index, ...over }): FeedStatus => sampleFeed({ ...over, feedId: `${over.areaId}-cam-${index}` }));

const flag = fc
  .record({
    id: fc.nat(5).map((number) => `00000000-0000-4000-8000-00000000000${number}`),
    severity: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
    state: fc.constantFrom('raised' as const, 'resolved' as const),
  })
  // A flag stays where it was raised.
  .map((over) => sampleFlag({ ...over, areaId: IDS[Number(over.id.at(-1)) % IDS.length] ?? 'area-a' }));

const unique = <T>(items: fc.Arbitrary<T>, idOf: (item: T) => string) =>
  fc.uniqueArray(items, { selector: idOf, maxLength: 6 });
const records = {
  areas: unique(status, ({ areaId }) => areaId),
  feeds: unique(feed, ({ feedId }) => feedId),
  flags: unique(flag, ({ id }) => id),
};

const filter: fc.Arbitrary<AreaFilter> = fc.record({
  region: fc.subarray(['UA-68', 'UA-05']),
  place: fc.subarray(['UA-05', 'ua-68-itt-2', 'area-b', 'area-z']),
  facilityKind: fc.subarray(['temporary-detention', 'police-unit']),
  kind: fc.subarray([...AreaKind.options]),
  occupancy: fc.subarray(['occupied', 'empty', 'over-capacity']),
  status: fc.subarray(['unseen', 'check-overdue', 'bell', 'observed', 'confidential']),
  clock: fc.constantFrom(null, 'amber', 'red', 'breached'),
  flag: fc.constantFrom(null, 'open', '1', '2', '3', '4'),
  space: fc.constantFrom(null, 'note', 'amber', 'red'),
  finding: fc.subarray(['separation', 'record']),
  vulnerability: fc.subarray([...Vulnerability.options]),
  feedState: fc.subarray([...FeedState.options]),
  feedSource: fc.subarray([...FeedSource.options]),
  normSet: fc.subarray(['ua-cpc', 'ua-admin', 'kz']),
  text: fc.constantFrom('', 'камера', 'Камера 1 хмел', 'кам’ян', 'area-b', 'cell khmel', 'нічого'),
} as const) as fc.Arbitrary<AreaFilter>;
/** Most filters ask for little. */
const filters = fc.array(
  fc.tuple(filter, fc.subarray(Object.keys(NO_FILTER), { maxLength: 2 })).map(
    ([all, keys]): AreaFilter => ({
      ...NO_FILTER,
      ...Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key))),
    }),
  ),
  { minLength: 1, maxLength: 5 },
);

function matching(state: LiveState, asked: AreaFilter, nowMs: number): string[] {
  const isMatch = createMatcher(asked, nowMs);
  return IDS.filter((id) => {
    const row = rowOf(state, id);
    return row !== undefined && isMatch(row);
  });
}

test('columns find what the filter finds record by record, whatever has changed, at any time', () => {
  fc.assert(
    fc.property(
      areas,
      fc.record(records),
      fc.array(fc.record({ ...records, atMinutes: minutes }), { maxLength: 4 }),
      filters,
      (registered, { areas: statuses, ...rest }, news, asked) => {
        let state = liveStateOf({ areas: registered, statuses, ...rest });
        const index = createFactsIndex();
        let nowMs = NOON_MS;
        const compare = () => {
          const facts = index.read(state);
          if (!facts) throw new Error('there is no registry');
          facts.country.setTime(nowMs);
          for (const one of asked) {
            const passes = matchAreas(facts.country, one, facts.search);
            expect(facts.country.areas.filter((_, place) => passes[place] === 1).map(({ id }) => id)).toEqual(
              matching(state, one, nowMs),
            );
          }
        };
        compare();
        for (const [step, { atMinutes, ...change }] of news.entries()) {
          const { regions } = withDeltas(state.regions, [sampleDelta(11 + step, change)]);
          state = { ...state, regions };
          nowMs = NOON_MS + atMinutes * 60_000;
          compare();
        }
      },
    ),
  );
});

test('a value counts the areas that choosing it beside the other facets would show', () => {
  fc.assert(
    fc.property(areas, fc.record(records), filters, (registered, { areas: statuses, ...rest }, asked) => {
      const state = liveStateOf({ areas: registered, statuses, ...rest });
      const facts = createFactsIndex().read(state);
      if (!facts) throw new Error('there is no registry');
      facts.country.setTime(NOON_MS);
      for (const one of asked)
        for (const [facet, counts] of countFacets(facts.country, one, facts.search))
          for (const [value, count] of counts) {
            const alone = { ...one, [facet]: Array.isArray(one[facet]) ? [value] : value } as AreaFilter;
            expect([facet, value, count]).toEqual([facet, value, matching(state, alone, NOON_MS).length]);
          }
      expect(conditionsOf(NO_FILTER)).toEqual([]);
    }),
  );
});

test('a record that nobody changed is the same object, and a delta replaces its own only', () => {
  const statuses = ['area-a', 'area-b'].map((areaId) => sampleStatus({ areaId }));
  const state = liveStateOf({ areas: statuses.map(({ areaId }) => sampleArea({ id: areaId })), statuses });
  const { regions } = withDeltas(state.regions, [
    sampleDelta(11, { areas: [sampleStatus({ areaId: 'area-b', headcount: 0 })] }),
  ]);
  const after = { ...state, regions };
  expect(rowOf(after, 'area-a')?.status).toBe(rowOf(state, 'area-a')?.status);
  expect(rowOf(after, 'area-b')?.status?.headcount).toBe(0);
});

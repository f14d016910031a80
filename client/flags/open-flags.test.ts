import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AreaFilter, NO_FILTER } from '#contract/area-filter.ts';
import type { AreaRow } from '../store/facts.ts';
import { createLiveStore, withDeltas, withSnapshot } from '../store/live-store.ts';
import { liveOf, sortFlags, UNKNOWN_REGION } from '../store/region-sync.ts';
import {
  inMinutes,
  NOON,
  NOON_MS,
  sampleArea,
  sampleDelta,
  sampleFacility,
  sampleFlag,
  sampleRegion,
  sampleSnapshot,
  sampleStatus,
} from '../test/samples.ts';
import { createOpenFlags, flagsWithin, GROUP_FROM, groupFlags, openFlagOf } from './open-flags.ts';

function flag(number: number, over: Parameters<typeof sampleFlag>[0] = {}) {
  return sampleFlag({ id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, ...over });
}

test('the list is the same as long as no flag changed', () => {
  const openFlags = createOpenFlags();
  const regions = { 'UA-68': UNKNOWN_REGION, 'UA-05': UNKNOWN_REGION };
  const snapshot = {
    at: NOON,
    regions: [
      sampleSnapshot({ flags: [flag(1, { severity: 3 })] }),
      sampleSnapshot({ regionId: 'UA-05', flags: [flag(2, { regionId: 'UA-05', severity: 1 })] }),
    ],
  };
  const state = { ...createLiveStore().getState(), ...withSnapshot(regions, snapshot, undefined) };
  const list = openFlags(state);
  expect(list.map(({ severity }) => severity)).toEqual([1, 3]);
  const later = withDeltas(state.regions, [sampleDelta(11, { areas: [sampleStatus()] })]);
  expect(openFlags({ ...state, regions: later.regions })).toBe(list);
});

test('whatever has changed where, the list is in the order of all flags together', () => {
  const openFlags = createOpenFlags();
  const ids = ['UA-68', 'UA-05'];
  const change = fc.record({
    regionId: fc.constantFrom(...ids),
    number: fc.nat(6),
    severity: fc.constantFrom(1 as const, 2 as const, 3 as const),
    state: fc.constantFrom('raised' as const, 'resolved' as const),
    atMinutes: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      let { regions } = withSnapshot(
        Object.fromEntries(ids.map((id) => [id, UNKNOWN_REGION])),
        { at: NOON, regions: ids.map((regionId) => sampleSnapshot({ regionId, seq: 0 })) },
        undefined,
      );
      for (const { regionId, number, atMinutes, ...over } of changes) {
        const { history } = sampleFlag();
        const at = inMinutes(atMinutes);
        const changed = flag(number + 10 * ids.indexOf(regionId), {
          ...over,
          regionId,
          history: history.map((step) => ({ ...step, at })),
        });
        const before = liveOf(regions[regionId])?.seq ?? 0;
        regions = withDeltas(regions, [
          { ...sampleDelta(before + 1, { flags: [changed] }), regionId },
        ]).regions;
        const all = ids.flatMap((id) => [...(liveOf(regions[id])?.flags.values() ?? [])]);
        expect(openFlags({ ...createLiveStore().getState(), regions })).toEqual(sortFlags(all));
        const isOpen = all.some(({ id }) => id === changed.id);
        expect(openFlagOf({ regions }, changed.id)).toEqual(isOpen ? changed : undefined);
      }
    }),
  );
});

test('a few flags stand each for itself', () => {
  const few = Array.from({ length: GROUP_FROM - 1 }, (_, index) => flag(index));
  expect(groupFlags(few)).toHaveLength(few.length);
});

test('a burst of the same kind is one', () => {
  const burst = Array.from({ length: 9 }, (_, index) =>
    flag(index, { category: 'missed-check', severity: 3 }),
  );
  const groups = groupFlags([flag(100, { severity: 1 }), ...burst]);
  expect(groups.map(({ flags }) => flags.length)).toEqual([1, 9]);
});

test('what somebody took stays apart from what nobody did, and other facilities from each other', () => {
  const taken = Array.from({ length: 5 }, (_, index) => flag(index, { state: 'acknowledged' }));
  const raised = Array.from({ length: 5 }, (_, index) => flag(10 + index));
  const other = flag(20, { facilityId: 'ua-68-itt-1' });
  expect(groupFlags([...taken, ...raised, other]).map(({ flags }) => flags.length)).toEqual([5, 5, 1]);
});

test('a burst over a whole region is one of the region', () => {
  const wide = Array.from({ length: 40 }, (_, index) => flag(index, { facilityId: `ua-68-itt-${index}` }));
  expect(groupFlags(wide)).toHaveLength(1);
});

test('a flag on a whole facility passes a filter that one of its areas would pass with it', () => {
  const row: AreaRow = {
    area: sampleArea(),
    facility: sampleFacility(),
    regionName: sampleRegion().name,
    status: sampleStatus(),
    feeds: [],
    flags: [],
    flagSeverities: [],
  };
  const { areaId: _, ...whole } = flag(1, { severity: 3 });
  const far = { ...whole, id: flag(2).id, facilityId: 'ua-05-itt-1' };
  const within = (filter: Partial<AreaFilter>) =>
    flagsWithin([whole, far, flag(3)], {
      isMatched: () => false,
      filter: { ...NO_FILTER, ...filter },
      rowsOf: (facilityId) => [row].filter(({ facility }) => facility.id === facilityId),
      nowMs: NOON_MS,
    });
  expect(within({})).toEqual([whole]);
  expect(within({ flag: '3', region: ['UA-68'] })).toEqual([whole]);
  expect(within({ flag: '2' })).toEqual([]);
  expect(within({ kind: ['corridor'] })).toEqual([]);
});

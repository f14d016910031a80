import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AreaStatus } from '#contract/status.ts';
import { applyToRegion, type RegionCustody } from '../custody/state/region-custody.ts';
import { RegionMirror } from '../live/region-mirror.ts';
import { BASIS, START_MS, stored } from '../test/fixtures/custody.ts';
import { detention, shuffled } from '../test/fixtures/detentions.ts';
import { feedStatus, flagOn } from '../test/fixtures/live-records.ts';
import { SMALL_NATION, smallRegistry } from '../test/fixtures/nation.ts';
import { createLiveSummaries, type SummedLive } from './live-summary.ts';

const REGION = 'UA-68';
const FACILITIES = ['ua-68-itt-1', 'ua-68-itt-2'];
const HOUR_MS = 3_600_000;

/** The region as a replica that has heard all of it has it. */
function mirrorOf(
  statuses: readonly AreaStatus[],
  change: Parameters<RegionMirror['apply']>[0] = { seq: 1 },
) {
  const mirror = new RegionMirror(REGION);
  mirror.apply({ seq: 1, areas: statuses });
  mirror.apply(change);
  return mirror;
}
const liveOf = (mirror: RegionMirror): SummedLive => ({
  area: (areaId) => mirror.areas.get(areaId),
  feed: (feedId) => mirror.feeds.get(feedId),
  snapshot: (regionId) =>
    regionId === REGION ? mirror.toSnapshot() : new RegionMirror(regionId).toSnapshot(),
});
const summed = (mirror: RegionMirror, nowMs: number) =>
  Object.fromEntries(createLiveSummaries(smallRegistry(), liveOf(mirror)).facilities(REGION, nowMs));

test('what was told change by change adds up to the same as what is rebuilt from the stream in any order', () => {
  const when = fc.record({
    starts: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 }),
    size: fc.integer({ min: 1, max: 9 }),
    nowHours: fc.integer({ min: 0, max: 80 }),
  });
  fc.assert(
    fc.property(when, ({ starts, size, nowHours }) => {
      const events = starts.flatMap((hour, index) => {
        const facilityId = FACILITIES[index % FACILITIES.length] ?? '';
        return detention(facilityId, START_MS + hour * HOUR_MS).map((event) =>
          stored(event, event.recordedAt, facilityId),
        );
      });
      const live = new RegionMirror(REGION);
      let region: RegionCustody = new Map();
      for (let start = 0; start < events.length; start += size) {
        const applied = applyToRegion(region, events.slice(start, start + size), BASIS);
        region = applied.region;
        live.apply({ seq: live.seq + 1, areas: applied.statuses });
      }
      const again = applyToRegion(new Map(), shuffled([...events, ...events.slice(0, size)]), BASIS).region;
      const rebuilt = mirrorOf([...again.values()].flatMap(({ statuses }) => [...statuses.values()]));
      const nowMs = START_MS + nowHours * HOUR_MS;
      expect(summed(live, nowMs)).toEqual(summed(rebuilt, nowMs));
      const inside = [...again.values()].flatMap(({ views }) =>
        [...views.values()].filter(({ place }) => place !== null),
      );
      const summaries = createLiveSummaries(smallRegistry(), liveOf(live));
      expect(summaries.sum(summaries.facilities(REGION, nowMs).values()).headcount).toBe(inside.length);
    }),
    { numRuns: 40 },
  );
});

test('flags count with their facility, also those on the whole of it, as long as they are open', () => {
  const flag = flagOn('ua-68-itt-1-cell-1', { severity: 1 });
  const { areaId: _, ...whole } = flagOn('ua-68-itt-1-cell-1', { severity: 3 });
  const mirror = mirrorOf([], {
    seq: 2,
    flags: [flag, whole, flagOn('ua-68-itt-2-cell-1', { severity: 1 })],
    feeds: [feedStatus('ua-68-itt-1-cell-1', { state: 'lost' })],
  });
  expect(summed(mirror, START_MS)['ua-68-itt-1']?.flags).toEqual({ '1': 1, '2': 0, '3': 1, '4': 0 });
  mirror.apply({ seq: 3, flags: [{ ...flag, state: 'resolved' }] });
  expect(summed(mirror, START_MS)['ua-68-itt-1']?.flags).toEqual({ '1': 0, '2': 0, '3': 1, '4': 0 });
});

test('every facility of a region is there, each with its areas, also when nothing is known of it', () => {
  const own = SMALL_NATION.facilities.filter(({ regionId }) => regionId === REGION);
  const all = summed(new RegionMirror(REGION), START_MS);
  expect(Object.keys(all)).toEqual(own.map(({ id }) => id));
  expect(Object.values(all).map(({ areas, occupied }) => [areas, occupied])).toEqual(own.map(() => [3, 0]));
});

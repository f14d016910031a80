import type { AreaEvent, CaseEvent, CustodyEvent } from '#contract/custody-events.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import type { FacilityId } from '#contract/ids.ts';
import type { Area, Nation } from '#contract/nation.ts';
import { between, seededRandom } from '../../config/nation/seeded.ts';
import { normsOf } from '../../config/norms/norms.ts';
import { eventIdOf } from '../../sample/custody/event-id.ts';
import type { Stay } from '../../sample/custody/stay.ts';
import { createRoomFinder, planEvents } from '../../sample/custody/stay-events.ts';
import { type Bed, listBeds } from '../../sample/population.ts';
import { EventStore } from '../custody/event-store.ts';
import { createBasis } from '../custody/state/basis.ts';
import { createLiveWriter } from '../live/live-writer.ts';
import type { TestRedis } from '../test/fixtures/redis.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * What custody systems have told of everybody who is in a nation's cells at an instant, and of the air in every area; by
 * facility, in the order in which it was written down. `isKept`: which types of events; others change no status.
 */
export function* eventsOfNation(
  nation: Nation,
  nowMs: number,
  isKept: (type: CustodyEvent['type']) => boolean,
): Generator<{ facilityId: FacilityId; events: CustodyEvent[] }> {
  const findRoom = createRoomFinder(nation.areas);
  const beds = Map.groupBy(listBeds(nation), ({ facilityId }) => facilityId);
  const areas = Map.groupBy(nation.areas, ({ facilityId }) => facilityId);
  for (const { id } of nation.facilities) {
    const told = (beds.get(id) ?? []).flatMap((bed) =>
      planEvents(stayOf(bed, nowMs), findRoom).filter(
        ({ recordedMs, event }) => recordedMs <= nowMs && isKept(event.type),
      ),
    );
    const taken = new Set((beds.get(id) ?? []).map(({ areaId }) => areaId));
    const rounds = (areas.get(id) ?? []).flatMap((area) => roundsOf(area.id, taken.has(area.id), nowMs));
    told.sort((a, b) => a.recordedMs - b.recordedMs);
    yield { facilityId: id, events: [...told.map(({ event }) => event), ...rounds] };
  }
}

/** Events that are stored at once. */
const CHUNK = 1_000;

/** Stores a nation's events as the server does, and the state of every feed; what follows from them is the server's to find. */
export async function fillNation(
  server: TestRedis,
  nation: Nation,
): Promise<{ people: number; events: number }> {
  const redis = await server.connect();
  const nowMs = Date.now();
  const store = new EventStore(redis);
  const { keptTypes } = createBasis({
    normsOf: normsOf(nation),
    facilities: nation.facilities,
    areas: nation.areas,
  });
  const isKept = (type: CustodyEvent['type']) =>
    type === 'CELL_CHECK' || type === 'CONDITIONS_MEASURED' || keptTypes.has(type as CaseEvent['type']);
  const regionOf = new Map(nation.facilities.map(({ id, regionId }) => [id, regionId]));
  let count = 0;
  for (const { facilityId, events } of eventsOfNation(nation, nowMs, isKept)) {
    count += events.length;
    const place = { facilityId, regionId: regionOf.get(facilityId) ?? '' };
    for (let first = 0; first < events.length; first += CHUNK)
      await store.accept(place, events.slice(first, first + CHUNK), { receivedAtMs: nowMs });
  }
  const writer = createLiveWriter({ redis, now: Date.now });
  for (const [regionId, areas] of Map.groupBy(nation.areas, (area) => area.regionId)) {
    await writer.commit(regionId, { feeds: feedsAtRest(areas, nowMs) });
  }
  return { people: listBeds(nation).length, events: count };
}

/** Feeds that nobody watches, each since some time in the last three days. */
export function feedsAtRest(areas: readonly Area[], nowMs: number): FeedStatus[] {
  return areas.flatMap((area) =>
    area.feeds.map(({ id: feedId }): FeedStatus => {
      const agoMs = between(seededRandom(`feed ${feedId}`), 0, 72) * HOUR_MS;
      const since = new Date(nowMs - agoMs).toISOString();
      return { feedId, areaId: area.id, state: 'idle', layers: [], since };
    }),
  );
}

/** Somebody who came in the last two days and is still there. */
function stayOf(bed: Bed, nowMs: number): Stay {
  const random = seededRandom(`nation ${bed.areaId} ${bed.index}`);
  const isShort = bed.group === 'administrative';
  const deliveredMs = nowMs - Math.round(between(random, 1.2, isShort ? 2.5 : 46) * HOUR_MS);
  const apprehendedMs = deliveredMs - Math.round(between(random, 15, 50) * MINUTE_MS);
  const [, region = '', facility = ''] = /^ua-(\w+)-itt-(\d+)$/.exec(bed.facilityId) ?? [];
  const minute = Math.floor(apprehendedMs / MINUTE_MS) % 1_000_000;
  return {
    bed,
    caseId: `cr-${region}-${facility}-${String(minute * 1000 + bed.index).padStart(9, '0')}`,
    apprehendedMs,
    deliveredMs,
    placedMs: deliveredMs + Math.round(between(random, 30, 60) * MINUTE_MS),
    suspicionMs: isShort ? null : apprehendedMs + Math.round(between(random, 6, 23) * HOUR_MS),
    courtMs: isShort ? null : apprehendedMs + Math.round(between(random, 30, 59) * HOUR_MS),
    decisionMs: null,
    endMs: nowMs + 72 * HOUR_MS,
    end: 'RELEASED',
  };
}

/** The last measurement in an area, and the last check of one that somebody is in. */
function roundsOf(areaId: string, isTaken: boolean, nowMs: number): AreaEvent[] {
  const random = seededRandom(`rounds ${areaId}`);
  const at = (agoMinutes: number) => new Date(nowMs - Math.round(agoMinutes * MINUTE_MS)).toISOString();
  const event = (type: AreaEvent['type'], agoMinutes: number, more: Partial<AreaEvent> = {}) =>
    ({
      id: eventIdOf(`${type} ${areaId} ${nowMs}`),
      type,
      areaId,
      occurredAt: at(agoMinutes),
      recordedAt: at(agoMinutes - 0.2),
      recordedBy: 'bench',
      ...more,
    }) as AreaEvent;
  const measured = event('CONDITIONS_MEASURED', between(random, 1, 59), {
    temperatureC: Math.round(between(random, 17.5, 24) * 10) / 10,
    co2Ppm: Math.round(between(random, 500, 1_500)),
    humidityPct: Math.round(between(random, 35, 65)),
  } as Partial<AreaEvent>);
  return isTaken ? [measured, event('CELL_CHECK', between(random, 1, 55))] : [measured];
}

import { briefOf, pressingDueMs } from '#contract/area-brief.ts';
import type { Moment } from '#contract/clocks.ts';
import type { AreaId, RegionId } from '#contract/ids.ts';
import type { AreaStatus } from '#contract/status.ts';
import { type Columns, createColumns } from './country-columns.ts';
import type { LiveState } from './live-store.ts';
import type { AreaSource } from './records.ts';
import { liveOf, type RegionLive } from './region-sync.ts';
import type { Registry } from './registry.ts';

/**
 * What is known of every area, by its place in the registry's order, as columns of numbers: 45,000 areas are filtered,
 * counted and put in order between two key presses. The columns are written anew in place; `version` says whether they were.
 */
export interface Country extends Columns {
  readonly registry: Registry;
  /** Grows with every change. */
  readonly version: number;
  placeOf(areaId: AreaId): number | undefined;
  /** When the clock that presses most is due; ms, or Infinity. Which one that is, is known to the minute. */
  dueMs(place: number, now: Moment): number;
  /** Takes over what is live now. Looks only at what changed since the last time. */
  update(state: LiveState): void;
  /** Takes over what time does to clocks and checks (ms since the epoch). */
  setTime(nowMs: number): void;
}

/** What was read of a region. */
interface Read {
  source: AreaSource;
  areas: RegionLive['areas'];
  feeds: RegionLive['feeds'];
  flagsByArea: RegionLive['flagsByArea'];
}

/** The columns of a registry's areas, of which nothing live is known yet. */
export function createCountry(registry: Registry): Country {
  const { columns, write } = createColumns(registry);
  const { areas } = columns;
  const placeById = new Map(areas.map(({ id }, place) => [id, place]));
  const placesOf = Map.groupBy(areas.keys(), (place) => areas[place]?.regionId ?? '');
  const regions = new Map<RegionId, Read>();
  /** Records that came after the snapshot, by place: what a column was last written from. */
  const latest = new Map<number, AreaStatus>();
  /** Where an area stands in its region's snapshot. */
  const told = new Int32Array(areas.length).fill(-1);
  const tellers = new Map<RegionId, AreaSource>();
  /** Answers of `dueMs` in a minute; NaN where there is none. */
  const due = new Float64Array(areas.length);
  let dueMinute = Number.NaN;
  let [version, timeMs, timeVersion] = [0, Number.NEGATIVE_INFINITY, -1];

  function readAnew(regionId: RegionId, live: RegionLive): void {
    const { source } = live.areas;
    tellers.set(regionId, source);
    source.ids.forEach((id, index) => {
      const place = placeById.get(id);
      if (place === undefined) return;
      told[place] = index;
      latest.delete(place);
      due[place] = Number.NaN;
      write.status(place, source.brief(index));
    });
    for (const place of placesOf.get(regionId) ?? []) write.asleep(place);
    const awake = [
      ...live.feeds.source.awake,
      ...Array.from(live.feeds.changed.values(), ({ areaId }) => areaId),
    ];
    for (const areaId of awake) {
      const place = placeById.get(areaId);
      if (place !== undefined) write.sight(place, live);
    }
  }

  function readFlags(before: Read['flagsByArea'] | undefined, now: Read['flagsByArea']): void {
    if (before === now) return;
    for (const id of before?.keys() ?? []) {
      const place = now.has(id) ? undefined : placeById.get(id);
      if (place !== undefined) write.flags(place, []);
    }
    for (const [id, open] of now) {
      const place = before?.get(id) === open ? undefined : placeById.get(id);
      if (place !== undefined) write.flags(place, open);
    }
  }

  function readRegion(regionId: RegionId, live: RegionLive): void {
    const before = regions.get(regionId);
    if (
      before?.areas === live.areas &&
      before.feeds === live.feeds &&
      before.flagsByArea === live.flagsByArea
    )
      return;
    version += 1;
    const isAnew = before?.source !== live.areas.source || before.feeds.source !== live.feeds.source;
    if (isAnew) readAnew(regionId, live);
    if (isAnew || before.areas !== live.areas)
      for (const [id, status] of live.areas.changed) {
        const place = placeById.get(id);
        if (place === undefined || latest.get(place) === status) continue;
        latest.set(place, status);
        due[place] = Number.NaN;
        write.status(place, briefOf(status));
        write.sight(place, live);
      }
    if (!isAnew && before.feeds !== live.feeds)
      for (const [id, feed] of live.feeds.changed) {
        const place = placeById.get(feed.areaId);
        if (place !== undefined && before.feeds.changed.get(id) !== feed) write.sight(place, live);
      }
    readFlags(before?.flagsByArea, live.flagsByArea);
    const { areas: records, feeds, flagsByArea } = live;
    regions.set(regionId, { source: records.source, areas: records, feeds, flagsByArea });
  }

  function findDueMs(place: number, now: Moment): number {
    const status = latest.get(place);
    if (status) return pressingDueMs(status, now);
    const index = told[place] ?? -1;
    const teller = tellers.get(areas[place]?.regionId ?? '');
    return index < 0 || !teller ? Infinity : teller.dueMs(index, now.ms);
  }

  return {
    ...columns,
    registry,
    get version() {
      return version;
    },
    placeOf: (areaId) => placeById.get(areaId),
    dueMs(place, now) {
      const minute = Math.floor(now.ms / 60_000);
      if (minute !== dueMinute) due.fill(Number.NaN);
      dueMinute = minute;
      const known = due[place] ?? Number.NaN;
      if (!Number.isNaN(known)) return known;
      const found = findDueMs(place, now);
      due[place] = found;
      return found;
    },
    update(state) {
      for (const [regionId, sync] of Object.entries(state.regions)) {
        const live = liveOf(sync);
        if (live) readRegion(regionId, live);
      }
    },
    setTime(nowMs) {
      if (timeVersion === version && nowMs === timeMs) return;
      [timeMs, timeVersion] = [nowMs, version];
      write.time(nowMs);
    },
  };
}

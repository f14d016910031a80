import type { AreaFacts } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';
import type { Area } from '#contract/nation.ts';
import type { LiveState } from './live-store.ts';
import type { RegionLive } from './region-sync.ts';
import { liveOf } from './region-sync.ts';
import type { Registry } from './registry.ts';

/** An area's facts, with what the order needs beside. */
export interface AreaRow extends AreaFacts {
  flags: readonly Flag[];
}

/** Facts of all areas in the registry's order. Rows of a region that did not change are the same objects as before. */
export interface FactsIndex {
  rows(state: LiveState): readonly AreaRow[];
}

const NO_FLAGS: readonly Flag[] = [];

/** Remembers the rows of each region as long as its records stay the same, and the whole as long as all do. */
export function createFactsIndex(): FactsIndex {
  let registry: Registry | undefined;
  let areasByRegion: ReadonlyMap<string, readonly Area[]> = new Map();
  let regionRows = new Map<string, { live: RegionLive | undefined; rows: readonly AreaRow[] }>();
  let all: readonly AreaRow[] = [];

  function adopt(next: Registry): void {
    registry = next;
    areasByRegion = Map.groupBy(next.areas, (area) => area.regionId);
    regionRows = new Map();
    all = [];
  }

  return {
    rows(state) {
      if (!state.registry) return [];
      if (state.registry !== registry) adopt(state.registry);
      let changed = false;
      for (const [regionId, areas] of areasByRegion) {
        const live = liveOf(state.regions[regionId]);
        const before = regionRows.get(regionId);
        if (before && before.live === live) continue;
        changed = true;
        regionRows.set(regionId, { live, rows: toRows(state.registry, areas, live, before?.rows) });
      }
      if (changed) all = [...regionRows.values()].flatMap(({ rows }) => rows);
      return all;
    },
  };
}

function toRows(
  registry: Registry,
  areas: readonly Area[],
  live: RegionLive | undefined,
  before: readonly AreaRow[] | undefined,
): readonly AreaRow[] {
  return areas.flatMap((area, index) => {
    const row = toRow(registry, area, live);
    if (!row) return [];
    const earlier = before?.[index];
    return earlier && isSameRow(earlier, row) ? earlier : row;
  });
}

function toRow(registry: Registry, area: Area, live: RegionLive | undefined): AreaRow | undefined {
  const facility = registry.facilityById[area.facilityId];
  const region = registry.regionById[area.regionId];
  if (!facility || !region) return undefined;
  const flags = live?.flagsByArea[area.id] ?? NO_FLAGS;
  return {
    area,
    facility,
    regionName: region.name,
    status: live?.areas[area.id],
    feeds: area.feeds.map((feed) => live?.feeds[feed.id]),
    flags,
    flagSeverities: flags.map((flag) => flag.severity),
  };
}

function isSameRow(a: AreaRow, b: AreaRow): boolean {
  return (
    a.area === b.area &&
    a.status === b.status &&
    a.flags === b.flags &&
    a.feeds.length === b.feeds.length &&
    a.feeds.every((feed, index) => feed === b.feeds[index])
  );
}

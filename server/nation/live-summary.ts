import type { FacilityId, RegionId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import {
  addSummaries,
  type LiveSummary,
  NOTHING_LIVE,
  summaryOfArea,
  summaryOfFlags,
} from '#contract/summary.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from './registry.ts';

/** The parts of live state that are added up. */
export type SummedLive = Pick<LiveView, 'area' | 'feed' | 'snapshot'>;

/** What is live in facilities, and in a region as far as some of its facilities go, at an instant (ms since the epoch). */
export interface LiveSummaries {
  facilities(regionId: RegionId, nowMs: number): ReadonlyMap<FacilityId, LiveSummary>;
  sum(summaries: Iterable<LiveSummary>): LiveSummary;
}

/**
 * Adds up what is live, from areas to facilities, to regions, to the nation. Nothing is kept between two questions: the
 * mirror of what is live is a projection already, and a sum that was kept could differ from it.
 */
export function createLiveSummaries(registry: Pick<Registry, 'nation'>, live: SummedLive): LiveSummaries {
  const byRegion = Map.groupBy(registry.nation.facilities, ({ regionId }) => regionId);
  const byFacility = Map.groupBy(registry.nation.areas, ({ facilityId }) => facilityId);
  const feedOf = (feedId: string) => live.feed(feedId);
  const sum = (summaries: Iterable<LiveSummary>) => {
    let total = NOTHING_LIVE;
    for (const one of summaries) total = addSummaries(total, one);
    return total;
  };
  const ofArea = (area: Area, nowMs: number) =>
    summaryOfArea({ area, status: live.area(area.id), feedOf }, nowMs);
  return {
    sum,
    facilities: (regionId, nowMs) => {
      const flags = Map.groupBy(live.snapshot(regionId).flags, ({ facilityId }) => facilityId);
      return new Map(
        (byRegion.get(regionId) ?? []).map(({ id }) => [
          id,
          sum([
            summaryOfFlags(flags.get(id) ?? []),
            ...(byFacility.get(id) ?? []).map((area) => ofArea(area, nowMs)),
          ]),
        ]),
      );
    },
  };
}

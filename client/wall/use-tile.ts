import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Area, Facility } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { useLive } from '../desk/desk-context.ts';
import { feedOf, flagsOf, statusOf } from '../store/live-store.ts';

/** Everything that a tile shows of an area. */
export interface TileData {
  area: Area;
  facility: Facility | undefined;
  status: AreaStatus | undefined;
  feed: FeedStatus | undefined;
  /** Open flags, most severe first. */
  flags: readonly Flag[];
}

const NO_FLAGS: readonly Flag[] = [];

/** Renders again only when one of this area's own records is another one. */
export function useTile(areaId: AreaId): TileData | undefined {
  const area = useLive((state) => state.registry?.areaById[areaId]);
  const facility = useLive((state) => (area ? state.registry?.facilityById[area.facilityId] : undefined));
  const status = useLive((state) => (area ? statusOf(state, area) : undefined));
  const feed = useLive((state) => (area ? feedOf(state, area) : undefined));
  const flags = useLive((state) => (area ? flagsOf(state, area) : NO_FLAGS));
  return area && { area, facility, status, feed, flags };
}

/**
 * Some areas may not be filmed while somebody is inside. Closed when it is not known whether anybody is: the server
 * refuses then too, and the tile must not look like a fault.
 */
export function isClosedByPrivacy(area: Area, status: AreaStatus | undefined): boolean {
  return area.privacy === 'forbidden-when-occupied' && status?.headcount !== 0;
}

/** Net area per person in tenths of m², downwards: 2.97 is less than 3 and must not read as 3.0. Undefined where nobody stays. */
export function m2PerPerson(area: Area, status: AreaStatus | undefined): number | undefined {
  const headcount = status?.headcount ?? 0;
  if (headcount === 0 || area.capacity === 0) return undefined;
  const m2 = status?.space?.m2PerPerson ?? area.netAreaM2 / headcount;
  // What a product of tenths lacks in the sixteenth digit is no tenth less.
  return Math.floor(m2 * 10 + 1e-9) / 10;
}

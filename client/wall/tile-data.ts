import type { FeedStatus } from '#contract/feeds.ts';
import type { Flag } from '#contract/flags.ts';
import type { Area, Facility } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';

/** Everything that a tile shows of an area. */
export interface TileData {
  area: Area;
  facility: Facility | undefined;
  status: AreaStatus | undefined;
  feed: FeedStatus | undefined;
  /** Open flags, most severe first. */
  flags: readonly Flag[];
}

/**
 * Some areas may not be filmed while somebody is inside. Closed when it is not known whether anybody is: the server
 * refuses then too, and the tile must not look like a fault.
 */
export function isClosedByPrivacy(area: Area, status: AreaStatus | undefined): boolean {
  return area.privacy === 'forbidden-when-occupied' && status?.headcount !== 0;
}

/** Nobody may see the area now: neither asked for nor shown. */
export function isClosed(area: Area, status: AreaStatus | undefined): boolean {
  return Boolean(status?.confidentialSince) || isClosedByPrivacy(area, status);
}

/** Net area per person in tenths of m², downwards: 2.97 is less than 3 and must not read as 3.0. Undefined where nobody stays. */
export function m2PerPerson(area: Area, status: AreaStatus | undefined): number | undefined {
  const headcount = status?.headcount ?? 0;
  if (headcount === 0 || area.capacity === 0) return undefined;
  const m2 = status?.space?.m2PerPerson ?? area.netAreaM2 / headcount;
  // What a product of tenths lacks in the sixteenth digit is no tenth less.
  return Math.floor(m2 * 10 + 1e-9) / 10;
}

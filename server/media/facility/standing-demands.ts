import type { FacilityMedia, FeedDemand } from '#contract/facility-link.ts';
import type { FeedId } from '#contract/ids.ts';

/** The demand that a piece of equipment was told of last, and when (ms, this replica's clock). */
export interface Told {
  demand: FeedDemand;
  atMs: number;
}

/** What stands for each feed, of the demands of all nodes: the newest. */
export function toStandingDemands(demands: Iterable<FeedDemand>): Map<FeedId, FeedDemand> {
  const standing = new Map<FeedId, FeedDemand>();
  for (const demand of demands) {
    const other = standing.get(demand.feedId);
    if (!other || Date.parse(demand.at) > Date.parse(other.at)) standing.set(demand.feedId, demand);
  }
  return standing;
}

/**
 * What has to be said about a feed, given what was said and what stands, as read at an instant (ms): news that came
 * after the reading began win over it.
 */
export function toUpdate(
  told: Told | undefined,
  standing: FeedDemand | undefined,
  readAtMs: number,
): { kind: 'demand'; demand: FeedDemand } | { kind: 'release' } | undefined {
  if (standing) return isNewer(standing, told) ? { kind: 'demand', demand: standing } : undefined;
  return told && told.atMs < readAtMs ? { kind: 'release' } : undefined;
}

/** Whether a demand says something else than what was said last, and is not older. */
export function isNewer(demand: FeedDemand, told: Told | undefined): boolean {
  if (!told) return true;
  const difference = Date.parse(demand.at) - Date.parse(told.demand.at);
  return difference > 0 || (difference === 0 && JSON.stringify(demand) !== JSON.stringify(told.demand));
}

/** Whether what a demand asks for is what the equipment sends. */
export function fits(demand: FeedDemand, media: FacilityMedia): boolean {
  return (demand.srtp !== undefined) === (media === 'srtp');
}

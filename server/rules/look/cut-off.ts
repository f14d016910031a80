import { type FeedStatus, isBlindFeed } from '#contract/feeds.ts';
import type { FacilityId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';

type FeedOf = (feedId: string) => FeedStatus | undefined;
type Feeds = readonly Pick<Area, 'feeds'>[];

/** Every feed that says anything of itself is lost, and that is more than one. */
export function areFeedsLost(areas: Feeds, feedOf: FeedOf): boolean {
  const told = toldFeeds(areas, feedOf);
  return told.length >= 2 && told.every(({ state }) => state === 'lost');
}

/** Feeds that say anything of themselves: what is sent on demand says nothing while nobody watches. */
export function toldFeeds(areas: Feeds, feedOf: FeedOf): FeedStatus[] {
  return areas.flatMap(({ feeds }) =>
    feeds.flatMap(({ id }) => {
      const status = feedOf(id);
      return status && status.state !== 'idle' ? [status] : [];
    }),
  );
}

/** Every feed is of an encoder that publishes by itself and does not, and that is more than one. */
export function areFeedsMute(areas: Feeds, feedOf: FeedOf): boolean {
  const feeds = areas.flatMap((area) => area.feeds);
  const isMute = (feed: Area['feeds'][number]) => {
    const status = feedOf(feed.id);
    return feed.source === 'whip' && isBlindFeed(feed, status) && status?.state !== 'faulty';
  };
  return feeds.length >= 2 && feeds.every(isMute);
}

/** Asks of a facility whether nothing of it gets through; each once. */
export function cutOffIn(areas: readonly Pick<Area, 'facilityId' | 'feeds'>[], feedOf: FeedOf) {
  const known = new Map<FacilityId, boolean>();
  let byFacility: Map<FacilityId, Pick<Area, 'facilityId' | 'feeds'>[]> | undefined;
  return ({ facilityId }: Pick<Area, 'facilityId'>): boolean => {
    const before = known.get(facilityId);
    if (before !== undefined) return before;
    byFacility ??= Map.groupBy(areas, (area) => area.facilityId);
    const own = byFacility.get(facilityId) ?? [];
    const isCutOff = areFeedsLost(own, feedOf) || areFeedsMute(own, feedOf);
    known.set(facilityId, isCutOff);
    return isCutOff;
  };
}

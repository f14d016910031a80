import { type FeedStatus, isBlindFeed, isPictureFault } from '#contract/feeds.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import type { Finding } from '../finding.ts';

const RULE_OF_FAULT = { frozen: 'feed-frozen', black: 'feed-black', covered: 'feed-covered' } as const;

/** Why an area cannot be seen. `confidential` is no fault, and nobody is called because of it. */
export type NoVideoCause = 'no-camera' | 'network' | 'fault' | 'confidential';

/** Faults of an area's feeds, and whether people are inside whom no camera shows. */
export function lookAtVideo(
  area: Pick<Area, 'id' | 'feeds'>,
  status: AreaStatus | undefined,
  feedOf: (feedId: string) => FeedStatus | undefined,
): Finding[] {
  const feeds = area.feeds.map(({ id }) => feedOf(id)).filter((feed) => feed !== undefined);
  const findings = feeds.flatMap((feed) => lookAtFeed(area.id, feed));
  const cause = status && status.headcount > 0 ? whyUnseen(area, status, feeds) : undefined;
  if (cause !== undefined && cause !== 'confidential')
    findings.push({ key: `no-video:${area.id}`, rule: 'no-video', areaId: area.id, params: { cause } });
  return findings;
}

/**
 * Why no camera of an area shows it now; undefined when one does, or would as soon as somebody looks. Equipment that sends
 * on demand says nothing of itself while nobody watches, and is not counted as gone; an encoder that publishes by itself
 * and does not is.
 */
export function whyUnseen(
  area: Pick<Area, 'feeds'>,
  status: Pick<AreaStatus, 'confidentialSince'>,
  feeds: readonly FeedStatus[],
): NoVideoCause | undefined {
  if (status.confidentialSince !== null) return 'confidential';
  if (area.feeds.length === 0) return 'no-camera';
  const known = new Map(feeds.map((feed) => [feed.feedId, feed]));
  if (!area.feeds.every((feed) => isBlindFeed(feed, known.get(feed.id)))) return undefined;
  return feeds.some(({ state }) => state === 'faulty') ? 'fault' : 'network';
}

function lookAtFeed(areaId: AreaId, { feedId, state, since, faults = [] }: FeedStatus): Finding[] {
  const sinceMs = Date.parse(since);
  if (state === 'lost')
    return [{ key: `feed-lost:${feedId}`, rule: 'feed-lost', areaId, params: { feedId }, sinceMs }];
  return faults.filter(isPictureFault).map((fault) => {
    const rule = RULE_OF_FAULT[fault];
    return { key: `${rule}:${feedId}`, rule, areaId, params: { feedId } };
  });
}

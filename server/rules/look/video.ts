import { type FeedStatus, isPictureFault } from '#contract/feeds.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { Finding } from '../finding.ts';
import type { NoVideoCause } from './why-unseen.ts';

const RULE_OF_FAULT = { frozen: 'feed-frozen', black: 'feed-black', covered: 'feed-covered' } as const;

/** Faults of an area's feeds, and whether people are inside whom no camera shows. */
export function lookAtVideo(
  area: Pick<Area, 'id' | 'feeds'>,
  {
    headcount,
    feedOf,
    cause,
  }: {
    headcount: number;
    feedOf: (feedId: string) => FeedStatus | undefined;
    /** Why no camera shows the area, if none does. */
    cause: NoVideoCause | undefined;
  },
): Finding[] {
  const feeds = area.feeds.flatMap(({ id }) => feedOf(id) ?? []);
  const findings = feeds.flatMap((feed) => lookAtFeed(area.id, feed));
  if (headcount > 0 && cause !== undefined && cause !== 'confidential')
    findings.push({ key: `no-video:${area.id}`, rule: 'no-video', areaId: area.id, params: { cause } });
  return findings;
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

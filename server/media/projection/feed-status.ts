import type { AreaId, FeedId } from '#contract/ids.ts';
import type { FeedStatus } from '#contract/status.ts';
import { type FeedKnowledge, toSpokesman } from './feed-book.ts';

interface FeedNow {
  feedId: FeedId;
  areaId: AreaId;
  /** What the media plane knows; undefined for an idle feed. */
  knowledge: FeedKnowledge | undefined;
  /** Nobody may watch the area now. */
  isAreaClosed: boolean;
  previous: FeedStatus | undefined;
  nowMs: number;
}

/** A feed as tiles show it. `since` stays as long as the state does. */
export function toFeedStatus({
  feedId,
  areaId,
  knowledge,
  isAreaClosed,
  previous,
  nowMs,
}: FeedNow): FeedStatus {
  const report = toSpokesman(knowledge);
  const [state, layers, sinceMs] = ((): [FeedStatus['state'], FeedStatus['layers'], number] => {
    if (isAreaClosed) return ['confidential', [], nowMs];
    if (report) return [report.state, report.layers, Date.parse(report.at)];
    if (knowledge?.state === 'orphaned') return ['lost', [], knowledge.sinceMs];
    return ['idle', [], nowMs];
  })();
  const since = previous?.state === state ? previous.since : new Date(sinceMs).toISOString();
  return { feedId, areaId, state, layers, since };
}

/** Whether consoles have to be told. A feed of which nothing was ever said is idle. */
export function isNews(status: FeedStatus, previous: FeedStatus | undefined): boolean {
  if (!previous) return status.state !== 'idle';
  return status.state !== previous.state || status.layers.join() !== previous.layers.join();
}

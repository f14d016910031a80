import { type FeedFault, type FeedStatus, isPictureFault } from '#contract/feeds.ts';
import type { AreaId, FeedId } from '#contract/ids.ts';
import type { FeedReport } from '#contract/registry.ts';
import { type FeedKnowledge, toFaults, toSpokesman } from './feed-book.ts';

interface FeedNow {
  feedId: FeedId;
  areaId: AreaId;
  /** What the media plane knows; undefined for an idle feed. */
  knowledge: FeedKnowledge | undefined;
  /** Nobody may watch the area now. */
  isAreaClosed: boolean;
  /** Since when the equipment that is to send it on demand is away, in milliseconds; undefined while it is there. */
  awaySinceMs: number | undefined;
  previous: FeedStatus | undefined;
  nowMs: number;
}

/** A feed as tiles show it. Video in which nothing can be seen is faulty. `since` stays as long as the state does. */
export function toFeedStatus({
  feedId,
  areaId,
  knowledge,
  isAreaClosed,
  awaySinceMs,
  previous,
  nowMs,
}: FeedNow): FeedStatus {
  const report = toSpokesman(knowledge);
  const known = toFaults(knowledge);
  // Nobody is there who holds it back.
  const isForsaken = awaySinceMs !== undefined && report?.state === 'stalled' && known.includes('uplink-cut');
  const faults = known.filter(
    // Of a closed area nothing is told, not even that its picture is black.
    (fault) => !isAreaClosed && !(isForsaken && fault === 'uplink-cut'),
  );
  const [state, layers, sinceMs] = ((): [FeedStatus['state'], FeedStatus['layers'], number] => {
    if (isAreaClosed) return ['confidential', [], nowMs];
    if (report && !isForsaken) return [toState(report.state, faults), report.layers, Date.parse(report.at)];
    if (knowledge?.state === 'orphaned') return ['lost', [], knowledge.sinceMs];
    if (awaySinceMs !== undefined) return ['lost', [], awaySinceMs];
    return ['idle', [], nowMs];
  })();
  const since = previous?.state === state ? previous.since : new Date(sinceMs).toISOString();
  return { feedId, areaId, state, layers, ...(faults.length > 0 ? { faults } : {}), since };
}

function toState(state: FeedReport['state'], faults: readonly FeedFault[]): FeedStatus['state'] {
  return state === 'live' && faults.some(isPictureFault) ? 'faulty' : state;
}

/** Whether consoles have to be told. A feed of which nothing was ever said is idle. */
export function isNews(status: FeedStatus, previous: FeedStatus | undefined): boolean {
  if (!previous) return status.state !== 'idle';
  return (
    status.state !== previous.state ||
    status.layers.join() !== previous.layers.join() ||
    joined(status.faults) !== joined(previous.faults)
  );
}

function joined(faults: readonly FeedFault[] = []): string {
  return faults.toSorted().join();
}

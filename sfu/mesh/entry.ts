import type { ErrorCode } from '#contract/errors.ts';
import type { NodeId } from '#contract/ids.ts';
import type { FeedSource } from '#contract/nation.ts';
import type { NodeRecord } from '#contract/registry.ts';

/** A home whose node has not renewed its record for this long, and is not to be reached, is taken over. Two heartbeats. */
export const HOME_STALE_MS = 3_000;

/** Who has a feed, as the registry tells. */
export type Holding =
  | { state: 'free' }
  | { state: 'mine' }
  /** `record` is undefined when its node is gone; `unrenewedMs`: how long ago it renewed its record. */
  | { state: 'other'; nodeId: NodeId; record: NodeRecord | undefined; unrenewedMs: number };

/** What is known when somebody on this node wants a feed that this node does not have. */
export interface Situation {
  source: FeedSource;
  holding: Holding;
  /** This node can get at the feed itself: an on-demand feed always, a camera if it is one of those it can pull. */
  canEnter: boolean;
  /** This node is to be left itself. */
  isDraining: boolean;
  /** What is sent to this node does not get through to it: another one had better take what enters. */
  isDeaf: boolean;
  /** The registry has been there for long enough that a node without a record is gone. */
  isSettled: boolean;
  /** Nodes that were asked just now: nobody listens there, they do not answer, or they are not the home any more. */
  failed: ReadonlyMap<NodeId, 'refused' | 'silent' | 'conflict'>;
  /** Another node asks us: we are its home or not, but never a go-between. */
  forPeer: boolean;
}

export type Entry =
  /** It is this node's: open it. */
  | { act: 'enter' }
  /** Make it this node's, if it is nobody's or still `from`'s. */
  | { act: 'claim'; from: NodeId | undefined }
  /** Get it from there. */
  | { act: 'ask'; record: NodeRecord }
  /** A camera: ask a node that can pull it. */
  | { act: 'find-puller' }
  /** Ask another node to make it its own; take it here if there is none. */
  | { act: 'find-other' }
  | { act: 'refuse'; code: ErrorCode };

/**
 * Where a feed is to be had. An on-demand feed's home is whoever needs it first; a published one's is where its encoder
 * is; a camera's is a node that can pull it. A home that is gone, stale or draining gives way to who needs the feed now,
 * except of what an encoder publishes there.
 */
export function decideEntry(situation: Situation): Entry {
  const { source, holding, canEnter, forPeer } = situation;
  switch (holding.state) {
    case 'mine':
      if (canEnter) return { act: 'enter' };
      return source === 'rtsp' ? elsewhere(situation) : { act: 'refuse', code: 'feed_not_live' };
    case 'free':
      if (canEnter) return takeUp(situation, undefined);
      return source === 'rtsp' ? elsewhere(situation) : { act: 'refuse', code: 'feed_not_live' };
    case 'other': {
      const { nodeId, record } = holding;
      if (!record && !situation.isSettled) return { act: 'refuse', code: 'store_unavailable' };
      if (isGone(situation, holding)) {
        if (canEnter) return takeUp(situation, nodeId);
        if (source === 'rtsp') return elsewhere(situation);
        // An encoder that lost its node publishes again, and then everybody hears of it.
        return { act: 'refuse', code: record ? 'no_sfu' : 'feed_not_live' };
      }
      if (record?.draining && !situation.isDraining && !situation.isDeaf && canEnter)
        return { act: 'claim', from: nodeId };
      if (forPeer) return { act: 'refuse', code: 'conflict' };
      if (situation.failed.has(nodeId) || !record?.mesh) return { act: 'refuse', code: 'no_sfu' };
      return { act: 'ask', record };
    }
  }
}

/** Who is asked by another node takes it, deaf or not: else two deaf nodes would send everybody to and fro. */
function takeUp({ isDeaf, forPeer }: Situation, from: NodeId | undefined): Entry {
  return isDeaf && !forPeer ? { act: 'find-other' } : { act: 'claim', from };
}

function elsewhere({ forPeer }: Situation): Entry {
  return forPeer ? { act: 'refuse', code: 'conflict' } : { act: 'find-puller' };
}

function isGone({ failed }: Situation, holding: Extract<Holding, { state: 'other' }>): boolean {
  if (!holding.record) return true;
  const failure = failed.get(holding.nodeId);
  if (failure === 'refused') return true;
  return failure === 'silent' && isStale(holding.unrenewedMs);
}

/** Whether a node's record is that old that the node may be held for dead. */
export function isStale(unrenewedMs: number): boolean {
  return unrenewedMs >= HOME_STALE_MS;
}

/** The node to ask for what this one cannot get at itself: not draining if possible, then the least loaded. */
export function chooseOther(
  records: readonly NodeRecord[],
  failed: Situation['failed'],
): NodeRecord | undefined {
  return records
    .filter(({ nodeId, mesh }) => mesh && !failed.has(nodeId))
    .sort(
      (a, b) => Number(a.draining) - Number(b.draining) || a.load - b.load || (a.nodeId < b.nodeId ? -1 : 1),
    )[0];
}

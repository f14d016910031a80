import type { FeedId, NodeId } from '#contract/ids.ts';
import { NODE_LATE_MS } from '#contract/registry.ts';

interface FaultPorts {
  /** Where feeds enter, in their order. */
  homesOf(feedIds: readonly FeedId[]): Promise<(NodeId | null)[]>;
  /** How long ago (ms) a node renewed its record. */
  unrenewedMs(nodeId: NodeId): Promise<number>;
  /** Nothing comes from the node, as its own pages say, or it itself. */
  isInDoubt(nodeId: NodeId): boolean;
}

/** Says of a page's silence whether it is another node's fault than that of the page's own. */
export type FindFault = (nodeId: NodeId, feedIds: readonly FeedId[]) => Promise<boolean>;

/**
 * A page that sees only what its node has from another one cannot tell which of them is silent. It is the other one's fault
 * if all of it enters at nodes that are in doubt themselves: set aside, or late with their records. Without this the page's
 * node would be left too, by those who have just come to it. Rejects without Redis.
 */
export function createFaultFinder({ homesOf, unrenewedMs, isInDoubt }: FaultPorts): FindFault {
  return async (nodeId, feedIds) => {
    if (feedIds.length === 0) return false;
    const homes = new Set(await homesOf(feedIds));
    const doubts = [...homes].map(async (home) => {
      if (home === null || home === nodeId) return false;
      return isInDoubt(home) || (await unrenewedMs(home)) >= NODE_LATE_MS;
    });
    return (await Promise.all(doubts)).every(Boolean);
  };
}

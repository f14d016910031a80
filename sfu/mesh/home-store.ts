import type { WhenBusy } from '#contract/control.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import type { FeedReport, NodeRecord } from '#contract/registry.ts';
import type { Holding } from './entry.ts';

/** Where it is written down which node is the home of a feed. Every call rejects while Redis is away. */
export interface HomeStore {
  /**
   * Who has the feed. `look` changes nothing; `unclaimed` makes it this node's if it is nobody's, `free` also if its
   * holder has no record; in either case also if its holder is `from`.
   */
  claim(
    feedId: FeedId,
    options: { mode: 'look' | 'unclaimed' | 'free'; from?: NodeId | undefined },
  ): Promise<Holding>;
  /**
   * Makes a published feed this node's, and writes this report of it. @returns false when it is to be refused, because
   * its media come at another node.
   */
  publish(report: FeedReport, whenBusy: WhenBusy): Promise<boolean>;
  /** Those that are this node's are nobody's. */
  release(feedIds: readonly FeedId[]): Promise<void>;
  /** Those that are nobody's are this node's again. @returns those that are another node's by now. */
  keep(feedIds: readonly FeedId[]): Promise<FeedId[]>;
  record(nodeId: NodeId): Promise<{ record: NodeRecord; unrenewedMs: number } | undefined>;
  /** Living nodes that can pull this camera. */
  pullers(feedId: FeedId): Promise<NodeRecord[]>;
  /** Every node that lives. */
  nodes(): Promise<NodeRecord[]>;
  /** Whether the servers have set a node aside, because its pages say that nothing comes from it. */
  isAside(nodeId: NodeId): Promise<boolean>;
}

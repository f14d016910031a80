import type { FeedId, NodeId } from '#contract/ids.ts';
import { NODE_LEASE_MS, SFU_KEYS } from '#contract/registry.ts';
import type { Redis } from '../../adapters/redis/connect.ts';

/** What nodes have written of the feeds that they hold, and what is written here for them. All of it rejects without Redis. */
export class NodeEntries {
  readonly #redis: Redis;
  readonly #replicaId: string;

  constructor(redis: Redis, replicaId: string) {
    this.#redis = redis;
    this.#replicaId = replicaId;
  }

  /** The node where a feed enters. */
  homeOf(feedId: FeedId): Promise<NodeId | null> {
    return this.#redis.hGet(SFU_KEYS.homes, feedId);
  }

  /** The same of many feeds, in their order; at least one. */
  homesOf(feedIds: readonly FeedId[]): Promise<(NodeId | null)[]> {
    return this.#redis.hmGet(SFU_KEYS.homes, [...feedIds]);
  }

  /** How long ago (ms) a node renewed its record; one that has none, so long that it is gone. */
  async unrenewedMs(nodeId: NodeId): Promise<number> {
    const leftMs = await this.#redis.pTTL(SFU_KEYS.node(nodeId));
    return NODE_LEASE_MS - Math.max(0, leftMs);
  }

  /** What a node says of a feed: a `FeedReport` as JSON. */
  reportOf(nodeId: NodeId, feedId: FeedId): Promise<string | null> {
    return this.#redis.hGet(SFU_KEYS.feeds(nodeId), feedId);
  }

  /** Lets nodes know that this replica leaves one of them alone for this long (ms). */
  async noteAside(nodeId: NodeId, forMs: number): Promise<void> {
    const expiration = { type: 'PX', value: forMs } as const;
    await this.#redis.set(SFU_KEYS.aside(nodeId), this.#replicaId, { expiration });
  }
}

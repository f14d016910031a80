import type { FeedId, NodeId } from '#contract/ids.ts';
import { NODE_LEASE_MS, POSTER_LIFE_S, SFU_KEYS } from '#contract/registry.ts';
import type { HealthBatch } from '../health/health-monitor.ts';
import type { Redis } from './redis.ts';

/** Stills and figures of this node's feeds in Redis. Both are news and no record: what cannot be written is not. */
export class PictureStore {
  readonly #redis: Redis;
  readonly #nodeId: NodeId;

  constructor(redis: Redis, nodeId: NodeId) {
    this.#redis = redis;
    this.#nodeId = nodeId;
  }

  /** Keeps a still in place of the one before; `at` in milliseconds since 1970. */
  async keepStill(feedId: FeedId, { jpeg, at }: { jpeg: Buffer; at: number }): Promise<void> {
    const key = SFU_KEYS.poster(feedId);
    await this.#redis
      .multi()
      .hSet(key, { jpeg, at: new Date(at).toISOString() })
      .expire(key, POSTER_LIFE_S)
      .execAsPipeline();
  }

  async writeHealth({ healths, gone }: HealthBatch): Promise<void> {
    const key = SFU_KEYS.health(this.#nodeId);
    const pipeline = this.#redis.multi();
    if (gone.length > 0) pipeline.hDel(key, [...gone]);
    for (const health of healths) pipeline.hSet(key, health.feedId, JSON.stringify(health));
    await pipeline.pExpire(key, NODE_LEASE_MS).execAsPipeline();
  }
}

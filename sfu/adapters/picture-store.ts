import type { FeedId, NodeId } from '#contract/ids.ts';
import { NODE_LEASE_MS, POSTER_LIFE_S, SFU_KEYS } from '#contract/registry.ts';
import type { HealthBatch } from '../health/health-monitor.ts';
import type { KeptStill } from '../posters/stills.ts';
import type { Redis } from './redis.ts';
import { defineScript, runScript } from './script.ts';

/**
 * KEYS: poster. ARGV: jpeg, at, life (s), what is covered of it (JSON). Two nodes may have taken one, or it was erased since: the newest counts.
 * Instants of UTC are in the order of their letters.
 */
const KEEP_STILL = defineScript(`
local at = redis.call('HGET', KEYS[1], 'at')
if at and at >= ARGV[2] then return end
redis.call('HSET', KEYS[1], 'jpeg', ARGV[1], 'at', ARGV[2], 'masks', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
`);

/** Stills and figures of this node's feeds in Redis. Both are news and no record: what cannot be written is not. */
export class PictureStore {
  readonly #redis: Redis;
  readonly #nodeId: NodeId;

  constructor(redis: Redis, nodeId: NodeId) {
    this.#redis = redis;
    this.#nodeId = nodeId;
  }

  /** Keeps a still in place of an older one; `at` in milliseconds since 1970. */
  async keepStill(feedId: FeedId, { jpeg, at, masks }: KeptStill): Promise<void> {
    await runScript(this.#redis, KEEP_STILL, {
      keys: [SFU_KEYS.poster(feedId)],
      args: [jpeg, new Date(at).toISOString(), String(POSTER_LIFE_S), JSON.stringify(masks)],
    });
  }

  async writeHealth({ healths, gone }: HealthBatch): Promise<void> {
    const key = SFU_KEYS.health(this.#nodeId);
    const pipeline = this.#redis.multi();
    if (gone.length > 0) pipeline.hDel(key, [...gone]);
    for (const health of healths) pipeline.hSet(key, health.feedId, JSON.stringify(health));
    await pipeline.pExpire(key, NODE_LEASE_MS).execAsPipeline();
  }
}

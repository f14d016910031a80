import type { Redis } from './connect.ts';
import { keys } from './keys.ts';
import { defineScript, runScript } from './script.ts';

/** KEYS lease. ARGV holder, time to live in ms. Takes the lease if it is free or ours already. */
const HOLD = defineScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS lease. ARGV holder. */
const RELEASE = defineScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

/**
 * Leases say who does a piece of work, so that replicas do not all do it. They make nothing right: whoever holds one may
 * have lost it a moment ago without knowing.
 */
export class Leases {
  readonly #redis: Redis;
  readonly #holder: string;
  readonly #ttlMs: number;

  /** `holder` is a name that no other process has; `ttlMs` is how long a lease outlives its holder. */
  constructor({ redis, holder, ttlMs }: { redis: Redis; holder: string; ttlMs: number }) {
    this.#redis = redis;
    this.#holder = holder;
    this.#ttlMs = ttlMs;
  }

  /** Takes or renews a lease; false while somebody else holds it. */
  async hold(work: string): Promise<boolean> {
    const held = await runScript(this.#redis, HOLD, [keys.lease(work)], [this.#holder, String(this.#ttlMs)]);
    return held === 1;
  }

  /** Gives a lease up, if it is still ours. */
  async release(work: string): Promise<void> {
    await runScript(this.#redis, RELEASE, [keys.lease(work)], [this.#holder]);
  }
}

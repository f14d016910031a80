import { z } from 'zod';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';

/**
 * KEYS due. ARGV now, until when whoever takes one has time, most. Takes regions that are due: they become due again at
 * the end of that time, in case whoever took them is killed.
 */
const TAKE = defineScript(`
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, region in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], region) end
return due
`);

/** KEYS due. ARGV region, the time that was given, next. Only if nobody has asked for an earlier look meanwhile. */
const SETTLE = defineScript(`
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1])) ~= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
`);

/**
 * When each region is to be looked at next. Shared by all replicas: a look falls to one of them, and one that is killed
 * is made up for by another. Times are milliseconds since the epoch.
 */
export class DueRegions {
  readonly #redis: Redis;
  readonly #key: string;

  /** `key`: the sorted set. @default that of the rules */
  constructor(redis: Redis, key: string = keys.rulesDue) {
    this.#redis = redis;
    this.#key = key;
  }

  /** Asks for a look at this instant, or earlier if that was asked before. */
  async ask(regionId: RegionId, atMs: number): Promise<void> {
    await this.#redis.zAdd(this.#key, { score: atMs, value: regionId }, { comparison: 'LT' });
  }

  /** Takes regions that are due. The caller has until `untilMs` to look and to say when the next look is. */
  async take(nowMs: number, untilMs: number, most: number): Promise<RegionId[]> {
    const args = [String(nowMs), String(untilMs), String(most)];
    return z.array(z.string()).parse(await runScript(this.#redis, TAKE, [this.#key], args));
  }

  /** Says when the next look is at a region that was taken until `untilMs`. */
  async settle(regionId: RegionId, untilMs: number, nextMs: number): Promise<void> {
    await runScript(this.#redis, SETTLE, [this.#key], [regionId, String(untilMs), String(nextMs)]);
  }
}

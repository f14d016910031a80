import type { z } from 'zod';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';

/** Versions of a thing that are kept beside the present one. */
const KEPT_VERSIONS = 50;
/** For so long what was removed can be brought back; then its versions end. */
export const REMOVED_DAYS = 90;
const REMOVED_S = REMOVED_DAYS * 24 * 3_600;

/**
 * A thing in place of the version that it was decided on, which joins those before. KEYS things, versions. ARGV id,
 * JSON expected ('' if there must be none), new JSON ('' to remove), versions kept, seconds that those of a removed one are.
 */
const CHANGE = defineScript(`
local before = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if before ~= ARGV[2] then return 0 end
if before ~= '' then
  redis.call('LPUSH', KEYS[2], before)
  redis.call('LTRIM', KEYS[2], 0, ARGV[4] - 1)
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('EXPIRE', KEYS[2], ARGV[5])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  redis.call('PERSIST', KEYS[2])
end
return 1
`);

/** Things of one kind that people keep, in Redis. Methods throw what the connection throws while Redis is away. */
export class KeptStore<K> {
  readonly #redis: Redis;
  readonly #kind: string;
  readonly #schema: z.ZodType<K>;

  constructor(redis: Redis, kind: string, schema: z.ZodType<K>) {
    this.#redis = redis;
    this.#kind = kind;
    this.#schema = schema;
  }

  async all(): Promise<K[]> {
    return (await this.#redis.hVals(keys.kept(this.#kind))).map((json) =>
      this.#schema.parse(JSON.parse(json)),
    );
  }

  async find(id: string): Promise<{ thing: K; json: string } | undefined> {
    const json = await this.#redis.hGet(keys.kept(this.#kind), id);
    return typeof json === 'string' ? { thing: this.#schema.parse(JSON.parse(json)), json } : undefined;
  }

  /** Versions before the present one, newest first. */
  async versions(id: string): Promise<K[]> {
    const found = await this.#redis.lRange(keys.keptVersions(this.#kind, id), 0, KEPT_VERSIONS - 1);
    return found.map((json) => this.#schema.parse(JSON.parse(json)));
  }

  /** False when it is not any more what the change was decided on. */
  async change(id: string, expectedJson: string, after: K | undefined): Promise<boolean> {
    const json = after ? JSON.stringify(after) : '';
    const args = [id, expectedJson, json, String(KEPT_VERSIONS), String(REMOVED_S)];
    const changed = [keys.kept(this.#kind), keys.keptVersions(this.#kind, id)];
    return (await runScript(this.#redis, CHANGE, changed, args)) === 1;
  }
}

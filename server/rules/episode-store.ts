import { z } from 'zod';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import type { Beside } from '../flags/flag-store.ts';
import { Episode } from './finding.ts';

/** KEYS episodes. ARGV key, expected JSON ('' for none), new JSON ('' for none). Returns 1 when it was as expected. */
const REPLACE = defineScript(`
local stored = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if stored ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
`);

const StoredEpisode = z
  .string()
  .transform((json, context) => {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(Episode);

/** What rules have seen in a region. Methods throw what the connection throws while Redis is away. */
export class EpisodeStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /**
   * Those that this version can read. What another version wrote of rules that are not known here is left as it is: that
   * version goes on with it when it comes back, and the rules that are known are not kept from their work.
   */
  async read(regionId: RegionId): Promise<Map<string, Episode>> {
    const stored = await this.#redis.hGetAll(keys.ruleEpisodes(regionId));
    const episodes = new Map<string, Episode>();
    for (const [key, json] of Object.entries(stored)) {
      const episode = StoredEpisode.safeParse(json);
      if (episode.success) episodes.set(key, episode.data);
    }
    return episodes;
  }

  /** Puts one in the place of the other. False when somebody else was faster. */
  async replace(
    regionId: RegionId,
    key: string,
    { before, after }: { before: Episode | undefined; after: Episode | undefined },
  ): Promise<boolean> {
    const change = besideOf(regionId, key, { before, after });
    const args = [change.field, change.before, change.after];
    return (await runScript(this.#redis, REPLACE, [change.key], args)) === 1;
  }
}

/** The same as {@link EpisodeStore.replace}, to be done together with a flag. */
export function besideOf(
  regionId: RegionId,
  key: string,
  { before, after }: { before: Episode | undefined; after: Episode | undefined },
): Beside {
  return {
    key: keys.ruleEpisodes(regionId),
    field: key,
    before: before ? JSON.stringify(before) : '',
    after: after ? JSON.stringify(after) : '',
  };
}

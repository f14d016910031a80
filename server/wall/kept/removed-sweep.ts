import { z } from 'zod';
import { Kept } from '#contract/kept.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import { REMOVED_DAYS } from './kept-store.ts';

const DAY_MS = 24 * 3_600_000;
/** Keys that Redis looks at in one step. */
const LOOKED_AT = '1000';

/** KEYS any key of the slot, which says where to look. ARGV cursor, pattern, keys looked at. A script, because a cluster is asked by key. */
const FIND = defineScript(`
return redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
`);

/**
 * Lets versions end that nothing else lets end. KEYS things, versions. ARGV id, the newest version that it was decided on,
 * when they end (ms). Not if the thing is there, has been since, or its versions end already.
 */
const END = defineScript(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 0 end
if redis.call('LINDEX', KEYS[2], 0) ~= ARGV[2] then return 0 end
if redis.call('PTTL', KEYS[2]) ~= -1 then return 0 end
redis.call('PEXPIREAT', KEYS[2], ARGV[3])
return 1
`);

const Found = z.tuple([z.string(), z.array(z.string())]);
const Dated = Kept.pick({ changedAt: true }).loose();

/**
 * Removals of today let a thing's versions end by themselves; those of earlier versions of this program did not, and nobody
 * knows when they were: theirs end {@link REMOVED_DAYS} days after the last version was made, which is at once where that
 * is over. Any number of replicas may do it. Returns how many were given an end.
 */
export async function endRemoved(redis: Redis, kinds: readonly string[]): Promise<number> {
  let ended = 0;
  for (const kind of kinds) {
    const [before = '', after = ''] = keys.keptVersions(kind, '*').split('*');
    let cursor = '0';
    do {
      const args = [cursor, keys.keptVersions(kind, '*'), LOOKED_AT];
      const [next, found] = Found.parse(await runScript(redis, FIND, [keys.kept(kind)], args));
      for (const versions of found) {
        const id = versions.slice(before.length, -after.length);
        const json = await redis.lIndex(versions, 0);
        if (json === null) continue;
        const dated = Dated.safeParse(JSON.parse(json));
        // Whoever opens it is told; here the others go on.
        if (!dated.success) continue;
        const endMs = Date.parse(dated.data.changedAt) + REMOVED_DAYS * DAY_MS;
        const reply = await runScript(redis, END, [keys.kept(kind), versions], [id, json, String(endMs)]);
        if (reply === 1) ended += 1;
      }
      cursor = next;
    } while (cursor !== '0');
  }
  return ended;
}

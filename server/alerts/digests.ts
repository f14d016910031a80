import { z } from 'zod';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import type { AlertStore } from './alert-store.ts';
import { tellPages } from './deliver.ts';
import { toDigest } from './digest.ts';
import { quietUntilMs, type WallClock } from './quiet-hours.ts';
import type { SettingsStore } from './settings-store.ts';

/** KEYS due. ARGV user name, the time that was found, another one. Puts it off if it is still the one that was found. */
const PUT_OFF = defineScript(`
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1])) ~= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
`);

/** KEYS due. ARGV user name, the time that was found. Takes it away if it is still that time. */
const DONE = defineScript(`
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1])) ~= tonumber(ARGV[2]) then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`);

/**
 * Later than any quiet hours end that began by any replica's clock, so that whoever holds an alert brings it nearer.
 * Whoever is killed after that leaves a time behind at which nothing is held.
 */
const PUT_OFF_MS = 25 * 3_600_000;
const MAX_AT_ONCE = 50;
const Due = z.array(z.object({ value: z.string(), score: z.number() }));

/**
 * Tells people what their quiet hours held back, when these end. Any replica may do it, several at once, and be killed
 * at it: what is told and what is held change together, and the time stays until nothing is held. A replica whose clock
 * is behind may hold something in this moment: the time is put off before it is looked whether anything is held, so that
 * it is taken away only if nobody has held anything since.
 */
export async function releaseDigests({
  redis,
  alerts,
  settings,
  clock,
  now,
}: {
  redis: Redis;
  alerts: Pick<AlertStore, 'held' | 'release'>;
  settings: Pick<SettingsStore, 'of'>;
  clock: WallClock;
  now: () => number;
}): Promise<void> {
  const found = Due.parse(
    await redis.zRangeWithScores(keys.alertDigestsDue, '-inf', now(), {
      BY: 'SCORE',
      LIMIT: { offset: 0, count: MAX_AT_ONCE },
    }),
  );
  for (const { value: username, score: endMs } of found) {
    const laterMs = quietUntilMs((await settings.of(username)).quiet, clock, now());
    if (laterMs !== undefined) {
      // They were made longer since.
      await redis.zAdd(keys.alertDigestsDue, { score: laterMs, value: username }, { condition: 'XX' });
      continue;
    }
    const held = await alerts.held(username);
    const digest = toDigest(username, held, now());
    if (digest) {
      const ids = held.map(({ id }) => id);
      // Another replica was faster, or something was held in this moment: the next look finds out.
      if (!(await alerts.release(username, digest, ids))) continue;
      await tellPages(redis, username);
    }
    const offMs = String(now() + PUT_OFF_MS);
    const due = [keys.alertDigestsDue];
    if ((await runScript(redis, PUT_OFF, due, [username, String(endMs), offMs])) !== 1) continue;
    if ((await alerts.held(username)).length > 0)
      await redis.zAdd(keys.alertDigestsDue, { score: now(), value: username }, { comparison: 'LT' });
    else await runScript(redis, DONE, due, [username, offMs]);
  }
}

import { z } from 'zod';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import type { AlertStore } from './alert-store.ts';
import { tellPages } from './deliver.ts';
import { toDigest } from './digest.ts';
import { quietUntilMs, type WallClock } from './quiet-hours.ts';
import type { SettingsStore } from './settings-store.ts';

/** KEYS due. ARGV user name, the time that was found. Takes it away if it is still that time. */
const DONE = defineScript(`
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1])) ~= tonumber(ARGV[2]) then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`);

const MAX_AT_ONCE = 50;
const Due = z.array(z.object({ value: z.string(), score: z.number() }));

/**
 * Tells people what their quiet hours held back, when these end. Any replica may do it, several at once, and be killed
 * at it: what is told and what is held change together, and the time stays until nothing is held.
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
  const due = Due.parse(
    await redis.zRangeWithScores(keys.alertDigestsDue, '-inf', now(), {
      BY: 'SCORE',
      LIMIT: { offset: 0, count: MAX_AT_ONCE },
    }),
  );
  for (const { value: username, score: endMs } of due) {
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
    await runScript(redis, DONE, [keys.alertDigestsDue], [username, String(endMs)]);
  }
}

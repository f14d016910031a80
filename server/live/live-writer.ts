import { z } from 'zod';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import type { LiveWriter } from './live.ts';
import { LIVE_LUA, toPublishArgs } from './publish.ts';
import { SIGHT_LUA, toSightArgs } from './sight-history.ts';

/**
 * KEYS areas, feeds, seq, sight. ARGV channel, before, after, number of areas, now; then id and JSON of each area, and id,
 * JSON, instant and letter of what it shows of each feed. Returns the number of the change; of the last one, if there is nothing to write.
 */
const COMMIT = defineScript(`${LIVE_LUA}${SIGHT_LUA}
if #ARGV == 5 then return tonumber(redis.call('GET', KEYS[3]) or 0) end
local feeds_from = 6 + 2 * tonumber(ARGV[4])
for i = 6, feeds_from - 1, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
for i = feeds_from, #ARGV, 4 do
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
  sight_note(KEYS[4], ARGV[i], ARGV[i + 2], ARGV[i + 3], ARGV[5])
end
return live_publish(KEYS[3], ARGV[1], ARGV[2], ARGV[3])
`);

const Seq = z.int().min(0);

/** Writes to Redis; throws what the connection throws while Redis is away. */
export function createLiveWriter({ redis, now }: { redis: Redis; now: () => number }): LiveWriter {
  return {
    commit: async (regionId, change) => {
      const { areas = [], feeds = [] } = change;
      const nowMs = now();
      const reply = await runScript(
        redis,
        COMMIT,
        [keys.areas(regionId), keys.feeds(regionId), keys.seq(regionId), keys.sight(regionId)],
        [
          ...toPublishArgs(regionId, nowMs, change),
          String(areas.length),
          String(nowMs),
          ...areas.flatMap((status) => [status.areaId, JSON.stringify(status)]),
          ...feeds.flatMap((status) => [status.feedId, JSON.stringify(status), ...toSightArgs(status)]),
        ],
      );
      return Seq.parse(reply);
    },
  };
}

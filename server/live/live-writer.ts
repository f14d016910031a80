import { z } from 'zod';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import type { LiveWriter } from './live.ts';
import { LIVE_LUA, toPublishArgs } from './publish.ts';

/**
 * KEYS areas, feeds, seq. ARGV channel, before, after, number of areas, then id and JSON of each area and each feed.
 * Returns the number of the change; of the last one, if there is nothing to write.
 */
const COMMIT = defineScript(`${LIVE_LUA}
if #ARGV == 4 then return tonumber(redis.call('GET', KEYS[3]) or 0) end
local areas_end = 4 + 2 * tonumber(ARGV[4])
for i = 5, #ARGV, 2 do
  redis.call('HSET', i <= areas_end and KEYS[1] or KEYS[2], ARGV[i], ARGV[i + 1])
end
return live_publish(KEYS[3], ARGV[1], ARGV[2], ARGV[3])
`);

const Seq = z.int().min(0);

/** Writes to Redis; throws what the connection throws while Redis is away. */
export function createLiveWriter({ redis, now }: { redis: Redis; now: () => number }): LiveWriter {
  return {
    commit: async (regionId, change) => {
      const { areas = [], feeds = [] } = change;
      const reply = await runScript(
        redis,
        COMMIT,
        [keys.areas(regionId), keys.feeds(regionId), keys.seq(regionId)],
        [
          ...toPublishArgs(regionId, now(), change),
          String(areas.length),
          ...areas.flatMap((status) => [status.areaId, JSON.stringify(status)]),
          ...feeds.flatMap((status) => [status.feedId, JSON.stringify(status)]),
        ],
      );
      return Seq.parse(reply);
    },
  };
}

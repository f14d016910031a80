import type { FeedId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { type SightChange, SightHistory } from './sight-history.ts';

/** Histories of feeds, of those that have one. Throws what the connection throws while Redis is away. */
export async function readSights(
  redis: Redis,
  regionId: RegionId,
  feedIds: readonly FeedId[],
): Promise<Map<FeedId, SightChange[]>> {
  if (feedIds.length === 0) return new Map();
  const found = await redis.hmGet(keys.sight(regionId), [...feedIds]);
  return new Map(
    feedIds.flatMap((feedId, index) => {
      const text = found[index];
      return typeof text === 'string' ? [[feedId, SightHistory.parse(text)] as const] : [];
    }),
  );
}

import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { streamPlace } from '../custody/event-store.ts';

/**
 * So much of what was recorded before is read when a region's events are watched for the first time: as long as a closed
 * case is kept whole. What is older is history, and raises no flags.
 */
const FIRST_READ_MS = 72 * 3_600_000;
const BEGINNING = '0-0';

/** Where to go on reading a region's events; `key` holds the last one that was read. */
export async function readPosition(redis: Redis, regionId: RegionId, key: string): Promise<string> {
  const position = await redis.get(key);
  if (position !== null) return position;
  const [last] = (await redis.xRevRange(keys.custody(regionId), '+', '-', { COUNT: 1 })) ?? [];
  return last ? `${Math.max(0, streamPlace(last.id)[0] - FIRST_READ_MS)}-0` : BEGINNING;
}

import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';

/** What the projection of a region writes: hashes, and sorted sets. All of it follows from the region's stream. */
const HASHES = [
  keys.areas,
  keys.custodyState,
  keys.custodyHistories,
  keys.custodyUnplaced,
  keys.caseSummaries,
];
const SORTED = [keys.cases, keys.casesOpen];

/** Every entry of every projection, by `key field`. */
export async function readProjections(
  redis: Redis,
  regionIds: readonly RegionId[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const regionId of regionIds) {
    for (const keyOf of HASHES) {
      const fields = await redis.hGetAll(keyOf(regionId));
      for (const [field, value] of Object.entries(fields)) found.set(`${keyOf(regionId)} ${field}`, value);
    }
    for (const keyOf of SORTED) {
      const members = await redis.zRangeWithScores(keyOf(regionId), 0, -1);
      for (const { value, score } of members) found.set(`${keyOf(regionId)} ${value}`, String(score));
    }
  }
  return found;
}

/** Leaves the streams, and nothing of what was made of them: the next replica has to begin at their beginning. */
export async function dropProjections(redis: Redis, regionIds: readonly RegionId[]): Promise<void> {
  const derived = [keys.custodyPosition, ...HASHES, ...SORTED];
  for (const regionId of regionIds) await redis.del(derived.map((keyOf) => keyOf(regionId)));
}

/** Entries that only one of two has, or that are not the same in both. */
export function compareProjections(
  live: ReadonlyMap<string, string>,
  rebuilt: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...live.keys(), ...rebuilt.keys()])].filter(
    (name) => live.get(name) !== rebuilt.get(name),
  );
}

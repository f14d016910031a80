import { z } from 'zod';
import { FacilityId, type RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { RegionMemory } from './finding.ts';

const Drift = z.strictObject({ aheadMs: z.int(), atMs: z.int() });

/** Facilities whose clocks were ahead, as last seen. Throws what the connection throws while Redis is away. */
export async function readDrifts(redis: Redis, regionId: RegionId): Promise<RegionMemory['drifts']> {
  const found = await redis.hGetAll(keys.rulesDrifts(regionId));
  return Object.entries(found).map(([facilityId, json]) => ({
    facilityId: FacilityId.parse(facilityId),
    ...Drift.parse(JSON.parse(json)),
  }));
}

/** Notes clocks that were ahead. The same events read twice note the same. */
export async function noteDrifts(
  redis: Redis,
  regionId: RegionId,
  drifts: ReadonlyMap<FacilityId, z.infer<typeof Drift>>,
): Promise<void> {
  for (const [facilityId, drift] of drifts)
    await redis.hSet(keys.rulesDrifts(regionId), facilityId, JSON.stringify(drift));
}

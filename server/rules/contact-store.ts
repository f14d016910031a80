import type { FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { Contact } from './contact.ts';

/** What was known of the connections to a region's facilities at the rules' position in its stream. */
export async function readContacts(redis: Redis, regionId: RegionId): Promise<Map<FacilityId, Contact>> {
  const found = await redis.hGetAll(keys.rulesContacts(regionId));
  return new Map(
    Object.entries(found).map(([facilityId, json]) => [facilityId, Contact.parse(JSON.parse(json))]),
  );
}

/** Moves the rules' position, and with it what is known of the connections up to there. */
export async function commitContacts(
  redis: Redis,
  regionId: RegionId,
  { streamId, contacts }: { streamId: string; contacts: ReadonlyMap<FacilityId, Contact> },
): Promise<void> {
  const work = redis.multi().set(keys.rulesPosition(regionId), streamId);
  for (const [facilityId, contact] of contacts)
    work.hSet(keys.rulesContacts(regionId), facilityId, JSON.stringify(contact));
  await work.exec();
}

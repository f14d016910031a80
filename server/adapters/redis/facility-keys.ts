import { z } from 'zod';
import { type FacilityId, Instant } from '#contract/ids.ts';
import type { Principal } from '../../access/decide.ts';
import { digestFacilityKey, facilityOfKey, keyIdOf, matchesDigest } from '../../access/facility-key.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';

/** What is kept beside the digest of a key. */
const KeyRecord = z.strictObject({ createdAt: Instant, sample: z.boolean() });
type KeyRecord = z.infer<typeof KeyRecord>;

export type FacilityPrincipal = Extract<Principal, { kind: 'facility' }>;

export interface FacilityKeys {
  /** Who a key is; undefined when it is nobody's. The key itself says which facility it is for. */
  authenticate(key: string): Promise<FacilityPrincipal | undefined>;
  /** The same, when the facility has said who it is: another facility's key is no key. */
  authenticateFacility(facilityId: FacilityId, key: string): Promise<FacilityPrincipal | undefined>;
  /** Ids of the keys that open something now. */
  keyIdsOf(facilityId: FacilityId): Promise<ReadonlySet<string>>;
  /** Lets these keys in from now on, beside those that are there. */
  add(keysByFacility: ReadonlyMap<FacilityId, string>, record: KeyRecord): Promise<void>;
}

interface FacilityKeysOptions {
  redis: Redis;
  registry: Registry;
  /** Outside sample mode, sample keys open nothing. */
  sampleMode: boolean;
}

/** The keys of facilities; Redis has only their digests. */
export function createFacilityKeys({ redis, registry, sampleMode }: FacilityKeysOptions): FacilityKeys {
  /** Of the keys that open something in this mode. */
  const digestsOf = async (facilityId: FacilityId): Promise<string[]> =>
    Object.entries(await redis.hGetAll(keys.facilityKeys(facilityId))).flatMap(([digest, json]) => {
      const record = parseRecord(json);
      return record && (sampleMode || !record.sample) ? [digest] : [];
    });

  const authenticateFacility: FacilityKeys['authenticateFacility'] = async (facilityId, key) => {
    const facility = registry.facility(facilityId);
    if (!facility || facilityOfKey(key) !== facilityId) return undefined;
    if (!matchesDigest(key, await digestsOf(facilityId))) return undefined;
    const keyId = keyIdOf(digestFacilityKey(key));
    return { kind: 'facility', facilityId, regionId: facility.regionId, keyId };
  };
  return {
    authenticateFacility,
    keyIdsOf: async (facilityId) => new Set((await digestsOf(facilityId)).map(keyIdOf)),
    authenticate: async (key) => {
      const facilityId = facilityOfKey(key);
      return facilityId === undefined ? undefined : authenticateFacility(facilityId, key);
    },
    add: async (keysByFacility, record) => {
      const json = JSON.stringify(record);
      await Promise.all(
        Array.from(keysByFacility, ([facilityId, key]) =>
          redis.hSetNX(keys.facilityKeys(facilityId), digestFacilityKey(key), json),
        ),
      );
    },
  };
}

function parseRecord(json: string): KeyRecord | undefined {
  try {
    return KeyRecord.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

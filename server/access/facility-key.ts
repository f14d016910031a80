import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FacilityId } from '#contract/ids.ts';

/**
 * A facility's key: `vk_<facilityId>_<secret>`, the secret being 32 random bytes in base64url. The key says whose it is,
 * so that nothing has to be searched; only its SHA-256 is kept (256 random bits need no slow hash).
 */
const KEY = /^vk_(?<facilityId>[a-z0-9]+(?:-[a-z0-9]+)*)_(?<secret>[A-Za-z0-9_-]{43})$/;

const SECRET_BYTES = 32;
const KEY_ID_LENGTH = 16;

/** A new key for a facility. */
export function createFacilityKey(facilityId: FacilityId): string {
  return `vk_${facilityId}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** The facility that a key says it is for; undefined when it is no key. */
export function facilityOfKey(key: string): FacilityId | undefined {
  return KEY.exec(key)?.groups?.facilityId;
}

/** What is kept of a key: SHA-256 in hexadecimal. */
export function digestFacilityKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** What names a key among those of a facility: the beginning of its digest. */
export function keyIdOf(digest: string): string {
  return digest.slice(0, KEY_ID_LENGTH);
}

/** Whether a key is one of those whose digests are kept. Takes as long for every key of the same length. */
export function matchesDigest(key: string, digests: readonly string[]): boolean {
  const presented = Buffer.from(digestFacilityKey(key), 'hex');
  let found = false;
  for (const digest of digests) {
    const kept = Buffer.from(digest, 'hex');
    if (kept.length === presented.length && timingSafeEqual(kept, presented)) found = true;
  }
  return found;
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IntakeKeyId } from '#contract/complaints.ts';

/**
 * The key of an outside hotline: `vi_<keyId>_<secret>`, the secret being 32 random bytes in base64url. The key says which
 * one it is, so that nothing has to be searched; only its SHA-256 is kept (256 random bits need no slow hash).
 */
const KEY = /^vi_(?<keyId>[0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

const ID_BYTES = 8;
const SECRET_BYTES = 32;

/** A new key with its id. */
export function createIntakeKey(): { key: string; keyId: IntakeKeyId } {
  const keyId = randomBytes(ID_BYTES).toString('hex');
  return { key: `vi_${keyId}_${randomBytes(SECRET_BYTES).toString('base64url')}`, keyId };
}

/** The id that a key says it has; undefined when it is no key. */
export function idOfIntakeKey(key: string): IntakeKeyId | undefined {
  return KEY.exec(key)?.groups?.keyId;
}

/** What is kept of a key: SHA-256 in hexadecimal. */
export function digestIntakeKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Whether a digest is that of a key; takes as long whether it is or not. */
export function isDigestOf(key: string, digest: string): boolean {
  const [kept, presented] = [Buffer.from(digest, 'hex'), Buffer.from(digestIntakeKey(key), 'hex')];
  return kept.length === presented.length && timingSafeEqual(kept, presented);
}

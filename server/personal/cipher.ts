import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { VartaError } from '#contract/errors.ts';
import type { Sealed } from '#contract/sealed.ts';

const ALGORITHM = 'aes-256-gcm';
/** What GCM takes best; a new random one for each text (NIST SP 800-38D, 8.2.2). */
const IV_BYTES = 12;

/** A key with the name by which a text says what it was encrypted with. */
export interface PersonalKey {
  id: string;
  bytes: Buffer;
}

/** Encrypts with the first of its keys, and decrypts with any. */
export interface PersonalCipher {
  /** Whether a text was encrypted with another key than the first. */
  isOutdated(sealed: Sealed): boolean;
  /** `about` is what the text belongs to: it is not secret, and the text is readable only together with it. */
  seal(text: string, about: string): Sealed;
  /** Throws `personal_key_missing` if the key is not among ours, and `internal` if text or `about` are others. */
  open(sealed: Sealed, about: string): string;
}

/** Throws a TypeError without a key. */
export function createCipher(keys: readonly PersonalKey[]): PersonalCipher {
  const [current] = keys;
  if (!current) throw new TypeError('there is no key');
  return {
    isOutdated: ({ kid }) => kid !== current.id,
    seal(text, about) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.bytes, iv).setAAD(Buffer.from(about));
      const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return {
        kid: current.id,
        iv: iv.toString('base64url'),
        tag: cipher.getAuthTag().toString('base64url'),
        text: bytes.toString('base64url'),
      };
    },
    open({ kid, iv, tag, text }, about) {
      const key = keys.find(({ id }) => id === kid);
      if (!key) throw new VartaError('personal_key_missing', `there is no key ${kid}`);
      try {
        const decipher = createDecipheriv(ALGORITHM, key.bytes, Buffer.from(iv, 'base64url'), {
          authTagLength: 16,
        })
          .setAAD(Buffer.from(about))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        return decipher.update(text, 'base64url', 'utf8') + decipher.final('utf8');
      } catch (error) {
        throw new VartaError('internal', 'personal data is not as it was written', { cause: error });
      }
    },
  };
}

import { VartaError } from '#contract/errors.ts';
import { createCipher, type PersonalKey } from '../personal/cipher.ts';
import type { KeptSecret } from './account.ts';

/** Keeps secrets of second factors so that who reads the store cannot make codes. */
export interface FactorSecrets {
  seal(secret: string, username: string): KeptSecret;
  /** Throws `personal_key_missing` if the key that it was encrypted with is not at hand. */
  open(kept: KeptSecret, username: string): string;
  /** Whether it is to be encrypted anew: with a newer key, or at all. */
  isOutdated(kept: KeptSecret): boolean;
}

/** Encrypts with the first of these keys, bound to the user name; without a key, secrets are kept as they are. */
export function createFactorSecrets(keys: readonly PersonalKey[]): FactorSecrets {
  if (keys.length === 0)
    return {
      seal: (secret) => secret,
      open: (kept) => {
        if (typeof kept === 'string') return kept;
        throw new VartaError('personal_key_missing', `there is no key ${kept.kid}`);
      },
      isOutdated: () => false,
    };
  const cipher = createCipher(keys);
  const about = (username: string) => `second factor of ${username}`;
  return {
    seal: (secret, username) => cipher.seal(secret, about(username)),
    open: (kept, username) => (typeof kept === 'string' ? kept : cipher.open(kept, about(username))),
    isOutdated: (kept) => typeof kept === 'string' || cipher.isOutdated(kept),
  };
}

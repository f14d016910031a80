import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { z } from 'zod';
import { AuditKeys, AuditPublicKey } from '#contract/audit.ts';

const PrivateKey = AuditPublicKey.extend({ d: z.string().min(1) });

/** Signs checkpoints, and says by which keys they can be checked. */
export interface AuditSigner {
  readonly kid: string;
  /** Ed25519 over UTF-8, base64url. */
  sign(text: string): string;
  /** The present key's public half, and those of keys that signed before it. */
  readonly publicKeys: readonly AuditPublicKey[];
}

/**
 * The signer of AUDIT_PRIVATE_JWK, with the keys of AUDIT_RETIRED_JWKS beside its own. Throws an Error that shows
 * nothing of the private key.
 */
export function createAuditSigner(privateJwk: string, retiredJwks: string | undefined): AuditSigner {
  const parsed = PrivateKey.safeParse(JSON.parse(privateJwk));
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new Error(`AUDIT_PRIVATE_JWK is not an Ed25519 private key with a kid: look at ${fields}.`);
  }
  const retired = AuditKeys.safeParse(retiredJwks === undefined ? { keys: [] } : JSON.parse(retiredJwks));
  if (!retired.success) throw new Error('AUDIT_RETIRED_JWKS is not a set of Ed25519 public keys with kids.');
  const { d, ...present } = parsed.data;
  const key = toKey({ ...present, d });
  return {
    kid: present.kid,
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
    publicKeys: [toPublic(present), ...retired.data.keys.map(toPublic)],
  };
}

function toKey(jwk: z.infer<typeof PrivateKey>): KeyObject {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new Error('AUDIT_PRIVATE_JWK is not a key that can sign.');
  }
}

/** A set may hold more than we hand on. */
function toPublic({ kty, crv, x, kid }: AuditPublicKey): AuditPublicKey {
  return { kty, crv, x, kid };
}

import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';

/** Public halves of Ed25519 keys; a private half here is a mistake that must be seen at start. */
const GrantKeySet = z.object({
  keys: z
    .array(
      z
        .object({
          kty: z.literal('OKP'),
          crv: z.literal('Ed25519'),
          x: z.string().min(40),
          kid: z.string().optional(),
        })
        .loose()
        .refine((key) => !('d' in key), 'a private key does not belong here'),
    )
    .min(1)
    .max(20),
});

/**
 * Reads the setting `GRANT_PUBLIC_JWKS`.
 *
 * @throws Error that says what is wrong with it.
 */
export function parseGrantKeys(text: string): JSONWebKeySet {
  const parsed = GrantKeySet.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(
      `GRANT_PUBLIC_JWKS: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not a key set'}`,
    );
  }
  return {
    keys: parsed.data.keys.map(({ kty, crv, x, kid }) => ({
      kty,
      crv,
      x,
      ...(kid === undefined ? {} : { kid }),
    })),
  };
}

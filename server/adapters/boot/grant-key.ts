import { z } from 'zod';

/** An Ed25519 private key as a JSON Web Key (RFC 8037) with a name. */
const GrantKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1).max(200),
});
export type GrantKey = z.infer<typeof GrantKey>;

/** The key of GRANT_PRIVATE_JWK. Throws an Error that shows nothing of it. */
export function parseGrantKey(json: string): GrantKey {
  const parsed = GrantKey.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Error(`GRANT_PRIVATE_JWK is not an Ed25519 private key with a kid: look at ${fields}.`);
}

import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { VartaError } from '#contract/errors.ts';
import {
  GRANT_ISSUER,
  GRANT_LEEWAY_SECONDS,
  GRANT_TTL_SECONDS,
  Grant,
  type ViewGrant,
} from '#contract/grants.ts';
import type { NodeId } from '#contract/ids.ts';

/**
 * Longest life of a grant that is believed, in seconds. Servers give {@link GRANT_TTL_SECONDS}; the room is for a TTL
 * that is raised later without touching every node. It also bounds how long a superseded grant has to be remembered.
 */
export const MAX_GRANT_LIFE_SECONDS = 4 * GRANT_TTL_SECONDS;

/** `Ed25519` is the name that RFC 9864 gives to the same signature. */
const ALGORITHMS = ['EdDSA', 'Ed25519'];

/** A grant that was checked, with the text that it was read from: whoever is asked because of it can check it too. */
export type Verified<G extends Grant> = G & { readonly jws: string };
/** A viewer's grant; without its text, nothing can be got from other nodes by it. */
export type HeldGrant = ViewGrant & { readonly jws?: string };

/**
 * A grant that nobody comes with by mistake: it is none, not any more, or was in force before and is shown again. Servers
 * put on record that it was shown. One that is merely late is refused with the same codes, and is not of this class.
 */
export class BadGrantError extends VartaError {}

/**
 * Checks a grant's signature, node, issuer, life and shape.
 *
 * @throws BadGrantError `grant_expired` when it was good once, `grant_invalid` for everything else.
 */
export type VerifyGrant = <U extends Grant['use']>(
  token: string,
  use: U,
) => Promise<Verified<Extract<Grant, { use: U }>>>;

interface Options {
  keys: JSONWebKeySet;
  nodeId: NodeId;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Builds the check from the servers' public keys; nothing is remembered between two calls. */
export function createGrantVerifier({ keys, nodeId, now }: Options): VerifyGrant {
  const keySet = createLocalJWKSet(keys);
  return async (token, use) => {
    const grant = await readGrant(token);
    if (!isUse(grant, use))
      throw new BadGrantError('grant_invalid', `This is a ${grant.use} grant, not a ${use} grant`);
    return { ...grant, jws: token };
  };

  async function readGrant(token: string): Promise<Grant> {
    const at = now();
    const claims = await jwtVerify(token, keySet, {
      algorithms: ALGORITHMS,
      audience: nodeId,
      issuer: GRANT_ISSUER,
      clockTolerance: GRANT_LEEWAY_SECONDS,
      currentDate: new Date(at),
    }).then(
      ({ payload }) => payload,
      (error: unknown) => {
        if (error instanceof errors.JWTExpired) throw new BadGrantError('grant_expired');
        throw new BadGrantError('grant_invalid', reasonOf(error), { cause: error });
      },
    );
    const parsed = Grant.safeParse(claims);
    if (!parsed.success) throw new BadGrantError('grant_invalid', 'Its claims are not those of a grant');
    const { iat, exp } = parsed.data;
    if (exp <= iat || exp - iat > MAX_GRANT_LIFE_SECONDS) {
      throw new BadGrantError('grant_invalid', `Its life is not between 1 and ${MAX_GRANT_LIFE_SECONDS} s`);
    }
    if (iat * 1000 > at + GRANT_LEEWAY_SECONDS * 1000)
      throw new BadGrantError('grant_invalid', 'It is from the future');
    return parsed.data;
  }
}

function isUse<U extends Grant['use']>(grant: Grant, use: U): grant is Extract<Grant, { use: U }> {
  return grant.use === use;
}

/** Why jose refused it, in words that name no secret. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) return `Its claim ${error.claim} is wrong`;
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'It is signed with a key that this node does not know';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'Its signature is wrong';
  return 'It is not a grant';
}

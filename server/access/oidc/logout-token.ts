import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';

/** What makes a token one of a logout (OpenID Connect Back-Channel Logout 1.0 §2.4). */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** A token that is older was kept by somebody. Seconds. */
const MAX_AGE_S = 120;

const Claims = z.object({
  iss: z.string(),
  /** Some providers name only a session of theirs, which we do not keep. */
  sub: z.string().min(1).max(255),
  jti: z.string().min(1),
  events: z.looseObject({ [EVENT]: z.object({}) }),
  /** It would be an ID token. */
  nonce: z.undefined().optional(),
});

/** What a provider says of itself, as far as it is needed. */
interface ProviderMetadata {
  issuer: string;
  jwks_uri?: string | undefined;
}

/**
 * Reads logout tokens: signed by the provider with a key that it publishes, for us, of these two minutes. One that is
 * shown twice ends what is ended already.
 */
export function createLogoutReader(
  { issuer, jwks_uri }: ProviderMetadata,
  clientId: string,
): (token: string) => Promise<{ issuer: string; subject: string }> {
  if (jwks_uri === undefined) throw new VartaError('oidc_failed', 'the provider publishes no keys');
  const keySet = createRemoteJWKSet(new URL(jwks_uri));
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        audience: clientId,
        maxTokenAge: MAX_AGE_S,
        // Neither none nor a secret that others share.
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
      });
      const { iss, sub } = Claims.parse(payload);
      return { issuer: iss, subject: sub };
    } catch (error) {
      throw new VartaError('oidc_failed', 'this is no logout token', { cause: error });
    }
  };
}

import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { GRANT_ISSUER, GRANT_LEEWAY_SECONDS } from '#contract/grants.ts';
import { FeedId } from '#contract/ids.ts';
import type { GrantKey } from '../grants/grant-signer.ts';
import type { Now } from '../ports.ts';

/** Time to hand a token to a player and have it start, in seconds. What plays goes on, for as long as the session does. */
export const VIEWER_TOKEN_TTL_S = 60;
/** Whom viewer tokens are for: the servers themselves. No node has this name in a grant, and no grant this audience. */
const AUDIENCE = 'varta-whep';

const Claims = z.strictObject({
  iss: z.literal(GRANT_ISSUER),
  aud: z.literal(AUDIENCE),
  use: z.literal('play'),
  /** Handle of the session that asked for the token. */
  sub: z.string().min(1).max(100),
  feed: FeedId,
  iat: z.int(),
  exp: z.int(),
  jti: z.uuid(),
});

/** What a token says: this session may have this feed played to it. */
export interface ViewerToken {
  sessionId: string;
  feedId: FeedId;
}

/** Tokens for standard players: compact JWS, EdDSA by the key of the grants. */
export interface ViewerTokens {
  issue(token: ViewerToken): Promise<{ token: string; expiresAt: string }>;
  /**
   * Reads a token. `started`: it may have expired since, as long as it was good once; for what it has started.
   *
   * @throws VartaError `bad_viewer_token`.
   */
  read(token: string, options?: { started?: boolean }): Promise<ViewerToken>;
}

/** A token is some 400 characters. */
const MAX_LENGTH = 2_000;

export function createViewerTokens(options: { key: GrantKey; now: Now; newId?: () => string }): ViewerTokens {
  const { key, now, newId = () => crypto.randomUUID() } = options;
  return {
    issue: async ({ sessionId, feedId }) => {
      const issuedAt = Math.floor(now() / 1000);
      const expiresAt = issuedAt + VIEWER_TOKEN_TTL_S;
      const token = await new SignJWT({ use: 'play', feed: feedId })
        .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
        .setIssuer(GRANT_ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(sessionId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .setJti(newId())
        .sign(key.privateKey);
      return { token, expiresAt: new Date(expiresAt * 1000).toISOString() };
    },

    read: async (token, { started = false } = {}) => {
      if (token.length > MAX_LENGTH) throw new VartaError('bad_viewer_token');
      const verified = await jwtVerify(token, key.publicKey, {
        algorithms: ['EdDSA', 'Ed25519'],
        issuer: GRANT_ISSUER,
        audience: AUDIENCE,
        clockTolerance: GRANT_LEEWAY_SECONDS,
        currentDate: new Date(now()),
      }).then(
        ({ payload }) => payload,
        (error: unknown) => {
          // jose looks at the life last: signature, issuer and audience were right.
          if (error instanceof errors.JWTExpired && started) return error.payload;
          const expired = error instanceof errors.JWTExpired;
          throw new VartaError('bad_viewer_token', expired ? 'The viewer token has expired' : undefined, {
            cause: error,
          });
        },
      );
      const claims = Claims.safeParse(verified);
      if (!claims.success) throw new VartaError('bad_viewer_token');
      return { sessionId: claims.data.sub, feedId: claims.data.feed };
    },
  };
}

import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  None,
} from 'openid-client';
import { VartaError } from '#contract/errors.ts';
import { createLogoutReader } from './logout-token.ts';

/** Below it is everything that a browser asks for on its way to the provider and back; its cookie goes nowhere else. */
export const OIDC_PATH = '/api/v1/session/oidc';
/** How long a provider may take to answer. */
const TIMEOUT_S = 10;
/** Somebody who proves again who they are has done so at the provider this lately. */
const FRESH_S = 120;

export interface ProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  scope: string;
  /** Where the provider sends people back to. */
  redirectUri: string;
  /** Where it sends them after they have signed out. */
  afterSignOut: string;
}

/** What ties an answer of the provider to the question; known to the browser that asked, sealed. */
export interface Ticket {
  state: string;
  nonce: string;
  /** Of PKCE (RFC 7636). */
  verifier: string;
  /** Somebody who is signed in proves again who they are. */
  confirms: boolean;
}

/** What a provider has said of somebody. */
export interface ProviderAnswer {
  issuer: string;
  /** The provider's own name for the person, which never changes. */
  subject: string;
  claims: Readonly<Record<string, unknown>>;
}

export interface Provider {
  /** Where to send somebody to say who they are. Throws `oidc_unreachable`. */
  begin(ticket: Ticket): Promise<URL>;
  /** What the provider says, by the address that it sent the browser back to. Throws `oidc_failed`, `oidc_unreachable`. */
  finish(returned: URL, ticket: Ticket): Promise<ProviderAnswer>;
  /** Whom the provider says to have signed out, by its logout token. Throws `oidc_failed`, `oidc_unreachable`. */
  readLogout(token: string): Promise<Pick<ProviderAnswer, 'issuer' | 'subject'>>;
  /** Where to sign out there as well; undefined when the provider offers that not. Throws `oidc_unreachable`. */
  endUrl(): Promise<URL | undefined>;
}

/** A provider by its issuer: authorisation code with PKCE, state and nonce; it is asked about itself when first needed. */
export function createProvider(settings: ProviderSettings): Provider {
  let found: Promise<Configuration> | undefined;
  const configuration = (): Promise<Configuration> => {
    found ??= discover(settings).catch((error: unknown) => {
      found = undefined;
      throw new VartaError('oidc_unreachable', undefined, { cause: error });
    });
    return found;
  };

  let logouts: ReturnType<typeof createLogoutReader> | undefined;

  return {
    readLogout: async (token) => {
      logouts ??= createLogoutReader((await configuration()).serverMetadata(), settings.clientId);
      return logouts(token);
    },
    begin: async ({ state, nonce, verifier, confirms }) =>
      buildAuthorizationUrl(await configuration(), {
        redirect_uri: settings.redirectUri,
        scope: settings.scope,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(confirms ? { prompt: 'login', max_age: '0' } : {}),
      }),
    finish: async (returned, { state, nonce, verifier, confirms }) => {
      const config = await configuration();
      try {
        const tokens = await authorizationCodeGrant(config, returned, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
          ...(confirms ? { maxAge: FRESH_S } : {}),
        });
        const claims = tokens.claims();
        if (!claims) throw new Error('there is no ID token');
        // Some providers put groups into the one, some into the other.
        const more =
          config.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await fetchUserInfo(config, tokens.access_token, claims.sub);
        return { issuer: claims.iss, subject: claims.sub, claims: { ...more, ...claims } };
      } catch (error) {
        throw new VartaError('oidc_failed', undefined, { cause: error });
      }
    },
    endUrl: async () => {
      const config = await configuration();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return buildEndSessionUrl(config, { post_logout_redirect_uri: settings.afterSignOut });
    },
  };
}

function discover({ issuer, clientId, clientSecret }: ProviderSettings): Promise<Configuration> {
  const url = new URL(issuer);
  return discovery(
    url,
    clientId,
    undefined,
    clientSecret === undefined ? None() : ClientSecretBasic(clientSecret),
    {
      timeout: TIMEOUT_S,
      // A provider on this machine; the settings take no other without HTTPS.
      ...(url.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
    },
  );
}

import type { Request } from 'express';
import { AS_DISPLAY_HEADER } from '#contract/displays.ts';
import { VartaError } from '#contract/errors.ts';
import type { DisplayPrincipal, Person } from '../../access/account.ts';
import type { Principal } from '../../access/decide.ts';
import { isOwnOrigin, type RequestOrigin } from '../../access/origin.ts';
import type { FacilityKeys } from '../redis/facility-keys.ts';
import { bearerOf } from './bearer.ts';
import type { AnyRoute, Authentication } from './route.ts';
import type { Sessions } from './sessions.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

type IntakePrincipal = Extract<Principal, { kind: 'intake' }>;

export interface Identities {
  sessions: Sessions;
  facilityKeys: FacilityKeys;
  /** The enrolled display that a request's cookie names; undefined when there is none. Throws `display_revoked`. */
  displayOf?: ((request: Request) => Promise<DisplayPrincipal | undefined>) | undefined;
  /** The outside hotline that a key is of; undefined when it is nobody's. Without it there are no such keys. */
  intakeOf?: ((key: string) => Promise<IntakePrincipal | undefined>) | undefined;
  /**
   * The person that a viewer token was given to, as of now; undefined when the session is over. Throws
   * `bad_viewer_token`. Without it there are no viewer tokens.
   */
  viewerOf?: ((token: string) => Promise<Person | undefined>) | undefined;
}

/**
 * Who asks, by the way that the route wants it. Throws `bad_facility_key` and `bad_intake_key` for a key that is nobody's,
 * and `bad_viewer_token`.
 */
export async function identify(
  request: Request,
  { authentication, displays }: Pick<AnyRoute, 'authentication' | 'displays'>,
  { sessions, facilityKeys, displayOf, intakeOf, viewerOf }: Identities,
): Promise<Principal> {
  switch (authentication) {
    case 'none':
      return { kind: 'anonymous' };
    case 'session':
      if (request.headers[AS_DISPLAY_HEADER] !== undefined) {
        if (!displays) throw new VartaError('forbidden', 'not for displays');
        return (await displayOf?.(request)) ?? { kind: 'anonymous' };
      }
      return (await sessions.current(request))?.person ?? { kind: 'anonymous' };
    case 'display':
      return (await displayOf?.(request)) ?? { kind: 'anonymous' };
    case 'facility-key': {
      const key = bearerOf(request);
      if (key === undefined)
        throw new VartaError('unauthenticated', 'send the facility key as a bearer token');
      const facility = await facilityKeys.authenticate(key);
      if (!facility) throw new VartaError('bad_facility_key');
      return facility;
    }
    case 'intake-key': {
      const key = bearerOf(request);
      if (key === undefined) throw new VartaError('unauthenticated', 'send the intake key as a bearer token');
      const intake = await intakeOf?.(key);
      if (!intake) throw new VartaError('bad_intake_key');
      return intake;
    }
    case 'viewer-token': {
      const token = bearerOf(request);
      if (token === undefined)
        throw new VartaError('unauthenticated', 'send the viewer token as a bearer token');
      return (await viewerOf?.(token)) ?? { kind: 'anonymous' };
    }
  }
}

/**
 * Refuses what another site makes a browser send with our cookie. Keys are not sent by browsers on their own, so their
 * routes need no such guard.
 */
export function guardOrigin(request: Request, authentication: Authentication, publicOrigin: string): void {
  if ((authentication !== 'session' && authentication !== 'display') || SAFE_METHODS.has(request.method))
    return;
  if (!isOwnOrigin(requestOrigin(request.headers), publicOrigin)) throw new VartaError('origin_refused');
}

/** The headers of a request or a handshake that tell where it comes from. */
export function requestOrigin(headers: Request['headers']): RequestOrigin {
  const fetchSite = headers['sec-fetch-site'];
  return {
    fetchSite: Array.isArray(fetchSite) ? fetchSite.join() : fetchSite,
    origin: headers.origin,
    host: headers.host,
  };
}

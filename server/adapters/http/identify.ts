import type { Request } from 'express';
import { VartaError } from '#contract/errors.ts';
import type { Principal } from '../../access/decide.ts';
import { isOwnOrigin, type RequestOrigin } from '../../access/origin.ts';
import type { FacilityKeys } from '../redis/facility-keys.ts';
import type { Authentication } from './route.ts';
import type { Sessions } from './sessions.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Identities {
  sessions: Sessions;
  facilityKeys: FacilityKeys;
}

/** Who asks, by the way that the route wants it. Throws `bad_facility_key` for a key that is nobody's. */
export async function identify(
  request: Request,
  authentication: Authentication,
  { sessions, facilityKeys }: Identities,
): Promise<Principal> {
  switch (authentication) {
    case 'none':
      return { kind: 'anonymous' };
    case 'session':
      return (await sessions.current(request))?.person ?? { kind: 'anonymous' };
    case 'facility-key': {
      const key = /^Bearer +(?<key>\S+)$/i.exec(request.headers.authorization ?? '')?.groups?.key;
      if (key === undefined)
        throw new VartaError('unauthenticated', 'send the facility key as a bearer token');
      const facility = await facilityKeys.authenticate(key);
      if (!facility) throw new VartaError('bad_facility_key');
      return facility;
    }
  }
}

/**
 * Refuses what another site makes a browser send with our cookie. Keys are not sent by browsers on their own, so their
 * routes need no such guard.
 */
export function guardOrigin(request: Request, authentication: Authentication, publicOrigin: string): void {
  if (authentication !== 'session' || SAFE_METHODS.has(request.method)) return;
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

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { toSessionHandle } from '../../access/session.ts';
import type { Redis } from '../redis/connect.ts';
import { keys } from '../redis/keys.ts';

/** No session is longer: afterwards an id that is shown again is only an old one. Seconds. */
const REMEMBERED_S = 24 * 3_600;

/** Tells ids that somebody must have made or taken from ids of sessions that have just ended by themselves. */
export interface SessionIds {
  /** An id is given up for another, or signed out: who shows it from now on has it from somebody else. */
  retire(storedId: string): Promise<void>;
  /** Whether a request that has no session shows an id of which that can be said. */
  isStolen(request: Pick<IncomingMessage, 'headers'>): Promise<boolean>;
}

interface SessionIdsOptions {
  redis: Redis;
  secret: string;
  cookieName: string;
}

export function createSessionIds({ redis, secret, cookieName }: SessionIdsOptions): SessionIds {
  /** The id of a cookie with a right signature; null when it is wrong, undefined without a cookie. */
  const idOf = (cookies: string): string | null | undefined => {
    const shown = cookies
      .split(';')
      .map((one) => one.trim())
      .find((one) => one.startsWith(`${cookieName}=`))
      ?.slice(cookieName.length + 1);
    if (shown === undefined || shown === '') return undefined;
    const [, id, signature] = /^s(?::|%3A)(.{1,200})\.([^.]{1,200})$/i.exec(shown) ?? [];
    if (id === undefined || signature === undefined) return null;
    // As express-session signs: Base64 without the filling.
    const right = createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '');
    return isSame(right, decoded(signature)) ? id : null;
  };
  return {
    retire: async (storedId) => {
      await redis.set(keys.sessionRetired(toSessionHandle(storedId)), '1', {
        expiration: { type: 'EX', value: REMEMBERED_S },
      });
    },
    isStolen: async ({ headers }) => {
      const id = idOf(headers.cookie ?? '');
      if (id === undefined) return false;
      return id === null || (await redis.exists(keys.sessionRetired(toSessionHandle(id)))) === 1;
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

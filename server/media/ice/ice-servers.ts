import { createHmac } from 'node:crypto';
import type { IceServer } from '#contract/media.ts';
import type { Now } from '../ports.ts';

/** A TURN server that knows nobody by name: it believes credentials that were made with the secret it shares. */
export interface TurnSettings {
  urls: readonly string[];
  /** coturn's `static-auth-secret`. */
  secret: string;
  /** Seconds that credentials can be used. */
  ttlS: number;
}

/** TURN as the settings say it; undefined when they say none. */
export function toTurnSettings(settings: {
  TURN_URLS?: readonly string[] | undefined;
  TURN_SECRET?: string | undefined;
  TURN_TTL_S: number;
}): TurnSettings | undefined {
  const { TURN_URLS: urls, TURN_SECRET: secret, TURN_TTL_S: ttlS } = settings;
  return urls && secret ? { urls, secret, ttlS } : undefined;
}

interface IceServersOptions {
  /** Told to everybody as they are. */
  fixed: readonly IceServer[];
  turn?: TurnSettings | undefined;
  now: Now;
}

/**
 * ICE servers for somebody, by a name that the TURN server may write into its log. It should say who it is to those who
 * may know, such as a facility's id or a viewer's, and nothing to others.
 */
export type IceServersFor = (name: string) => IceServer[];

/** `:` divides the expiry from the name; the rest would have to be escaped somewhere. */
const NOT_IN_NAMES = /[^A-Za-z0-9._-]/g;
/** The contract's bound, without the expiry. */
const MAX_NAME = 180;

/**
 * Credentials by coturn's REST API (draft-uberti-behave-turn-rest): the user name is `expiry:name`, the password its
 * HMAC-SHA1 by the shared secret. The TURN server refuses new allocations after the expiry, in seconds since 1970.
 */
export function createIceServersFor({ fixed, turn, now }: IceServersOptions): IceServersFor {
  return (name) => {
    if (!turn) return [...fixed];
    const expiryS = Math.floor(now() / 1000) + turn.ttlS;
    const username = `${expiryS}:${name.replaceAll(NOT_IN_NAMES, '-').slice(0, MAX_NAME)}`;
    const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
    return [...fixed, { urls: [...turn.urls], username, credential }];
  };
}

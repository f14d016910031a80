import { z } from 'zod';
import { type Account, type Accounts, type Person, toPerson } from '../../access/account.ts';
import { sessionTimeLeftMs, toSessionHandle } from '../../access/session.ts';
import type { Redis } from '../redis/connect.ts';
import { keys } from '../redis/keys.ts';

/** What we keep in a session, as it comes back from Redis; the rest is express-session's. */
const SessionRecord = z.object({ username: z.string().min(1).max(64), signedInAtMs: z.number().int() });

/** Somebody who is signed in, as of now: rights are the account's, read anew each time. */
export interface SignedIn {
  person: Person;
  account: Account;
  /** The session's handle, safe to log and to hand on. */
  sessionId: string;
  signedInAtMs: number;
}

/** Reads sessions by the id under which they are stored, also where there is no request. */
export interface SessionReader {
  /** Who a stored session is; undefined when it is over. */
  toSignedIn(storedId: string, data: unknown): Promise<SignedIn | undefined>;
  /** Reads a session and counts that as use; undefined when it is over. Throws while the store is away. */
  renew(storedId: string): Promise<SignedIn | undefined>;
  /** Puts the end of a session off, because it is used. */
  keepAlive(storedId: string, signedInAtMs: number): Promise<void>;
}

interface SessionReaderOptions {
  redis: Redis;
  accounts: Accounts;
  now: () => number;
}

/**
 * Use puts the end of an idle session off, but not more often than this: with `appendfsync always`, each time is a
 * write to disk, and every request and every open page is use.
 */
const KEEP_ALIVE_STEP_SECONDS = 60;

export function createSessionReader({ redis, accounts, now }: SessionReaderOptions): SessionReader {
  const toSignedIn = async (storedId: string, data: unknown): Promise<SignedIn | undefined> => {
    const { data: record } = SessionRecord.safeParse(data);
    if (!record || sessionTimeLeftMs(record.signedInAtMs, now()) <= 0) return undefined;
    const account = await accounts.find(record.username);
    if (!account) return undefined;
    return {
      account,
      person: toPerson(account),
      sessionId: toSessionHandle(storedId),
      signedInAtMs: record.signedInAtMs,
    };
  };

  const keepAlive = async (storedId: string, signedInAtMs: number) => {
    const key = keys.sessionPrefix + storedId;
    const seconds = Math.ceil(sessionTimeLeftMs(signedInAtMs, now()) / 1000);
    if ((await redis.ttl(key)) < seconds - KEEP_ALIVE_STEP_SECONDS) await redis.expire(key, seconds);
  };

  return {
    toSignedIn,
    keepAlive,
    renew: async (storedId) => {
      const json = await redis.get(keys.sessionPrefix + storedId);
      const found = json === null ? undefined : await toSignedIn(storedId, parseJson(json));
      if (found) await keepAlive(storedId, found.signedInAtMs);
      return found;
    },
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

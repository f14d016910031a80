import { z } from 'zod';
import { type Account, type Accounts, type Person, toPerson } from '../../access/account.ts';
import { sessionTimeLeftMs } from '../../access/session.ts';
import type { Redis } from '../redis/connect.ts';
import { keys } from '../redis/keys.ts';

/** What we keep in a session, as it comes back from Redis; the rest is express-session's. */
const SessionRecord = z.object({
  username: z.string().min(1).max(64),
  handle: z.string().min(1).max(100),
  /** The account's `rev` at sign-in: a session of before a change of rights or credentials is over. */
  rev: z.int(),
  signedInAtMs: z.number().int(),
  confirmedAtMs: z.number().int(),
});

/** Somebody who is signed in, as of now: rights are the account's, read anew each time. */
export interface SignedIn {
  person: Person;
  account: Account;
  /** The session's handle, safe to log and to hand on. */
  sessionId: string;
  signedInAtMs: number;
  /** When this person last proved who they are, in milliseconds since the epoch. */
  confirmedAtMs: number;
}

/** Reads sessions by the id under which they are stored, also where there is no request. */
export interface SessionReader {
  /** Who a stored session is; undefined when it is over. */
  toSignedIn(data: unknown): Promise<SignedIn | undefined>;
  /** Reads a session by its handle and counts that as use; undefined when it is over. Throws while the store is away. */
  renew(sessionId: string): Promise<SignedIn | undefined>;
  /** Puts the end of a session off, because it is used. */
  keepAlive(storedId: string, found: SignedIn): Promise<void>;
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
  const toSignedIn = async (data: unknown): Promise<SignedIn | undefined> => {
    const { data: record } = SessionRecord.safeParse(data);
    if (!record) return undefined;
    const { signedInAtMs, confirmedAtMs, handle } = record;
    const account = await accounts.find(record.username);
    if (!account || (account.rev ?? 0) !== record.rev) return undefined;
    if (sessionTimeLeftMs(signedInAtMs, account.role, now()) <= 0) return undefined;
    return { account, person: toPerson(account), sessionId: handle, signedInAtMs, confirmedAtMs };
  };

  const keepAlive = async (storedId: string, { account, signedInAtMs, sessionId }: SignedIn) => {
    const key = keys.sessionPrefix + storedId;
    const seconds = Math.ceil(sessionTimeLeftMs(signedInAtMs, account.role, now()) / 1000);
    if ((await redis.ttl(key)) >= seconds - KEEP_ALIVE_STEP_SECONDS) return;
    await redis.expire(key, seconds);
    await redis.hSet(keys.sessionsOf(account.username), `${sessionId}:seen`, String(now()));
  };

  return {
    toSignedIn,
    keepAlive,
    renew: async (sessionId) => {
      const storedId = await redis.get(keys.sessionByHandle(sessionId));
      const json = storedId === null ? null : await redis.get(keys.sessionPrefix + storedId);
      if (storedId === null || json === null) return undefined;
      const found = await toSignedIn(parseJson(json));
      if (found) await keepAlive(storedId, found);
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

import { type IncomingMessage, ServerResponse } from 'node:http';
import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler, Response } from 'express';
import session, { type SessionData } from 'express-session';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { type Account, type Accounts, type Person, toPerson } from '../../access/account.ts';
import { sessionTimeLeftMs, toSessionHandle } from '../../access/session.ts';
import type { Redis } from '../redis/connect.ts';
import { keys } from '../redis/keys.ts';

declare module 'express-session' {
  interface SessionData {
    username: string;
    signedInAtMs: number;
  }
}

const COOKIE_NAME = 'varta.sid';

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

/** A session that is watched for as long as something hangs on it. */
export interface WatchedSession {
  signedIn: SignedIn;
  /** Reads the session again and counts that as use; undefined when it is over. Throws while the store is away. */
  renew(): Promise<SignedIn | undefined>;
}

export interface Sessions {
  /** Reads the session of a request; needed before the rest. */
  middleware: RequestHandler;
  current(request: Request): Promise<SignedIn | undefined>;
  /**
   * Signs in under a new session id; whatever session there was is over. Throws `forbidden` over plain HTTP when cookies
   * travel over HTTPS only.
   */
  begin(request: Request, account: Account): Promise<SignedIn>;
  /** Signs out. */
  end(request: Request, response: Response): Promise<void>;
  /** The session of a WebSocket handshake. */
  watch(handshake: IncomingMessage): Promise<WatchedSession | undefined>;
}

interface SessionsOptions {
  redis: Redis;
  secret: string;
  /** Cookies travel over HTTPS only. */
  secure: boolean;
  accounts: Accounts;
  now: () => number;
  /** Called with the handle of a session that ended here. */
  onEnded: (sessionId: string) => Promise<void>;
}

/**
 * Use puts the end of an idle session off, but not more often than this: with `appendfsync always`, each time is a
 * write to disk, and every request and every open page is use.
 */
const KEEP_ALIVE_STEP_SECONDS = 60;

/** Cookie sessions in Redis. */
export function createSessions({ redis, secret, secure, accounts, now, onEnded }: SessionsOptions): Sessions {
  const timeToLiveSeconds = (signedInAtMs: number) =>
    Math.ceil(sessionTimeLeftMs(signedInAtMs, now()) / 1000);
  const keepAlive = async (sessionId: string, signedInAtMs: number) => {
    const key = keys.sessionPrefix + sessionId;
    const seconds = timeToLiveSeconds(signedInAtMs);
    if ((await redis.ttl(key)) < seconds - KEEP_ALIVE_STEP_SECONDS) await redis.expire(key, seconds);
  };
  const store = new (class extends RedisStore {
    override async touch(sessionId: string, data: SessionData, done?: (error?: unknown) => void) {
      await keepAlive(sessionId, data.signedInAtMs).then(() => done?.(), done);
    }
  })({
    client: redis,
    prefix: keys.sessionPrefix,
    ttl: ({ signedInAtMs }) => timeToLiveSeconds(signedInAtMs),
  });
  const middleware = session({
    name: COOKIE_NAME,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'strict', secure, path: '/' },
  });

  const signedIn = async (sessionId: string, data: unknown): Promise<SignedIn | undefined> => {
    const { data: record } = SessionRecord.safeParse(data);
    if (!record || sessionTimeLeftMs(record.signedInAtMs, now()) <= 0) return undefined;
    const account = await accounts.find(record.username);
    if (!account) return undefined;
    return {
      account,
      person: toPerson(account),
      sessionId: toSessionHandle(sessionId),
      signedInAtMs: record.signedInAtMs,
    };
  };

  const current = (request: Request) => signedIn(request.sessionID, request.session);

  const renew = async (sessionId: string): Promise<SignedIn | undefined> => {
    const json = await redis.get(keys.sessionPrefix + sessionId);
    const found = json === null ? undefined : await signedIn(sessionId, parseJson(json));
    if (found) await keepAlive(sessionId, found.signedInAtMs);
    return found;
  };

  return {
    middleware,
    current,
    begin: async (request, account) => {
      if (secure && !request.secure)
        throw new VartaError('forbidden', 'sign in over HTTPS; a proxy has to send X-Forwarded-Proto');
      const before = await current(request);
      await promised((done) => request.session.regenerate(done));
      request.session.username = account.username;
      request.session.signedInAtMs = now();
      // Saved before the answer goes out: the page may open its socket on any replica right away.
      await promised((done) => request.session.save(done));
      if (before) await onEnded(before.sessionId);
      return {
        account,
        person: toPerson(account),
        sessionId: toSessionHandle(request.sessionID),
        signedInAtMs: request.session.signedInAtMs,
      };
    },
    end: async (request, response) => {
      const before = await current(request);
      await promised((done) => request.session.destroy(done));
      response.clearCookie(COOKIE_NAME, { httpOnly: true, sameSite: 'strict', secure, path: '/' });
      if (before) await onEnded(before.sessionId);
    },
    watch: async (handshake) => {
      // The middleware only reads here: a handshake has no response that it could set a cookie on.
      const request = handshake as Request;
      await promised((done) => middleware(request, new ServerResponse(handshake) as Response, done));
      const { sessionID } = request;
      const found = await current(request);
      return found && { signedIn: found, renew: () => renew(sessionID) };
    },
  };
}

/** A callback as a promise. */
function promised(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

import { type IncomingMessage, ServerResponse } from 'node:http';
import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler, Response } from 'express';
import session, { type SessionData } from 'express-session';
import { VartaError } from '#contract/errors.ts';
import { type Account, type Accounts, toPerson } from '../../access/account.ts';
import { sessionTimeLeftMs, toSessionHandle } from '../../access/session.ts';
import type { Redis } from '../redis/connect.ts';
import { keys } from '../redis/keys.ts';
import { createSessionReader, type SignedIn } from './session-reader.ts';

declare module 'express-session' {
  interface SessionData {
    username: string;
    signedInAtMs: number;
  }
}

const COOKIE_NAME = 'varta.sid';

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

/** Cookie sessions in Redis. */
export function createSessions({ redis, secret, secure, accounts, now, onEnded }: SessionsOptions): Sessions {
  const timeToLiveSeconds = (signedInAtMs: number) =>
    Math.ceil(sessionTimeLeftMs(signedInAtMs, now()) / 1000);
  const reader = createSessionReader({ redis, accounts, now });
  const store = new (class extends RedisStore {
    override async touch(sessionId: string, data: SessionData, done?: (error?: unknown) => void) {
      await reader.keepAlive(sessionId, data.signedInAtMs).then(() => done?.(), done);
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

  const current = (request: Request) => reader.toSignedIn(request.sessionID, request.session);

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
      return found && { signedIn: found, renew: () => reader.renew(sessionID) };
    },
  };
}

/** A callback as a promise. */
function promised(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

import { type IncomingMessage, ServerResponse } from 'node:http';
import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler, Response } from 'express';
import session, { type SessionData } from 'express-session';
import { VartaError } from '#contract/errors.ts';
import type { RoleId } from '#contract/session.ts';
import { type Account, type Accounts, type KeptSecret, toPerson } from '../../access/account.ts';
import { isConfirmed, sessionTimeLeftMs, toDevice, toSessionHandle } from '../../access/session.ts';
import type { Redis } from '../redis/connect.ts';
import { keys } from '../redis/keys.ts';
import { createSessionIds, type SessionIds } from './session-ids.ts';
import { createSessionList, type SessionList } from './session-list.ts';
import { createSessionReader, type SignedIn } from './session-reader.ts';

declare module 'express-session' {
  interface SessionData {
    username: string;
    /** The session's name everywhere but in the cookie and the store; stays when the id is changed. */
    handle: string;
    rev: number;
    role: RoleId;
    signedInAtMs: number;
    confirmedAtMs: number;
    /** Secret of a second factor that is being set up. */
    offeredTotp?: KeptSecret;
  }
}

const COOKIE_NAME = 'varta.sid';

/** A session that is watched for as long as something hangs on it. */
export interface WatchedSession {
  signedIn: SignedIn;
  /** Reads the session again and counts that as use; undefined when it is over. Throws while the store is away. */
  renew(): Promise<SignedIn | undefined>;
}

export interface Sessions extends Pick<SessionList, 'list' | 'end'>, Pick<SessionIds, 'isStolen'> {
  /** Reads the session of a request; needed before the rest. */
  middleware: RequestHandler;
  current(request: Request): Promise<SignedIn | undefined>;
  /**
   * Signs in under a new session id; whatever session there was is over. Throws `forbidden` over plain HTTP when cookies
   * travel over HTTPS only.
   */
  begin(request: Request, account: Account): Promise<SignedIn>;
  /**
   * The person has proved again who they are: the session goes on under a new id, so that an id that somebody else has is
   * worth nothing for what asks for proof. `account`: as of now, after a change of credentials.
   */
  confirm(request: Request, account: Account): Promise<void>;
  /** Whether the person has proved who they are lately enough for what asks for it. */
  isConfirmed(request: Request): boolean;
  /** Signs out. */
  signOut(request: Request, response: Response): Promise<void>;
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
  const reader = createSessionReader({ redis, accounts, now });
  const sessionList = createSessionList({ redis, now, onEnded });
  const ids = createSessionIds({ redis, secret, cookieName: COOKIE_NAME });
  const store = new (class extends RedisStore {
    override async touch(storedId: string, data: SessionData, done?: (error?: unknown) => void) {
      // Nobody awaits this: a rejection, as every read has while Redis is away, would end the process.
      await reader
        .toSignedIn(data)
        .then((found) => (found ? reader.keepAlive(storedId, found) : undefined))
        .then(
          () => done?.(),
          (error: unknown) => done?.(error),
        );
    }
  })({
    client: redis,
    prefix: keys.sessionPrefix,
    ttl: ({ signedInAtMs, role }) => Math.ceil(sessionTimeLeftMs(signedInAtMs, role, now()) / 1000),
  });
  const middleware = session({
    name: COOKIE_NAME,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'strict', secure, path: '/' },
  });

  const current = (request: Request) => reader.toSignedIn(request.session);

  /** Ends the session that a request came with. */
  const endBefore = async (request: Request) => {
    const before = await current(request);
    if (!before) return;
    await sessionList.end(before.account.username, (one) => one === before.sessionId);
    await ids.retire(request.sessionID);
  };

  return {
    middleware,
    current,
    isStolen: ids.isStolen,
    list: sessionList.list,
    end: sessionList.end,
    begin: async (request, account) => {
      if (secure && !request.secure)
        throw new VartaError('forbidden', 'sign in over HTTPS; a proxy has to send X-Forwarded-Proto');
      await endBefore(request);
      await promised((done) => request.session.regenerate(done));
      const sessionId = toSessionHandle(request.sessionID);
      const at = now();
      Object.assign(request.session, {
        username: account.username,
        handle: sessionId,
        rev: account.rev ?? 0,
        role: account.role,
        signedInAtMs: at,
        confirmedAtMs: at,
      } satisfies Omit<SessionData, 'cookie'>);
      // Saved before the answer goes out: the page may open its socket on any replica right away.
      await promised((done) => request.session.save(done));
      await sessionList.add({
        username: account.username,
        sessionId,
        storedId: request.sessionID,
        device: toDevice(request.headers['user-agent']),
      });
      return { account, person: toPerson(account), sessionId, signedInAtMs: at, confirmedAtMs: at };
    },
    confirm: async (request, account) => {
      const { username, handle, signedInAtMs } = request.session;
      if (handle === undefined || username !== account.username) throw new VartaError('unauthenticated');
      await ids.retire(request.sessionID);
      await promised((done) => request.session.regenerate(done));
      Object.assign(request.session, {
        username,
        handle,
        rev: account.rev ?? 0,
        role: account.role,
        signedInAtMs,
        confirmedAtMs: now(),
      });
      await promised((done) => request.session.save(done));
      await sessionList.moved(handle, request.sessionID);
    },
    isConfirmed: (request) => isConfirmed(request.session?.confirmedAtMs ?? 0, now()),
    signOut: async (request, response) => {
      await endBefore(request);
      await promised((done) => request.session.destroy(done));
      response.clearCookie(COOKIE_NAME, { httpOnly: true, sameSite: 'strict', secure, path: '/' });
    },
    watch: async (handshake) => {
      // The middleware only reads here: a handshake has no response that it could set a cookie on.
      const request = handshake as Request;
      await promised((done) => middleware(request, new ServerResponse(handshake) as Response, done));
      const found = await current(request);
      return found && { signedIn: found, renew: () => reader.renew(found.sessionId) };
    },
  };
}

/** A callback as a promise. */
function promised(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

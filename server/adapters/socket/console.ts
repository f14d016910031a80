import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from 'socket.io';

import { DISPLAY_MESSAGES, type DisplayId } from '#contract/displays.ts';
import type { ErrorCode } from '#contract/errors.ts';
import {
  ConsoleHandshake,
  type Goodbye,
  type Heartbeat,
  LIVE_MESSAGES,
  type LiveBuild,
} from '#contract/live.ts';
import { hasSameRights, type WatchedPage } from '../../access/account.ts';
import { isOwnOrigin } from '../../access/origin.ts';
import { toViewerId } from '../../access/session.ts';
import { type Attacks, type AuditLog, toAuditActor } from '../../audit/audit.ts';
import { requestOrigin } from '../http/identify.ts';
import type { Sessions } from '../http/sessions.ts';
import { toEdgeError } from '../redis/store-errors.ts';
import { parseHandshake, refuseHandshake } from './handshake.ts';
import { createMessageBudget } from './message-budget.ts';
import { type ConsoleSocket, guardMessages } from './on-message.ts';
import { boundUnread } from './unread.ts';

const HEARTBEAT_MS = 2_000;
/** How often the sessions of open pages are read again; news of their end comes at once and apart from this. */
const RECHECK_MS = 5_000;
/** A page turn of a 64-tile wall is about ten messages. */
const MESSAGES_PER_SECOND = 50;
const MESSAGE_BURST = 200;
/** How long a stop waits for pages to hear why. */
const GOODBYE_MS = 1_000;
/** Messages that wait for a page that does not read; it is let go, and catches up by a snapshot. */
const MAX_UNREAD_MESSAGES = 1_000;

interface ConsoleLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ConsoleOptions {
  io: Server;
  sessions: Pick<Sessions, 'watch'>;
  /** The display of a handshake. Throws `display_revoked`. Without it there are no displays. */
  watchDisplay?: (handshake: IncomingMessage) => Promise<WatchedPage | undefined>;
  /** Origin of PUBLIC_URL. */
  publicOrigin: string;
  /** Name of the client's build that is served now. */
  readClientBuild: () => Promise<string | undefined>;
  /** Gives a connected page its messages; one function a module. */
  attach: readonly ((socket: ConsoleSocket) => void)[];
  /** The session of this handle is over, found here before the news of it came. */
  onSessionOver: (sessionId: string) => void;
  countRefusal: (code: ErrorCode) => void;
  /** Told of everybody who is known and was refused. */
  auditRefusal?: AuditLog['auditRefusal'];
  auditAttack?: Attacks['auditAttack'];
  log: ConsoleLog;
  now: () => number;
  /** @default 5000 */
  recheckMs?: number;
}

export interface Consoles extends AsyncDisposable {
  /** Closes the pages of a session. */
  endSession(sessionId: string): void;
  /** What a display has to show, or who answers for it, has changed. */
  tellDisplay(displayId: DisplayId): void;
  readonly count: number;
}

/**
 * The `/console` namespace: signed-in pages. Each connection proves its session anew and is watched while it is open:
 * when the session ends or the account's rights change, the page is told so and closed.
 */
export function openConsoles(options: ConsoleOptions): Consoles {
  const { io, sessions, publicOrigin, attach, onSessionOver, countRefusal, log, now } = options;
  const namespace = io.of('/console');
  const admitted = new WeakMap<ConsoleSocket, WatchedPage>();
  const open = new Map<ConsoleSocket, WatchedPage>();

  const watchPerson = async (handshake: IncomingMessage): Promise<WatchedPage | undefined> => {
    const watched = await sessions.watch(handshake);
    if (!watched) return undefined;
    const { person, sessionId } = watched.signedIn;
    return { principal: person, sessionId, renew: async () => (await watched.renew())?.person };
  };

  const admit = async (socket: ConsoleSocket): Promise<ErrorCode | undefined> => {
    if (!isOwnOrigin(requestOrigin(socket.handshake.headers), publicOrigin)) return 'origin_refused';
    const parsed = parseHandshake(ConsoleHandshake, socket.handshake.auth);
    if (!parsed.ok) return parsed.code;
    const { tabId, display } = parsed.handshake;
    const watched = display
      ? await options.watchDisplay?.(socket.request)
      : await watchPerson(socket.request);
    if (!watched) return 'unauthenticated';
    const { principal, sessionId } = watched;
    socket.data = { principal, sessionId, tabId, viewerId: toViewerId(sessionId, tabId) };
    admitted.set(socket, watched);
    return undefined;
  };

  const refuse = (code: ErrorCode) => {
    countRefusal(code);
    // Nobody's page does these by mistake.
    if (code === 'origin_refused' || code === 'display_revoked' || code === 'unauthenticated')
      options.auditRefusal?.({
        principal: { kind: 'anonymous' },
        action: 'console.connect',
        resource: { kind: 'any' },
        code,
      });
  };

  namespace.use((socket, next) => {
    const page = socket as ConsoleSocket;
    admit(page).then(
      (code) => {
        if (code !== undefined) refuse(code);
        next(code === undefined ? undefined : refuseHandshake(code));
      },
      (thrown: unknown) => {
        const { code } = toEdgeError(thrown);
        refuse(code);
        if (code === 'internal') log.warn({ err: thrown }, 'unexpected error in a handshake');
        next(refuseHandshake(code));
      },
    );
  });

  const tellBuild = async (page: ConsoleSocket) => {
    const build = await options.readClientBuild();
    if (build !== undefined) page.emit(LIVE_MESSAGES.build, { build } satisfies LiveBuild);
  };

  namespace.on('connection', (socket) => {
    const page = socket as ConsoleSocket;
    const watched = admitted.get(page);
    if (!watched) return void page.disconnect(true);
    open.set(page, watched);
    page.once('disconnect', () => open.delete(page));
    const budget = createMessageBudget({
      perSecond: MESSAGES_PER_SECOND,
      burst: MESSAGE_BURST,
      nowMs: now(),
    });
    boundUnread(page.conn, MAX_UNREAD_MESSAGES, () => {
      countRefusal('limit_reached');
      page.conn.close(true);
    });
    guardMessages(page, {
      principal: () => page.data.principal,
      hasBudget: () => budget.take(now()),
      onRefused: countRefusal,
      onDenied: (principal, action, code) =>
        options.auditRefusal?.({ principal, action, resource: { kind: 'any' }, code }),
      onAttack: (attack) =>
        options.auditAttack?.({
          ...attack,
          actor: toAuditActor(page.data.principal),
          from: page.handshake.address,
          resource: 'any',
        }),
    });
    for (const give of attach) give(page);
    void tellBuild(page);
  });

  const dismiss = (page: ConsoleSocket, code: ErrorCode) => {
    open.delete(page);
    page.emit(LIVE_MESSAGES.goodbye, { code } satisfies Goodbye);
    page.disconnect(true);
  };

  const endSession = (sessionId: string) => {
    for (const page of open.keys()) if (page.data.sessionId === sessionId) dismiss(page, 'unauthenticated');
  };

  const heartbeat = setInterval(() => {
    namespace.volatile.emit(LIVE_MESSAGES.heartbeat, {
      at: new Date(now()).toISOString(),
    } satisfies Heartbeat);
  }, HEARTBEAT_MS);

  const recheck = async (page: ConsoleSocket, watched: WatchedPage) => {
    const renewed = await watched.renew();
    if (renewed && hasSameRights(renewed, page.data.principal)) {
      page.data.principal = renewed;
      return;
    }
    onSessionOver(page.data.sessionId);
    if (open.has(page)) dismiss(page, 'unauthenticated');
  };
  let rechecking: Promise<unknown> | undefined;
  const recheckTimer = setInterval(() => {
    // While Redis is away nothing can be told: pages stay, grants do not outlive their seconds.
    rechecking ??= Promise.allSettled(Array.from(open, ([page, watched]) => recheck(page, watched))).finally(
      () => {
        rechecking = undefined;
      },
    );
  }, options.recheckMs ?? RECHECK_MS);

  const tellDisplay = (displayId: DisplayId) => {
    for (const [page, watched] of open) {
      const { principal } = page.data;
      if (principal.kind !== 'display' || principal.displayId !== displayId) continue;
      // Who answers for what is seen is known before it is seen. Without the store the display asks by itself, later.
      recheck(page, watched).then(
        () => page.emit(DISPLAY_MESSAGES.changed),
        (error: unknown) => log.warn({ err: error, displayId }, 'a display was not told of a change'),
      );
    }
  };

  return {
    endSession,
    tellDisplay,
    get count() {
      return open.size;
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(heartbeat);
      clearInterval(recheckTimer);
      const pages = [...open.keys()];
      const gone = pages.map((page) => once(page.conn, 'close'));
      for (const page of pages) dismiss(page, 'shutting_down');
      await Promise.race([Promise.all(gone), pause(GOODBYE_MS, undefined, { ref: false })]);
      await rechecking;
    },
  };
}

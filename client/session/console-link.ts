import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { z } from 'zod';
import { ALERT_MESSAGES, type Alert, AlertPath, AlertsPending } from '#contract/alerts.ts';
import { DISPLAY_MESSAGES } from '#contract/displays.ts';
import { type Ack, ackOf, ErrorCode } from '#contract/errors.ts';
import {
  Goodbye,
  Heartbeat,
  LIVE_MESSAGES,
  LiveBuild,
  LiveDeltas,
  LiveSubscribed,
  type RegionDelta,
} from '#contract/live.ts';
import { ConsumersClosed, FeedAvailable, MEDIA_MESSAGES, MediaMove, ViewerClosed } from '#contract/media.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { type FailureCode, failure, type Outcome } from './failure.ts';

/** What comes over the connection, parsed. */
export interface LinkHandlers {
  open(): void;
  /** The connection was lost or refused; it is tried again unless the code says that there is no session. */
  lost(code: FailureCode): void;
  /** The session has ended: nothing will work until somebody signs in. */
  unauthenticated(): void;
  deltas(deltas: readonly RegionDelta[]): void;
  heartbeat(instant: string): void;
  /** The client's build that the server serves; at each connect. */
  build(name: string): void;
  /** Something came that this page cannot read: the server is of another version. What it said is lost to the page. */
  unreadable(): void;
  consumersClosed(closed: ConsumersClosed): void;
  viewerClosed(): void;
  available(feedId: string): void;
  move(move: MediaMove): void;
  alertsPending(alerts: readonly Alert[]): void;
  alertPath(path: AlertPath): void;
  /** What this display has to show has changed. */
  displayChanged(): void;
}

/** The page's one connection to the server. */
export interface ConsoleLink extends Disposable {
  connect(handlers: LinkHandlers): void;
  request<S extends z.ZodType>(name: string, payload: unknown, reply: S): Promise<Outcome<z.infer<S>>>;
  subscribe(): Promise<Outcome<LiveSubscribed>>;
}

/** An answer that takes longer is not waited for. */
const ANSWER_MS = 10_000;

type OpenSocket = (namespace: string, options: Partial<ManagerOptions & SocketOptions>) => Socket;

/** `display`: the page asks as the display that its cookie names. */
export function createConsoleLink(tabId: string, display = false, openSocket: OpenSocket = io): ConsoleLink {
  let handleUnreadable = () => {};
  const socket = openSocket('/console', {
    auth: { protocol: PROTOCOL_VERSION, tabId, ...(display ? { display } : {}) },
    // One request less, and no need that a load balancer sends a page to the same replica twice.
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: 250,
    // A server that restarts is there after some two seconds. Pauses that go on doubling would add as much again.
    reconnectionDelayMax: 1_000,
    randomizationFactor: 0.5,
    timeout: 5_000,
  });

  async function request<S extends z.ZodType>(
    name: string,
    payload: unknown,
    reply: S,
  ): Promise<Outcome<z.infer<S>>> {
    if (!socket.connected) return failure('offline');
    let answer: unknown;
    try {
      answer = await socket.timeout(ANSWER_MS).emitWithAck(name, payload);
    } catch {
      return failure(socket.connected ? 'no_answer' : 'offline');
    }
    const parsed = ackOf(reply).safeParse(answer);
    if (!parsed.success) {
      handleUnreadable();
      return failure('unreadable', parsed.error.message);
    }
    const ack = parsed.data as Ack<z.infer<S>>;
    return ack.ok ? { ok: true, value: ack.result } : failure(ack.code, ack.message);
  }

  /** The only place where the page listens to the server. */
  function on<S extends z.ZodType>(name: string, schema: S, handle: (message: z.infer<S>) => void): void {
    socket.on(name, (payload: unknown) => {
      const parsed = schema.safeParse(payload);
      if (parsed.success) handle(parsed.data);
      else handleUnreadable();
    });
  }

  return {
    connect(handlers) {
      handleUnreadable = handlers.unreadable;
      on(LIVE_MESSAGES.deltas, LiveDeltas, ({ deltas }) => handlers.deltas(deltas));
      on(LIVE_MESSAGES.heartbeat, Heartbeat, ({ at }) => handlers.heartbeat(at));
      on(LIVE_MESSAGES.build, LiveBuild, ({ build }) => handlers.build(build));
      on(LIVE_MESSAGES.goodbye, Goodbye, ({ code }) => {
        if (code === 'unauthenticated') handlers.unauthenticated();
      });
      on(MEDIA_MESSAGES.consumersClosed, ConsumersClosed, handlers.consumersClosed);
      on(MEDIA_MESSAGES.viewerClosed, ViewerClosed, handlers.viewerClosed);
      on(MEDIA_MESSAGES.available, FeedAvailable, ({ feedId }) => handlers.available(feedId));
      on(MEDIA_MESSAGES.move, MediaMove, handlers.move);
      on(ALERT_MESSAGES.pending, AlertsPending, ({ alerts }) => handlers.alertsPending(alerts));
      on(ALERT_MESSAGES.path, AlertPath, handlers.alertPath);
      socket.on(DISPLAY_MESSAGES.changed, () => handlers.displayChanged());
      socket.on('connect', handlers.open);
      socket.on('disconnect', (reason) => {
        handlers.lost('offline');
        // Socket.IO does not come back by itself when the server said goodbye.
        if (reason === 'io server disconnect') socket.connect();
      });
      socket.on('connect_error', (error) => {
        const code = refusalOf(error);
        handlers.lost(code ?? 'offline');
        // A display may be revoked while its link is away, and hears of it nowhere else.
        if (code === 'unauthenticated' || code === 'display_revoked') handlers.unauthenticated();
        else if (!socket.active) setTimeout(() => socket.connect(), 2_000);
      });
      socket.connect();
    },
    request,
    subscribe: () => request(LIVE_MESSAGES.subscribe, { regions: [], batched: true }, LiveSubscribed),
    [Symbol.dispose]() {
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}

/** The contract's code, if the server refused the connection with one. */
function refusalOf(error: Error & { data?: unknown }): FailureCode | undefined {
  const data = typeof error.data === 'object' && error.data !== null ? error.data : {};
  const said = 'code' in data ? data.code : error.message;
  const parsed = ErrorCode.safeParse(said);
  return parsed.success ? parsed.data : undefined;
}

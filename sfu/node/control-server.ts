import { once } from 'node:events';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import {
  type CONTROL_EVENTS,
  CONTROL_MESSAGES,
  type ControlEvent,
  ControlGrantRefused,
  ControlHandshake,
} from '#contract/control.ts';
import type { ErrorCode } from '#contract/errors.ts';
import { toVartaError, VartaError } from '#contract/errors.ts';
import type { ViewerId } from '#contract/ids.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { ShownGrants } from '../grants/shown-grants.ts';
import { BadGrantError, type VerifyGrant } from '../grants/verify-grant.ts';
import { type ControlHandlers, dispatch } from './dispatch.ts';

/** A country's replicas and nodes several times over; each keeps one connection. */
const MAX_CONNECTIONS = 400;
/** The largest message is a `viewer:watch`: a grant of up to 120 kB, a browser's capabilities, 192 feeds. */
const MAX_MESSAGE_BYTES = 512 * 1024;
/** A replica that is gone without a goodbye is noticed within twice this time. Milliseconds. */
const PING_MS = 5_000;
/** Grants that are none are told together, so that whoever tries many fills nothing. */
const TELL_REFUSALS_MS = 1_000;

export interface ControlServerOptions {
  verify: VerifyGrant;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Handlers for one connection. */
  createHandlers(): ControlHandlers;
  /** Other nodes, on a namespace of their own. */
  mesh: {
    /** @throws VartaError when it is not to be let in. */
    admit(auth: unknown): Promise<unknown>;
    /** `admitted` is what {@link admit} gave. */
    handleConnection(socket: Socket, admitted: unknown): void;
  };
  /** Plain HTTP on the same port: health and metrics. */
  onRequest: RequestListener;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

type ClosedTile = { consumerId: string; feedId: string; code: ErrorCode };

/** The control port: servers connect here with a grant, ask for things, and are told what happens. */
export class ControlServer implements AsyncDisposable {
  readonly #http: HttpServer;
  readonly #io: Server;
  readonly #control: Namespace;
  /** Grants that were none, by where and why; as many kinds as there are messages. */
  readonly #refusals = new Map<string, number>();
  #telling: NodeJS.Timeout | undefined;
  /** Tiles that closed in this turn of the event loop, to be told in one message a viewer. */
  readonly #closedTiles = new Map<ViewerId, ClosedTile[]>();

  constructor(options: ControlServerOptions) {
    const { log } = options;
    const shown = new ShownGrants(options.now);
    this.#http = createServer(options.onRequest);
    this.#io = new Server(this.#http, {
      serveClient: false,
      transports: ['websocket'],
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      connectTimeout: PING_MS,
      pingInterval: PING_MS,
      pingTimeout: PING_MS,
      allowRequest: (_request, decide) => decide(null, this.#io.engine.clientsCount < MAX_CONNECTIONS),
    });
    this.#io.use((_socket, next) =>
      next(toConnectError(new VartaError('not_found', 'There are only /control and /mesh'))),
    );
    const mesh = this.#io.of('/mesh');
    mesh.use((socket, next) => {
      void options.mesh.admit(socket.handshake.auth).then(
        (admitted) => {
          socket.data.admitted = admitted;
          next();
        },
        (error: unknown) => this.#refuse('mesh', error, next),
      );
    });
    mesh.on('connection', (socket) => options.mesh.handleConnection(socket, socket.data.admitted));
    this.#control = this.#io.of('/control');
    this.#control.use((socket, next) => {
      void admit(socket.handshake.auth, { verify: options.verify, shown }).then(
        (replica) => {
          socket.data.replica = replica;
          next();
        },
        (error: unknown) =>
          this.#refuse(error instanceof ShownAgainError ? 'control:again' : 'control', error, next),
      );
    });
    this.#control.on('connection', (socket) => {
      const { replica } = socket.data;
      log.info({ replica }, 'server connected');
      if (this.#refusals.size > 0) this.#telling ??= setTimeout(() => this.#tellRefusals(), TELL_REFUSALS_MS);
      socket.on('disconnect', (reason) => log.info({ replica, reason }, 'server disconnected'));
      dispatch(socket, {
        messages: CONTROL_MESSAGES,
        handlers: options.createHandlers(),
        onRefused: (error, message) => this.noteRefusal(message, error),
        onUnexpected: (error, message) =>
          log.error({ err: error, message, replica }, 'control message failed'),
      });
    });
  }

  /** Servers that are connected now. */
  get servers(): number {
    return this.#control.sockets.size;
  }

  async listen(address: { host: string; port: number }): Promise<void> {
    this.#http.listen(address);
    await once(this.#http, 'listening');
  }

  /** Tells every connected server, in the order in which things happened. */
  emit<E extends ControlEvent>(event: E, payload: z.input<(typeof CONTROL_EVENTS)[E]>): void {
    if (this.#closedTiles.size > 0) this.#flushClosedTiles();
    this.#control.emit(event, payload);
  }

  /** Tells every connected server, together with other tiles of this viewer that close now. */
  tileClosed(viewerId: ViewerId, tile: ClosedTile): void {
    if (this.#closedTiles.size === 0) setImmediate(() => this.#flushClosedTiles());
    const tiles = this.#closedTiles.get(viewerId) ?? [];
    tiles.push(tile);
    this.#closedTiles.set(viewerId, tiles);
  }

  /** Something was refused, at the door or with a message: if its grant was a bad one, a server is told, which puts it on record. */
  noteRefusal(where: string, error: VartaError): void {
    if (!(error instanceof BadGrantError)) return;
    const key = `${where} ${error.code}` as const;
    this.#refusals.set(key, (this.#refusals.get(key) ?? 0) + 1);
    this.#telling ??= setTimeout(() => this.#tellRefusals(), TELL_REFUSALS_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#telling);
    this.#flushClosedTiles();
    await this.#io.close();
  }

  #refuse(where: string, error: unknown, next: (error: Error) => void): void {
    const refusal = toVartaError(error);
    next(toConnectError(refusal));
    this.noteRefusal(where, refusal);
  }

  /** Tells one server, which puts it on record; with none connected it is told to the next one that comes. */
  #tellRefusals(): void {
    this.#telling = undefined;
    const [server] = this.#control.sockets.values();
    if (!server) return;
    for (const [key, count] of this.#refusals) {
      const [where = '', code = ''] = key.split(' ');
      const payload = ControlGrantRefused.safeParse({ where, code, count });
      if (payload.success) server.emit('grant:refused', payload.data);
    }
    this.#refusals.clear();
  }

  #flushClosedTiles(): void {
    const closed = [...this.#closedTiles];
    this.#closedTiles.clear();
    for (const [viewerId, consumers] of closed) {
      this.emit('viewer:consumers-closed', { viewerId, consumers });
    }
  }
}

/** A grant that is good, and has opened a connection before: somebody has read it on its way. */
class ShownAgainError extends BadGrantError {
  constructor() {
    super('grant_invalid', 'It was shown before');
  }
}

/** @returns the name of the replica. @throws VartaError `grant_invalid` also for a grant that has opened a connection before. */
async function admit(
  auth: unknown,
  { verify, shown }: { verify: VerifyGrant; shown: ShownGrants },
): Promise<string> {
  const version = typeof auth === 'object' && auth !== null && 'protocol' in auth ? auth.protocol : undefined;
  if (version !== PROTOCOL_VERSION) {
    throw new VartaError('protocol_unsupported', `This node speaks version ${PROTOCOL_VERSION}`);
  }
  const parsed = ControlHandshake.safeParse(auth);
  if (!parsed.success) throw new VartaError('invalid', 'The handshake is not { protocol, grant }');
  const grant = await verify(parsed.data.grant, 'control');
  if (!shown.accept(grant)) throw new ShownAgainError();
  return grant.sub;
}

/** socket.io hands `data` to the peer's `connect_error`. */
function toConnectError(error: VartaError): Error {
  return Object.assign(new Error(error.message), { data: error.toRefusal() });
}

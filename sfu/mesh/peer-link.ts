import { decodeJwt } from 'jose';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { ackOf, Refusal, VartaError } from '#contract/errors.ts';
import type { NodeId } from '#contract/ids.ts';
import {
  MAX_PROOFS,
  MESH_EVENTS,
  MESH_MESSAGES,
  type MeshEvent,
  type MeshHandshake,
  type MeshMessage,
} from '#contract/mesh.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';

/** A node that does not take a connection in this time is not waited for. */
const CONNECT_TIMEOUT_MS = 1_000;
/** A home answers in milliseconds; one that has to open a feed first, in tens of them. */
const REQUEST_TIMEOUT_MS = 2_500;
/** A node that is asked for a sign of life gives it in this time, or is as good as dead. */
const PING_TIMEOUT_MS = 1_000;

type RequestOf<M extends MeshMessage> = z.infer<(typeof MESH_MESSAGES)[M]['request']>;
type ReplyOf<M extends MeshMessage> = z.infer<(typeof MESH_MESSAGES)[M]['reply']>;

/** An event of a home, parsed. */
export type PeerEvent = {
  [E in MeshEvent]: { name: E; payload: z.infer<(typeof MESH_EVENTS)[E]> };
}[MeshEvent];

/** A home that cannot be asked: nobody listens there (any more), it does not answer, or it is not the home. */
export class PeerFailure extends Error {
  readonly how: 'refused' | 'silent' | 'conflict';

  constructor(how: 'refused' | 'silent' | 'conflict', nodeId: NodeId, cause?: unknown) {
    super(`node ${nodeId} cannot be asked for feeds: ${how}`, { cause });
    this.name = 'PeerFailure';
    this.how = how;
  }
}

export interface PeerLinkOptions {
  /** The one who asks: this node. */
  me: NodeId;
  /** Who is asked, and where. */
  to: NodeId;
  url: string;
  /** A grant of one of our viewers. */
  proof: string;
  onEvent(event: PeerEvent): void;
  /** The connection is over; this object is of no use any more. */
  onClosed(reason: string): void;
}

/** One connection to a node that is asked for feeds. It is made for a need and not renewed: a new need makes a new one. */
export class PeerLink {
  readonly #options: PeerLinkOptions;
  readonly #socket: Socket;
  /** Grants that the home knows, or is being told, by their text. */
  readonly #proven = new Map<string, Promise<string>>();
  #closed = false;

  /** @throws PeerFailure, or VartaError with the home's refusal. */
  static async connect(options: PeerLinkOptions): Promise<PeerLink> {
    const { me, to, url, proof } = options;
    const auth = { protocol: PROTOCOL_VERSION, nodeId: me, to, grant: proof } satisfies MeshHandshake;
    const socket = io(`${url.replace(/\/$/, '')}/mesh`, {
      forceNew: true,
      transports: ['websocket'],
      reconnection: false,
      timeout: CONNECT_TIMEOUT_MS,
      auth,
    });
    const timer = Promise.withResolvers<never>();
    const timeout = setTimeout(() => timer.reject(new PeerFailure('silent', to)), CONNECT_TIMEOUT_MS);
    try {
      await Promise.race([
        timer.promise,
        new Promise<void>((resolve, reject) => {
          socket.once('connect', resolve);
          socket.once('connect_error', (error: Error) => reject(toFailure(error, to)));
        }),
      ]);
      return new PeerLink(socket, options);
    } catch (error) {
      socket.off();
      socket.disconnect();
      throw error;
    } finally {
      clearTimeout(timeout);
    }
  }

  private constructor(socket: Socket, options: PeerLinkOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#proven.set(options.proof, Promise.resolve(idOf(options.proof)));
    for (const name of Object.keys(MESH_EVENTS) as MeshEvent[])
      socket.on(name, (payload: unknown) => {
        const parsed = MESH_EVENTS[name].safeParse(payload);
        if (parsed.success) options.onEvent({ name, payload: parsed.data } as PeerEvent);
      });
    socket.once('disconnect', (reason) => this.#end(reason));
    if (!socket.connected) this.#end('gone at once');
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Makes a grant known to the home, once. @returns its `jti`. */
  prove(grant: string): Promise<string> {
    const known = this.#proven.get(grant);
    if (known) return known;
    const proven = this.request('relay:prove', { grant }).then(() => idOf(grant));
    this.#proven.set(grant, proven);
    proven.catch(() => this.#proven.delete(grant));
    // The home forgets its oldest, too, and after more than these.
    const [oldest] = this.#proven.keys();
    if (oldest !== undefined && this.#proven.size > MAX_PROOFS / 2) this.#proven.delete(oldest);
    return proven;
  }

  /** @throws PeerFailure when there is no answer, VartaError with the home's refusal. */
  async request<M extends MeshMessage>(message: M, payload: RequestOf<M>): Promise<ReplyOf<M>> {
    if (this.#closed) throw new PeerFailure('silent', this.#options.to);
    let answer: unknown;
    const timeoutMs = message === 'mesh:ping' ? PING_TIMEOUT_MS : REQUEST_TIMEOUT_MS;
    try {
      answer = await this.#socket.timeout(timeoutMs).emitWithAck(message, payload);
    } catch (cause) {
      throw new PeerFailure('silent', this.#options.to, cause);
    }
    const parsed = ackOf(MESH_MESSAGES[message].reply).safeParse(answer);
    if (!parsed.success) throw new VartaError('internal', undefined, { cause: parsed.error });
    if (!parsed.data.ok) {
      const { code, message: text } = parsed.data;
      throw code === 'conflict' ? new PeerFailure('conflict', this.#options.to) : new VartaError(code, text);
    }
    return parsed.data.result as ReplyOf<M>;
  }

  /** Says something whose answer nobody waits for. A home that is gone has forgotten it anyway. */
  tell<M extends 'relay:layers' | 'relay:close'>(message: M, payload: RequestOf<M>): void {
    if (!this.#closed) this.#socket.emit(message, payload);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.off();
    this.#socket.disconnect();
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#options.onClosed(reason);
  }
}

function idOf(grant: string): string {
  return decodeJwt(grant).jti ?? '';
}

/** What the operating system says of a connection, as engine.io hands it on. */
const SystemError = z.object({ description: z.object({ error: z.object({ code: z.string() }) }) });
const RefusedHandshake = z.object({ data: Refusal });

function toFailure(error: Error, to: NodeId): Error {
  const refusal = RefusedHandshake.safeParse(error);
  if (refusal.success) {
    const { code, message } = refusal.data.data;
    // Somebody else has its address: it is gone.
    return code === 'conflict' ? new PeerFailure('refused', to, error) : new VartaError(code, message);
  }
  const system = SystemError.safeParse(error);
  const isRefused = system.success && system.data.description.error.code === 'ECONNREFUSED';
  return new PeerFailure(isRefused ? 'refused' : 'silent', to, error);
}

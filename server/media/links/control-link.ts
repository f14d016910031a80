import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';
import {
  CONTROL_EVENTS,
  CONTROL_MESSAGES,
  type ControlEvent,
  type ControlHandshake,
  type ControlMessage,
} from '#contract/control.ts';
import { ackOf, VartaError } from '#contract/errors.ts';
import type { NodeId } from '#contract/ids.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import type { Log, Now } from '../ports.ts';

export type ControlRequest<M extends ControlMessage> = z.infer<(typeof CONTROL_MESSAGES)[M]['request']>;
export type ControlReply<M extends ControlMessage> = z.infer<(typeof CONTROL_MESSAGES)[M]['reply']>;

/** An event of a node, parsed. */
export type NodeEvent = {
  [E in ControlEvent]: { name: E; nodeId: NodeId; payload: z.infer<(typeof CONTROL_EVENTS)[E]> };
}[ControlEvent];

export interface RequestOptions {
  /** @default 5000 */
  timeoutMs?: number;
}

const REQUEST_TIMEOUT_MS = 5_000;
/** A node that restarts is to be found again at once: tiles are back within 5 s. */
const MIN_RECONNECT_MS = 100;
const MAX_RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;

interface ControlLinkOptions {
  nodeId: NodeId;
  controlUrl: string;
  signControl(nodeId: NodeId): Promise<string>;
  log: Log;
  now: Now;
  onEvent(event: NodeEvent): void;
  /** The connection opened (again), or went away. */
  onStateChange(nodeId: NodeId, isOpen: boolean): void;
}

/** The control connection to one node. Reconnects until closed, each time with a fresh grant. */
export class ControlLink implements Disposable {
  readonly nodeId: NodeId;
  readonly #options: ControlLinkOptions;
  readonly #socket: Socket;
  #retry: NodeJS.Timeout | undefined;
  #downSinceMs: number | undefined;
  #problem: string | undefined;

  constructor(options: ControlLinkOptions) {
    this.nodeId = options.nodeId;
    this.#options = options;
    this.#downSinceMs = options.now();
    this.#socket = io(`${options.controlUrl.replace(/\/$/, '')}/control`, {
      autoConnect: false,
      forceNew: true,
      transports: ['websocket'],
      reconnectionDelay: MIN_RECONNECT_MS,
      reconnectionDelayMax: MAX_RECONNECT_MS,
      timeout: CONNECT_TIMEOUT_MS,
      auth: (give: (auth: object) => void) => void this.#introduce(give),
    });
    this.#socket.on('connect', () => this.#handleOpen());
    this.#socket.on('disconnect', (reason) => this.#handleDown(reason));
    this.#socket.on('connect_error', (error) => this.#handleDown(error.message));
    for (const name of Object.keys(CONTROL_EVENTS) as ControlEvent[])
      this.#socket.on(name, (payload: unknown) => this.#handleEvent(name, payload));
    this.#socket.connect();
  }

  get isOpen(): boolean {
    return this.#socket.connected;
  }

  /** Since when there is no connection, and why; undefined while there is one. */
  get down(): { sinceMs: number; problem: string } | undefined {
    return this.#downSinceMs === undefined
      ? undefined
      : { sinceMs: this.#downSinceMs, problem: this.#problem ?? 'not connected yet' };
  }

  /**
   * Asks the node. What is asked is on its way when this returns its promise.
   *
   * @throws VartaError the node's refusal; `no_sfu` without a connection, `sfu_timeout` without an answer in time,
   * `internal` for an answer that the contract does not know.
   */
  async request<M extends ControlMessage>(
    message: M,
    payload: ControlRequest<M>,
    { timeoutMs = REQUEST_TIMEOUT_MS }: RequestOptions = {},
  ): Promise<ControlReply<M>> {
    // socket.io would keep the message until it is connected again, without a bound, and send it with an old grant.
    if (!this.#socket.connected) throw new VartaError('no_sfu', `node ${this.nodeId} is not reachable`);
    let answer: unknown;
    try {
      answer = await this.#socket.timeout(timeoutMs).emitWithAck(message, payload);
    } catch (cause) {
      if (this.#socket.connected)
        throw new VartaError('sfu_timeout', `node ${this.nodeId}: ${message}`, { cause });
      throw new VartaError('no_sfu', `node ${this.nodeId} went away during ${message}`, { cause });
    }
    const parsed = ackOf(CONTROL_MESSAGES[message].reply).safeParse(answer);
    if (!parsed.success) {
      this.#options.log.error(
        { nodeId: this.nodeId, message, issues: parsed.error.issues.slice(0, 5) },
        'node answered against the contract',
      );
      throw new VartaError('internal', undefined, { cause: parsed.error });
    }
    if (!parsed.data.ok) throw new VartaError(parsed.data.code, parsed.data.message);
    return parsed.data.result as ControlReply<M>;
  }

  /** Closes the connection for good. The node's viewers live on until their grants run out. */
  [Symbol.dispose](): void {
    clearTimeout(this.#retry);
    this.#socket.off();
    this.#socket.disconnect();
  }

  async #introduce(give: (auth: object) => void): Promise<void> {
    try {
      const grant = await this.#options.signControl(this.nodeId);
      give({ protocol: PROTOCOL_VERSION, grant } satisfies z.infer<typeof ControlHandshake>);
    } catch (error) {
      this.#options.log.error({ err: error, nodeId: this.nodeId }, 'no grant for the control connection');
      give({});
    }
  }

  #handleOpen(): void {
    this.#downSinceMs = undefined;
    this.#problem = undefined;
    this.#options.log.info({ nodeId: this.nodeId }, 'sfu node connected');
    this.#options.onStateChange(this.nodeId, true);
  }

  #handleDown(problem: string): void {
    const wasOpen = this.#downSinceMs === undefined;
    this.#downSinceMs ??= this.#options.now();
    if (wasOpen || this.#problem === undefined)
      this.#options.log.warn({ nodeId: this.nodeId, problem }, 'sfu node not reachable');
    this.#problem = problem;
    // Refused by the node itself (or put out by it): socket.io does not try again then, but a fresh grant may do.
    if (!this.#socket.active) {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#socket.connect(), MAX_RECONNECT_MS);
    }
    if (wasOpen) this.#options.onStateChange(this.nodeId, false);
  }

  #handleEvent(name: ControlEvent, payload: unknown): void {
    const parsed = CONTROL_EVENTS[name].safeParse(payload);
    if (parsed.success)
      this.#options.onEvent({ name, nodeId: this.nodeId, payload: parsed.data } as NodeEvent);
    else this.#options.log.warn({ nodeId: this.nodeId, event: name }, 'unreadable event of an sfu node');
  }
}

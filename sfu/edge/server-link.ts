import { io, type Socket } from 'socket.io-client';
import { ackOf, ERRORS, Refusal } from '#contract/errors.ts';
import {
  FACILITY_MESSAGES,
  type FacilityHandshake,
  FeedDemand,
  FeedRelease,
  type FeedSending,
} from '#contract/facility-link.ts';
import type { FacilityId, FeedId } from '#contract/ids.ts';
import { Done } from '#contract/media.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import type { Said } from './feed-uplink.ts';

/** A server that is away is looked for after these times. Milliseconds. */
const RECONNECT = { reconnectionDelay: 250, reconnectionDelayMax: 3_000, timeout: 5_000 };
/** A server that refuses is asked again after one to ten seconds. */
const REFUSED_MIN_MS = 1_000;
const REFUSED_MAX_MS = 10_000;
/** A node answers in milliseconds; the server waits for it for 5 s. */
const ANSWER_WITHIN_MS = 6_000;

export interface ServerLinkOptions {
  serverUrl: string;
  facilityId: FacilityId;
  feedIds: readonly FeedId[];
  /** Asked before each connection. May reject. */
  readKey(): Promise<string>;
  onConnected(): void;
  onDisconnected(): void;
  onDemand(demand: FeedDemand): void;
  onRelease(feedId: FeedId): void;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** The connection to the servers, outwards; found again whatever happens, until it is disposed of. */
export class ServerLink implements Disposable {
  readonly #options: ServerLinkOptions;
  readonly #socket: Socket;
  #retry: NodeJS.Timeout | undefined;
  #refusals = 0;
  #isAway = false;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#socket = io(`${options.serverUrl.replace(/\/+$/, '')}/facility`, {
      transports: ['websocket'],
      forceNew: true,
      ...RECONNECT,
      auth: (give: (auth: object) => void) => void this.#introduce(give),
    });
    this.#socket.on('connect', () => this.#handleConnect());
    this.#socket.on('disconnect', (reason) => this.#handleDisconnect(reason));
    this.#socket.on('connect_error', (error: Error & { data?: unknown }) => this.#handleError(error));
    this.#socket.on(FACILITY_MESSAGES.demand, (payload: unknown) => {
      const demand = FeedDemand.safeParse(payload);
      if (demand.success) options.onDemand(demand.data);
      else options.log.warn({ paths: pathsOf(demand.error) }, 'unreadable demand');
    });
    this.#socket.on(FACILITY_MESSAGES.release, (payload: unknown) => {
      const release = FeedRelease.safeParse(payload);
      if (release.success) options.onRelease(release.data.feedId);
      else options.log.warn({ paths: pathsOf(release.error) }, 'unreadable release');
    });
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Says how a feed is sent, now or not at all. */
  async say(sending: FeedSending): Promise<Said> {
    if (!this.#socket.connected) return 'unheard';
    const { log } = this.#options;
    const { feedId } = sending;
    try {
      const answer: unknown = await this.#socket
        .timeout(ANSWER_WITHIN_MS)
        .emitWithAck(FACILITY_MESSAGES.sending, sending);
      const parsed = ackOf(Done).safeParse(answer);
      if (parsed.success && parsed.data.ok) return 'heard';
      const code = parsed.success && !parsed.data.ok ? parsed.data.code : 'internal';
      log.info({ feedId, code }, 'the node does not take what is sent');
      return ERRORS[code].retry ? 'unheard' : 'refused';
    } catch {
      return 'unheard';
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#retry);
    this.#socket.off();
    this.#socket.disconnect();
  }

  async #introduce(give: (auth: object) => void): Promise<void> {
    const { facilityId, feedIds, readKey, log } = this.#options;
    const key = await readKey().catch((error: Error) => {
      log.warn({ error: error.message }, 'the facility’s key cannot be read');
      return '';
    });
    const handshake: FacilityHandshake = {
      protocol: PROTOCOL_VERSION,
      facilityId,
      key,
      feeds: [...feedIds],
      media: 'srtp',
    };
    give(handshake);
  }

  #handleConnect(): void {
    this.#refusals = 0;
    this.#isAway = false;
    this.#options.log.info({}, 'connected to the server');
    this.#options.onConnected();
  }

  #handleDisconnect(reason: string): void {
    this.#isAway = true;
    this.#options.log.warn({ reason }, 'the server is away; what is sent goes on for a while');
    this.#options.onDisconnected();
    // Only when the server itself has closed it does the client not come back by itself.
    if (!this.#socket.active) this.#connectLater();
  }

  #handleError(error: Error & { data?: unknown }): void {
    if (this.#socket.active) {
      // One line an outage, not one an attempt.
      if (!this.#isAway) this.#options.log.warn({ error: error.message }, 'the server cannot be reached');
      this.#isAway = true;
      return;
    }
    const refusal = Refusal.pick({ code: true }).safeParse(error.data);
    this.#options.log.warn({ code: refusal.data?.code ?? error.message }, 'the server refuses the edge');
    this.#connectLater();
  }

  #connectLater(): void {
    clearTimeout(this.#retry);
    const pauseMs = Math.min(REFUSED_MAX_MS, REFUSED_MIN_MS * 2 ** this.#refusals);
    this.#refusals += 1;
    this.#retry = setTimeout(() => this.#socket.connect(), pauseMs * (0.75 + Math.random() / 2));
  }
}

/** Where something is wrong; never what is there. */
function pathsOf(error: { issues: readonly { path: PropertyKey[] }[] }): string[] {
  return error.issues.slice(0, 5).map(({ path }) => path.join('.'));
}

import { randomUUID } from 'node:crypto';
import type { PipeTransport } from 'mediasoup/types';
import type { ErrorCode } from '#contract/errors.ts';
import { VartaError } from '#contract/errors.ts';
import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import type { RelayOpened } from '#contract/mesh.ts';
import type { Layer } from '#contract/nation.ts';
import { KEYFRAME_REQUEST_DELAY_MS } from '../ingest/source.ts';
import type { ListenAddress } from '../workers/addresses.ts';
import { toMediaError } from '../workers/media-errors.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import { type PeerEvent, PeerLink, type PeerLinkOptions } from './peer-link.ts';
import { openPipe, toLane, toPipeEnd } from './pipe.ts';
import { RelaySource } from './relay-source.ts';

export interface HomePeerOptions extends Omit<PeerLinkOptions, 'onEvent' | 'onClosed'> {
  listen: ListenAddress;
  onClosed(peer: HomePeer, reason: string): void;
}

type Opened = RelayOpened & { relayId: MediaObjectId };

/** Another node that feeds of ours enter: the connection to it, the pipes from it, and what comes through them. */
export class HomePeer {
  readonly options: HomePeerOptions;
  readonly #relays = new Map<MediaObjectId, RelaySource>();
  readonly #pipes = new Map<MediaObjectId, Promise<PipeTransport>>();
  /** Relays and pipes that ended before their opening was through here. Cleared when nothing is being opened. */
  readonly #endedEarly = new Map<MediaObjectId, ErrorCode>();
  /** What was said of relays before their opening was through here: whether they are held back. Cleared likewise. */
  readonly #heldEarly = new Map<MediaObjectId, boolean>();
  #link: PeerLink | undefined;
  #opening = 0;
  /** Since when it carries nothing; milliseconds since 1970. */
  #idleSince: number | undefined;

  /** @throws PeerFailure, or VartaError with the home's refusal. */
  static async connect(options: HomePeerOptions): Promise<HomePeer> {
    const peer = new HomePeer(options);
    peer.#link = await PeerLink.connect({
      ...options,
      onEvent: (event) => peer.#handleEvent(event),
      onClosed: (reason) => options.onClosed(peer, reason),
    });
    return peer;
  }

  private constructor(options: HomePeerOptions) {
    this.options = options;
  }

  get closed(): boolean {
    return this.#link?.closed ?? true;
  }

  get relays(): number {
    return this.#relays.size;
  }

  get pipes(): number {
    return this.#pipes.size;
  }

  /**
   * Gets a feed from there, to this worker.
   *
   * @throws PeerFailure when it cannot be asked, VartaError with its refusal, or ours.
   */
  async open(
    feedId: FeedId,
    worker: MediaWorker,
    { proof, layer }: { proof: string; layer: Layer },
  ): Promise<RelaySource> {
    const link = this.#living();
    const relayId = randomUUID();
    this.#opening += 1;
    this.#idleSince = undefined;
    try {
      const jti = await link.prove(proof);
      const lane = toLane(worker);
      const opened = await link.request('relay:open', {
        relayId,
        feedId,
        proof: jti,
        lane,
        layers: [layer],
      });
      return await this.#receive({ ...opened, relayId }, worker);
    } catch (error) {
      link.tell('relay:close', { relayId });
      throw error;
    } finally {
      this.#opening -= 1;
      if (this.#opening === 0) {
        this.#endedEarly.clear();
        this.#heldEarly.clear();
      }
    }
  }

  /** Whether it answers. */
  async isAnswering(): Promise<boolean> {
    try {
      await this.#living().request('mesh:ping', {});
      return true;
    } catch {
      return false;
    }
  }

  /** Whether it has carried nothing for this long. */
  isIdle(now: number, forMs: number): boolean {
    if (this.#relays.size > 0 || this.#opening > 0) this.#idleSince = undefined;
    else this.#idleSince ??= now;
    return this.#idleSince !== undefined && now - this.#idleSince >= forMs;
  }

  /** Ends what comes from there, for this reason, and the connection. */
  close(code: ErrorCode): void {
    this.#link?.close();
    const relays = [...this.#relays.values()];
    this.#relays.clear();
    for (const relay of relays) relay.end(code);
    for (const pipe of this.#pipes.values()) closeWhenOpen(pipe);
    this.#pipes.clear();
  }

  #living(): PeerLink {
    if (!this.#link || this.#link.closed) throw new VartaError('no_sfu');
    return this.#link;
  }

  async #receive(opened: Opened, worker: MediaWorker): Promise<RelaySource> {
    const { relayId, layers } = opened;
    const transport = await this.#pipe(opened.pipe, worker);
    this.#assertLives(opened);
    // mediasoup checks the parameters itself.
    const rtpParameters = opened.rtpParameters as unknown as Parameters<
      PipeTransport['produce']
    >[0]['rtpParameters'];
    const producer = await transport
      .produce({ kind: 'video', rtpParameters, keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS })
      .catch((error: unknown) => {
        throw toMediaError(error, 'internal');
      });
    const relay: RelaySource = new RelaySource({
      relayId,
      home: this.options.to,
      worker,
      producer,
      layers,
      isHeld: this.#heldEarly.get(relayId) ?? opened.isHeld ?? false,
      look: () => this.#living().request('relay:look', { relayId }),
      // Whoever cannot be shown it is not there, and then nothing comes from there either.
      show: (proof) => void this.#link?.prove(proof).catch(() => undefined),
      want: (wanted, importance) =>
        this.#link?.tell('relay:layers', { relayId, layers: [...wanted], importance }),
      leave: () => {
        if (this.#relays.get(relayId) === relay) this.#relays.delete(relayId);
        this.#link?.tell('relay:close', { relayId });
      },
    });
    try {
      this.#assertLives(opened);
    } catch (error) {
      producer.close();
      throw error;
    }
    this.#relays.set(relayId, relay);
    return relay;
  }

  #assertLives({ relayId, pipe }: Opened): void {
    this.#living();
    const code = this.#endedEarly.get(relayId) ?? this.#endedEarly.get(pipe.pipeId);
    if (code !== undefined) throw new VartaError(code);
  }

  /** The pipe that the home names, completed if it is a new one. */
  async #pipe({ pipeId, end }: RelayOpened['pipe'], worker: MediaWorker): Promise<PipeTransport> {
    const known = this.#pipes.get(pipeId);
    if (known) return known;
    const opening = this.#openPipe({ pipeId, end }, worker);
    this.#pipes.set(pipeId, opening);
    opening.catch(() => this.#pipes.delete(pipeId));
    return opening;
  }

  async #openPipe({ pipeId, end }: RelayOpened['pipe'], worker: MediaWorker): Promise<PipeTransport> {
    const transport = await openPipe(worker, this.options.listen);
    transport.observer.once('close', () => this.#pipes.delete(pipeId));
    try {
      await transport.connect(end);
      await this.#living().request('relay:connect', { pipeId, end: toPipeEnd(transport) });
      return transport;
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  #handleEvent(event: PeerEvent): void {
    if (event.name === 'relay:ended') {
      const { relayId, code } = event.payload;
      const relay = this.#relays.get(relayId);
      this.#relays.delete(relayId);
      if (relay) relay.end(code);
      else if (this.#opening > 0) this.#endedEarly.set(relayId, code);
    } else if (event.name === 'relay:held') {
      const { relayId, isHeld } = event.payload;
      const relay = this.#relays.get(relayId);
      if (relay) relay.hold(isHeld);
      else if (this.#opening > 0) this.#heldEarly.set(relayId, isHeld);
    } else {
      const { pipeId } = event.payload;
      const pipe = this.#pipes.get(pipeId);
      this.#pipes.delete(pipeId);
      if (pipe) closeWhenOpen(pipe);
      else if (this.#opening > 0) this.#endedEarly.set(pipeId, 'no_sfu');
    }
  }
}

function closeWhenOpen(pipe: Promise<PipeTransport>): void {
  pipe.then(
    (transport) => transport.close(),
    () => undefined,
  );
}

import type { PlainTransport } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { FeedSending } from '#contract/facility-link.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { MediaObjectId } from '#contract/ids.ts';
import { type Importance, USUAL_IMPORTANCE } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import { toMediaError } from '../../workers/media-errors.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import { KEYFRAME_REQUEST_DELAY_MS } from '../source.ts';
import type { EdgeDemands } from './edge-demands.ts';
import { type EdgePortOptions, openEdgePort, SRTP_CRYPTO_SUITE } from './edge-port.ts';
import { assertSending, isSameSender, toRtpParameters } from './sending.ts';
import { SrtpSource } from './srtp-source.ts';

/** Said in a demand where SSRCs and payload type are the sender's to choose. */
const UNSAID = { payloadType: 0, ssrc: 1 };

/**
 * Who was to send and sent nothing for this long is gone: a packet counts in the worker's bitrate for this long
 * (RtpStreamRecv.cpp). Milliseconds.
 */
const GONE_AFTER_MS = 2_500;

interface SrtpPortOptions extends EdgePortOptions {
  feed: GrantedFeed;
  worker: MediaWorker;
  demands: EdgeDemands;
  /** Milliseconds, any clock. */
  now: () => number;
}

/**
 * A port for one feed of an edge. It asks for the feed from the start, with no layer wanted yet; when the edge has said
 * its key and SSRCs, it becomes a source. It takes one sender in its life.
 */
export class SrtpPort {
  readonly feed: GrantedFeed;
  readonly worker: MediaWorker;
  readonly #transport: PlainTransport;
  readonly #demands: EdgeDemands;
  readonly #source = Promise.withResolvers<SrtpSource>();
  readonly #now: () => number;
  #sender: FeedSending | undefined;
  /** Since when its sender is to send anything at all. */
  #wantedSince: number | undefined;

  /** @throws VartaError `limit_reached` when no port of the range is free. */
  static async open(options: SrtpPortOptions): Promise<SrtpPort> {
    const transport = await openEdgePort(options.worker, options, 'srtp');
    const port = new SrtpPort(options, transport);
    port.ask([], USUAL_IMPORTANCE);
    return port;
  }

  private constructor({ feed, worker, demands, now }: SrtpPortOptions, transport: PlainTransport) {
    this.feed = feed;
    this.worker = worker;
    this.#demands = demands;
    this.#now = now;
    this.#transport = transport;
    // Nobody may be waiting for it.
    this.#source.promise.catch(() => undefined);
    transport.observer.once('close', () => this.#source.reject(new VartaError('feed_not_live')));
  }

  get transportId(): MediaObjectId {
    return this.#transport.id;
  }

  get closed(): boolean {
    return this.#transport.closed;
  }

  /** Packets have come that had the key. */
  get taken(): boolean {
    return Boolean(this.#transport.tuple.remotePort);
  }

  /** Resolves when the edge sends. Rejects with `feed_not_live` when the port is closed before. */
  get source(): Promise<SrtpSource> {
    return this.#source.promise;
  }

  /** Whether this port belongs to somebody else than who says this. */
  isTakenFrom(sending: FeedSending): boolean {
    return this.#sender !== undefined && !isSameSender(this.#sender, sending);
  }

  /** Whether who says this is the port's sender under another key, as it can show. */
  isSucceededBy({ insteadOf }: FeedSending): boolean {
    return insteadOf !== undefined && this.#sender?.srtp.keyBase64 === insteadOf;
  }

  /** Whether its sender was to send for a while, and nothing came. */
  async isDeserted(): Promise<boolean> {
    const since = this.#wantedSince;
    if (since === undefined || this.#now() - since < GONE_AFTER_MS) return false;
    const { producer } = await this.#source.promise;
    const stats = await producer.getStats().catch(() => undefined);
    return stats?.every(({ bitrate }) => bitrate === 0) ?? false;
  }

  ask(wanted: readonly Layer[], importance: Importance): void {
    const { srtpParameters, tuple } = this.#transport;
    if (this.closed || !srtpParameters) return;
    this.#wantedSince = wanted.length > 0 ? (this.#wantedSince ?? this.#now()) : undefined;
    this.#demands.ask(this, this.feed, {
      target: { ip: tuple.localAddress, port: tuple.localPort },
      payloadType: UNSAID.payloadType,
      layers: this.feed.layers.map((layer, index) => ({
        layer,
        ssrc: UNSAID.ssrc + index,
        wanted: wanted.includes(layer),
      })),
      importance,
      srtp: {
        transportId: this.#transport.id,
        cryptoSuite: SRTP_CRYPTO_SUITE,
        keyBase64: srtpParameters.keyBase64,
      },
    });
  }

  /**
   * The edge says how it sends; said again, nothing happens.
   *
   * @throws VartaError `invalid`, `codec_unsupported`; then the port is closed.
   */
  async connect(sending: FeedSending): Promise<void> {
    if (this.#sender) {
      await this.#source.promise;
      return;
    }
    assertSending(sending, this.feed.layers);
    this.#sender = sending;
    try {
      await this.#transport.connect({ srtpParameters: sending.srtp });
      const producer = await this.#transport.produce({
        kind: 'video',
        rtpParameters: toRtpParameters(sending),
        keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS,
      });
      this.#source.resolve(new SrtpSource(this, producer, sending));
    } catch (error) {
      this.close();
      throw toMediaError(error, 'invalid');
    }
  }

  close(): void {
    this.#demands.takeBack(this, this.feed);
    this.#transport.close();
  }
}

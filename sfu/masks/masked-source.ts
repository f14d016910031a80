import { randomInt } from 'node:crypto';
import type { Consumer, DirectTransport, Producer } from 'mediasoup/types';
import { RtpPacket } from 'rtp.js/packets';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import type { FeedFault } from '#contract/feeds.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { Importance } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import { KEYFRAME_REQUEST_DELAY_MS, onTransport, type Source, type SourceKind } from '../ingest/source.ts';
import { toTapCapabilities } from '../posters/keyframe-tap.ts';
import { toH264Parameters } from '../workers/codecs.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import { asksForKeyframe } from './keyframe-request.ts';
import { MaskedLayer } from './masked-layer.ts';
import type { Masks } from './masks.ts';

const PAYLOAD_TYPE = 96;
/** Most that a layer has after it was drawn over; as much as cameras are told to send. */
const MAX_BPS: Record<Layer, number> = { low: 400_000, high: 2_000_000 };

export interface MaskedSourceOptions {
  masks: Pick<Masks, 'regionsOf' | 'follow'>;
  ffmpegBin: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

interface Parts {
  raw: Source;
  feedId: string;
  transport: DirectTransport;
  consumer: Consumer;
  producer: Producer;
  ssrcs: readonly number[];
}

/**
 * A feed of which parts are covered, in place of the one that comes in. What comes in is taken out of the worker by this
 * alone, decoded, drawn over and encoded by ffmpeg, layer by layer and only those that somebody watches, and what that
 * gives is the one producer that anybody can consume: tiles, players, stills, recordings, other nodes. When what is to be
 * covered changes, ffmpeg is ended at once and another one begins; while that fails, there is no picture, and the feed says why.
 */
export class MaskedSource implements Source {
  readonly kind: SourceKind;
  readonly worker: MediaWorker;
  readonly producer: Producer;
  readonly layers: readonly Layer[];
  /** Asks for layers of it; only where what comes in can be asked. */
  readonly want: Source['want'];
  readonly #parts: Parts;
  readonly #layers: readonly MaskedLayer[];
  readonly #unfollow: () => void;
  /** Those that cannot be drawn over now. */
  readonly #faulty = new Set<Layer>();
  #onHungUp: ((code?: ErrorCode) => void) | undefined;
  #onFault: ((fault: FeedFault, isThere: boolean) => void) | undefined;
  #closed = false;

  /** Takes a source over; it is closed with this one, and if this fails. @throws VartaError `codec_unsupported`, `internal`. */
  static async take(
    raw: Source,
    feed: Pick<GrantedFeed, 'id'>,
    options: MaskedSourceOptions,
  ): Promise<MaskedSource> {
    try {
      return await MaskedSource.#open(raw, feed, options);
    } catch (error) {
      raw.close();
      throw error;
    }
  }

  static async #open(
    raw: Source,
    feed: Pick<GrantedFeed, 'id'>,
    options: MaskedSourceOptions,
  ): Promise<MaskedSource> {
    const mimeType = raw.producer.rtpParameters.codecs[0]?.mimeType ?? '';
    if (mimeType.toLowerCase() !== 'video/h264')
      throw new VartaError('codec_unsupported', 'A feed that is partly covered has to be H.264');
    const { router } = raw.worker;
    const transport = await router.createDirectTransport();
    return onTransport(transport, async () => {
      const consumer = await transport.consume({
        producerId: raw.producer.id,
        rtpCapabilities: toTapCapabilities(router.rtpCapabilities),
        paused: true,
        // All layers beside each other, each under an SSRC of its own.
        pipe: true,
      });
      const ssrcs = raw.layers.map((_, index) => 2 * randomInt(1, 0x3fff_ffff) + index);
      const producer = await transport.produce({
        kind: 'video',
        rtpParameters: toH264Parameters({
          payloadType: PAYLOAD_TYPE,
          ssrcs,
          // Asked for one, the encoder gets one of the camera.
          givesKeyframes: true,
        }),
        keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS,
      });
      if (raw.closed || transport.closed) throw new VartaError('feed_not_live');
      return new MaskedSource({ raw, feedId: feed.id, transport, consumer, producer, ssrcs }, options);
    });
  }

  private constructor(parts: Parts, { masks, ffmpegBin, now }: MaskedSourceOptions) {
    const { raw, consumer, producer, ssrcs } = parts;
    this.#parts = parts;
    this.kind = raw.kind;
    this.worker = raw.worker;
    this.layers = raw.layers;
    this.producer = producer;
    this.#layers = raw.layers.map(
      (layer, index) =>
        new MaskedLayer({
          ffmpegBin,
          payloadType: PAYLOAD_TYPE,
          ssrc: ssrcs[index] ?? 0,
          maxBps: MAX_BPS[layer],
          regions: () => masks.regionsOf(parts.feedId),
          send: (packet) => {
            if (!producer.closed) producer.send(packet);
          },
          sendReport: (packet) => {
            if (!parts.transport.closed) parts.transport.sendRtcp(packet);
          },
          onBroken: () => this.#askForKeyframe(),
          onFault: (isThere) => this.#handleFault(layer, isThere),
          now,
        }),
    );
    this.#unfollow = masks.follow(parts.feedId, () => this.#redraw());
    const inside = consumer.rtpParameters.encodings ?? [];
    consumer.on('rtp', (packet) => {
      const rtp = new RtpPacket(new DataView(packet.buffer, packet.byteOffset, packet.byteLength));
      const index = inside.findIndex(({ ssrc }) => ssrc === rtp.getSsrc());
      this.#layers[index]?.take(rtp);
    });
    consumer.once('producerclose', () => this.#hangUp('feed_not_live'));
    // Whoever comes needs a keyframe; each that the camera sends gives one.
    parts.transport.on('rtcp', (packet) => {
      if (asksForKeyframe(packet)) this.#askForKeyframe();
    });
    if (raw.want) this.want = (wanted, importance) => this.#want(wanted, importance);
    else {
      this.want = undefined;
      // What an encoder publishes comes all the time, and so it is drawn over all the time.
      this.#run(raw.layers);
    }
  }

  get closed(): boolean {
    return this.#closed || this.#parts.raw.closed || this.#parts.transport.closed;
  }

  get taken(): boolean {
    return this.#parts.raw.taken;
  }

  /** What comes in; for whoever talks with its sender, never to consume. */
  get sender(): Source {
    return this.#parts.raw;
  }

  /** Process ids of the ffmpegs that run for it. */
  get pids(): number[] {
    return this.#layers.flatMap(({ pid }) => pid ?? []);
  }

  onHungUp(listener: (code?: ErrorCode) => void): void {
    this.#onHungUp = listener;
    this.#parts.raw.onHungUp?.((code) => this.#hangUp(code));
  }

  onFault(listener: (fault: FeedFault, isThere: boolean) => void): void {
    this.#onFault = listener;
    this.#parts.raw.onFault?.(listener);
  }

  onRefused(listener: () => void): void {
    this.#parts.raw.onRefused?.(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onHungUp = undefined;
    this.#onFault = undefined;
    this.#unfollow();
    for (const layer of this.#layers) layer.stop();
    this.#parts.transport.close();
    this.#parts.raw.close();
  }

  #want(wanted: readonly Layer[], importance: Importance): void {
    if (this.#closed) return;
    this.#parts.raw.want?.(wanted, importance);
    this.#run(wanted);
  }

  #run(wanted: readonly Layer[]): void {
    const { consumer } = this.#parts;
    let isNew = false;
    for (const [index, layer] of this.layers.entries()) {
      const masked = this.#layers[index];
      if (!wanted.includes(layer)) masked?.stop();
      else if (masked?.start()) isNew = true;
    }
    // A worker that has just died takes its feeds along; then there is nothing to resume.
    if (wanted.length === 0) void consumer.pause().catch(() => undefined);
    else
      void consumer
        .resume()
        .then(() => (isNew ? consumer.requestKeyFrame() : undefined))
        .catch(() => undefined);
  }

  /** Something else is to be covered: nothing of what was drawn before goes out any more. */
  #redraw(): void {
    if (this.#closed) return;
    for (const layer of this.#layers) layer.restart();
    this.#askForKeyframe();
  }

  /** Of the camera, as often as its worker lets anybody. */
  #askForKeyframe(): void {
    void this.#parts.consumer.requestKeyFrame().catch(() => undefined);
  }

  #handleFault(layer: Layer, isThere: boolean): void {
    if (isThere) this.#faulty.add(layer);
    else this.#faulty.delete(layer);
    this.#onFault?.('mask', this.#faulty.size > 0);
  }

  #hangUp(code?: ErrorCode): void {
    const listener = this.#onHungUp;
    this.#onHungUp = undefined;
    listener?.(code);
  }
}

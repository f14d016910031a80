import { randomBytes } from 'node:crypto';
import type { Consumer, ConsumerTraceEventData, PlainTransport } from 'mediasoup/types';
import type { Layer } from '#contract/nation.ts';
import { LayerSeeker } from '../../egress/layer-seeker.ts';
import { SRTP_CRYPTO_SUITE } from '../../ingest/edge/edge-port.ts';
import { onTransport, type Source } from '../../ingest/source.ts';
import { toTapCapabilities } from '../../posters/keyframe-tap.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import { clipCodecOf } from '../picture.ts';
import type { RingHost } from './ring-host.ts';
import { MASTER_BYTES } from './srtp-keys.ts';

const LOOPBACK = '127.0.0.1';
/** Ports that packets leave media workers from: none of those that facilities send to (RFC 6335: for anybody’s use). */
const PORTS = { min: 49_152, max: 65_535 };
/** Keyframes whose layer is known; as many as a ring of a minute has. */
const MAX_NOTED = 256;

export interface TapOptions {
  host: RingHost;
  /** The feed, to the host. */
  line: number;
  source: Source;
  layer: Layer;
  /** Whether packets of a layer come. */
  flows(layer: Layer): boolean;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Packets of one source on their way out of its media worker, which encrypts them (SRTP) with a key that it makes for this
 * tap; the thread of rings gets them as they are.
 */
export class Tap implements Disposable {
  readonly id: number;
  readonly source: Source;
  /** Master key and salt, shared with the thread. */
  readonly key: Uint8Array;
  readonly #host: RingHost;
  readonly #transport: PlainTransport;
  readonly #consumer: Consumer;
  readonly #seeker: LayerSeeker;
  readonly #now: () => number;
  readonly #layerOf = new Map<number, Layer>();
  #preferred: number;
  #keyframeAtMs: number;
  #onEnded: (() => void) | undefined;
  readonly #onGone: (() => void)[] = [];
  #isGone = false;

  /**
   * Opens a tap; nothing is sent before `start`. Undefined for a codec that no clip is made of.
   *
   * @throws what mediasoup throws when the worker or the source is gone, and what the host throws without a thread.
   */
  static async open(options: TapOptions): Promise<Tap | undefined> {
    const { host, source, layer } = options;
    if (!clipCodecOf(mimeTypeOf(source))) return undefined;
    const port = await host.findPort();
    const transport = await openTransport(source.worker);
    return onTransport(transport, async () => {
      const consumer = await transport.consume({
        producerId: source.producer.id,
        rtpCapabilities: toTapCapabilities(source.worker.router.rtpCapabilities),
        paused: true,
        ...(source.layers.length > 1
          ? { preferredLayers: { spatialLayer: source.layers.indexOf(layer) } }
          : {}),
      });
      await transport.connect({
        ip: LOOPBACK,
        port,
        // For what the thread would send, which is nothing: nobody knows it.
        srtpParameters: {
          cryptoSuite: SRTP_CRYPTO_SUITE,
          keyBase64: randomBytes(MASTER_BYTES).toString('base64'),
        },
      });
      await consumer.enableTraceEvent(['keyframe']);
      return new Tap(options, { transport, consumer, to: port });
    });
  }

  private constructor(
    { host, line, source, layer, flows, now }: TapOptions,
    { transport, consumer, to }: { transport: PlainTransport; consumer: Consumer; to: number },
  ) {
    const codec = clipCodecOf(mimeTypeOf(source));
    const keyBase64 = transport.srtpParameters?.keyBase64;
    const [encoding] = consumer.rtpParameters.encodings ?? [];
    if (!codec || keyBase64 === undefined || encoding?.ssrc === undefined)
      throw new Error('mediasoup made a tap without codec, key or stream');
    this.id = host.nextId();
    this.source = source;
    this.key = toShared(keyBase64);
    this.#host = host;
    this.#transport = transport;
    this.#consumer = consumer;
    this.#now = now;
    this.#preferred = source.layers.indexOf(layer);
    this.#keyframeAtMs = now();
    this.#seeker = new LayerSeeker(consumer, () => {
      const preferred = source.layers[this.#preferred];
      return {
        current: this.#hasLayers ? consumer.currentLayers?.spatialLayer : undefined,
        preferred: this.#preferred,
        available: !consumer.closed && preferred !== undefined && flows(preferred),
      };
    });
    consumer.on('layerschange', () => this.#seeker.look());
    consumer.on('trace', (event) => this.#handleTrace(event));
    consumer.observer.once('close', () => this.#end());
    const { localPort } = transport.tuple;
    host.beginTape(
      { tape: this.id, line, port: localPort, to, ssrc: encoding.ssrc, codec, key: this.key },
      {
        onBroken: () => this.requestKeyframe(),
        onGone: () => this.#handleGone(),
        onLost: () => this.#end(),
      },
    );
  }

  get closed(): boolean {
    return this.#consumer.closed;
  }

  /** The layer that comes now. */
  get layer(): Layer | undefined {
    return this.source.layers[this.#consumer.currentLayers?.spatialLayer ?? 0];
  }

  /** When a keyframe came or was asked for last; milliseconds since 1970. */
  get keyframeAtMs(): number {
    return this.#keyframeAtMs;
  }

  /** Calls back when it ends, whoever ends it. */
  onEnded(listener: () => void): void {
    this.#onEnded = listener;
  }

  /** Calls back when it has ended and the thread keeps nothing of it. */
  onGone(listener: () => void): void {
    if (this.#isGone) listener();
    else this.#onGone.push(listener);
  }

  /** Packets come from now on, beginning with a keyframe, which the worker asks for. */
  async start(): Promise<void> {
    await this.#consumer.resume();
  }

  prefer(layer: Layer): void {
    const index = this.source.layers.indexOf(layer);
    if (!this.#hasLayers || index === this.#preferred || index === -1 || this.closed) return;
    this.#preferred = index;
    // Fails only together with the consumer, which tells by itself.
    this.#consumer.setPreferredLayers({ spatialLayer: index }).catch(() => undefined);
    this.#seeker.look();
  }

  requestKeyframe(): void {
    if (this.closed) return;
    this.#keyframeAtMs = this.#now();
    this.#consumer.requestKeyFrame().catch(() => undefined);
  }

  /** The layer of a keyframe; `timestamp` is its RTP time. */
  layerOf(timestamp: number): Layer | undefined {
    return this.#hasLayers ? this.#layerOf.get(timestamp) : this.source.layers[0];
  }

  [Symbol.dispose](): void {
    this.#transport.close();
    this.#end();
  }

  get #hasLayers(): boolean {
    return this.source.layers.length > 1;
  }

  /** The worker tells of a layer before it tells of its first keyframe. */
  #handleTrace({ type, info }: ConsumerTraceEventData): void {
    if (type !== 'keyframe') return;
    this.#keyframeAtMs = this.#now();
    this.#host.noteKeyframe(this.id);
    const packet: unknown = info?.rtpPacket;
    const timestamp =
      typeof packet === 'object' && packet !== null && 'timestamp' in packet ? packet.timestamp : undefined;
    const layer = this.layer;
    if (!this.#hasLayers || typeof timestamp !== 'number' || !layer) return;
    this.#layerOf.set(timestamp >>> 0, layer);
    for (const oldest of this.#layerOf.keys()) {
      if (this.#layerOf.size <= MAX_NOTED) break;
      this.#layerOf.delete(oldest);
    }
  }

  #end(): void {
    this.#seeker[Symbol.dispose]();
    if (!this.#transport.closed) this.#transport.close();
    this.#host.endTape(this.id);
    const listener = this.#onEnded;
    this.#onEnded = undefined;
    listener?.();
  }

  #handleGone(): void {
    this.#isGone = true;
    this.key.fill(0);
    for (const listener of this.#onGone.splice(0)) listener();
  }
}

function openTransport({ router }: MediaWorker): Promise<PlainTransport> {
  return router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: LOOPBACK, portRange: PORTS },
    rtcpMux: true,
    comedia: false,
    enableSrtp: true,
    srtpCryptoSuite: SRTP_CRYPTO_SUITE,
  });
}

function mimeTypeOf({ producer }: Source): string {
  return producer.rtpParameters.codecs[0]?.mimeType ?? '';
}

function toShared(keyBase64: string): Uint8Array {
  const key = new Uint8Array(new SharedArrayBuffer(MASTER_BYTES));
  const decoded = Buffer.from(keyBase64, 'base64');
  key.set(decoded.subarray(0, MASTER_BYTES));
  decoded.fill(0);
  return key;
}

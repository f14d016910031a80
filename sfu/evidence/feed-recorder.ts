import type { DirectTransport } from 'mediasoup/types';
import type { Layer } from '#contract/nation.ts';
import { LayerSeeker } from '../egress/layer-seeker.ts';
import type { Feed } from '../ingest/feed.ts';
import type { Source } from '../ingest/source.ts';
import { toTapCapabilities } from '../posters/keyframe-tap.ts';
import type { TapTransports } from '../posters/tap-transports.ts';
import { clipCodecOf, type Picture } from './picture.ts';
import { PictureAssembler } from './picture-assembler.ts';
import { SealedPictures } from './sealed-pictures.ts';

/** After a tap ended without a word, the next one waits for this long. Milliseconds. */
const RETRY_MS = 1_000;

/** Whoever wants the pictures of a feed from now on. */
export interface PictureTaker {
  take(picture: Picture): void;
  /** The layer that it began with, if it is to stay with one. */
  readonly layer: Layer | undefined;
}

export interface RecorderOptions {
  feed: Feed;
  transports: TapTransports;
  /** How far back the ring goes, in milliseconds; 0: there is none. */
  preMs: number;
  /** What its ring may take of memory now, in bytes. */
  budget(): number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Takes the pictures of one feed out of its worker: into a ring, as long as somebody of this node has the feed on a screen,
 * and to clips. The ring is wiped in the moment in which the last one may or does not see the feed any more.
 */
export class FeedRecorder implements Disposable {
  readonly feed: Feed;
  readonly #options: RecorderOptions;
  readonly #takers = new Set<PictureTaker>();
  #ring: { pictures: SealedPictures; watching: AbortSignal } | undefined;
  #tap: { source: Source; stop: AbortController; prefer(layer: Layer): void } | undefined;
  #retryAtMs = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.feed = options.feed;
  }

  /** Whether there is a reason for it to go on. */
  get isWanted(): boolean {
    return this.#takers.size > 0 || (this.#options.preMs > 0 && this.feed.watching !== undefined);
  }

  /** What the ring holds; undefined while nobody watches. */
  get ring(): SealedPictures | undefined {
    return this.#ring?.pictures;
  }

  /** Gives every picture from now on to a taker, until the returned function is called. */
  join(taker: PictureTaker): () => void {
    this.#takers.add(taker);
    this.refresh();
    return () => void this.#takers.delete(taker);
  }

  /** Looks at what is wanted now. To be called a few times a second. */
  refresh(): void {
    const { watching, source } = this.feed;
    if (watching && this.#ring?.watching !== watching && this.#options.preMs > 0) this.#openRing(watching);
    if (this.#tap && (this.#tap.source !== source || !this.isWanted)) this.#endTap();
    if (!source || source.closed || !this.isWanted) return;
    if (this.#tap) this.#tap.prefer(this.#layerOf(source));
    else if (this.#options.now() >= this.#retryAtMs) this.#beginTap(source);
  }

  [Symbol.dispose](): void {
    this.#takers.clear();
    this.#endTap();
    this.#closeRing();
  }

  #openRing(watching: AbortSignal): void {
    this.#closeRing();
    const ring = { pictures: new SealedPictures(), watching };
    this.#ring = ring;
    watching.addEventListener(
      'abort',
      () => {
        ring.pictures.wipe();
        if (this.#ring === ring) this.#ring = undefined;
        if (!this.isWanted) this.#endTap();
      },
      { once: true },
    );
  }

  #closeRing(): void {
    this.#ring?.pictures.wipe();
    this.#ring = undefined;
  }

  /** What somebody sees is what is kept; a clip of what nobody sees keeps what it has asked for. */
  #layerOf({ layers }: Source): Layer {
    const [asked] = [...this.#takers].flatMap(({ layer }) => layer ?? []);
    const wanted = asked ?? this.feed.seenLayer;
    return wanted !== undefined && layers.includes(wanted) ? wanted : (layers[0] ?? 'low');
  }

  #beginTap(source: Source): void {
    const stop = new AbortController();
    const tap = { source, stop, prefer: (_: Layer): void => undefined };
    this.#tap = tap;
    this.#options.transports
      .use(source.worker, (transport) => this.#record(transport, source, tap))
      // The source or its worker is gone; whoever owns them knows.
      .catch(() => undefined)
      .finally(() => {
        if (this.#tap !== tap) return;
        this.#tap = undefined;
        this.#retryAtMs = this.#options.now() + RETRY_MS;
      });
  }

  #endTap(): void {
    this.#tap?.stop.abort();
    this.#tap = undefined;
  }

  async #record(
    transport: DirectTransport,
    source: Source,
    tap: { stop: AbortController; prefer(layer: Layer): void },
  ): Promise<void> {
    const { signal } = tap.stop;
    const codec = clipCodecOf(source.producer.rtpParameters.codecs[0]?.mimeType ?? '');
    if (!codec || signal.aborted) return;
    const hasLayers = source.layers.length > 1;
    let preferred = source.layers.indexOf(this.#layerOf(source));
    const consumer = await transport.consume({
      producerId: source.producer.id,
      rtpCapabilities: toTapCapabilities(source.worker.router.rtpCapabilities),
      paused: true,
      ...(hasLayers ? { preferredLayers: { spatialLayer: preferred } } : {}),
    });
    const current = () => consumer.currentLayers?.spatialLayer;
    using seeker = new LayerSeeker(consumer, () => ({
      current: hasLayers ? current() : undefined,
      preferred,
      available: !consumer.closed && this.#flows(source.layers[preferred]),
    }));
    tap.prefer = (layer) => {
      const index = source.layers.indexOf(layer);
      if (!hasLayers || index === preferred || consumer.closed) return;
      preferred = index;
      // Fails only together with the consumer, which tells by itself.
      consumer.setPreferredLayers({ spatialLayer: index }).catch(() => undefined);
      seeker.look();
    };
    const assembler = new PictureAssembler(
      codec,
      () => void consumer.requestKeyFrame().catch(() => undefined),
    );
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const end = () => resolve();
    signal.addEventListener('abort', end, { once: true });
    consumer.observer.once('close', end);
    consumer.on('layerschange', () => seeker.look());
    consumer.on('rtp', (packet) => {
      if (signal.aborted) return;
      const layer = source.layers[current() ?? 0];
      for (const picture of assembler.push(packet, { atMs: this.#options.now(), layer })) this.#take(picture);
    });
    try {
      if (signal.aborted) return;
      await consumer.resume();
      await over;
    } finally {
      consumer.close();
    }
  }

  #flows(layer: Layer | undefined): boolean {
    const { state } = this.feed;
    return layer !== undefined && state.state === 'live' && state.layers.includes(layer);
  }

  #take(picture: Picture): void {
    for (const taker of this.#takers) taker.take(picture);
    const ring = this.#ring;
    if (!ring || ring.watching.aborted) return;
    ring.pictures.add(picture);
    if (picture.format) ring.pictures.forgetBefore(picture.atMs - this.#options.preMs);
    const budget = this.#options.budget();
    while (ring.pictures.bytes > budget) ring.pictures.forgetOldest();
  }
}

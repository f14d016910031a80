import type { Consumer, DirectTransport, Producer, Router } from 'mediasoup/types';
import type { Layer } from '#contract/nation.ts';
import type { Slots } from '../../concurrency/slots.ts';
import { toTapCapabilities } from '../../posters/keyframe-tap.ts';
import { scoredLayers } from '../flow.ts';
import { countPackets } from '../source.ts';
import { sightSlice } from './b-slices.ts';
import { rtpPayload } from './rtp-payload.ts';
import { SliceTally } from './slice-tally.ts';

/** A look ends after this time, if it has not seen enough before. Milliseconds. */
const LOOK_MS = 4_000;
/** A layer that had none is looked at again after this time: settings hardly change. Milliseconds. */
export const LOOK_AGAIN_MS = 300_000;
/** So soon what had some is looked at again, for it is being mended; and what could not be seen. Milliseconds. */
const LOOK_SOON_MS = 20_000;
/** What comes for a shorter time, as while pages are leafed through, is not looked at. Milliseconds. */
const SETTLE_MS = 1_500;
/** Where an RTP packet says whose it is (RFC 3550, 5.1). */
const SSRC_AT = 8;

export interface BFrameWatchOptions {
  producer: Producer;
  /** One per encoding, in their order. */
  layers: readonly Layer[];
  router: Router;
  /** Turns at looking, for all watches of the node. */
  looks: Slots;
  /** When layers were last found to be without B-frames, in milliseconds since 1970; it is read and kept up to date. */
  cleanAt: Map<Layer, number>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Called after each look that saw something. With B-frames, browsers would show the pictures in the wrong order. */
  onLooked: (hasBFrames: boolean) => void;
}

/**
 * Finds out whether what a producer gets has B-frames, until the producer is closed. Neither SDP nor mediasoup's figures
 * tell it, and RTP timestamps do not either (OBS sends those of decoding), so the first packets of each layer are looked
 * at, and some every five minutes: the type of a slice is in its first bytes. Packets come into this process only during
 * a look.
 */
export class BFrameWatch implements Disposable {
  readonly #options: BFrameWatchOptions;
  readonly #ended = new AbortController();
  readonly #consider = () => this.#lookIfDue();
  readonly #settledAt: number;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  /** Packets that had come when the last look began. */
  #packets: number | undefined;

  /** Watches nothing that is not H.264. */
  constructor(options: BFrameWatchOptions) {
    this.#options = options;
    const { producer, now } = options;
    this.#settledAt = now() + SETTLE_MS;
    if (producer.rtpParameters.codecs[0]?.mimeType.toLowerCase() !== 'video/h264') return;
    producer.observer.once('close', () => this[Symbol.dispose]());
    // A layer that begins to come is told by its score.
    producer.on('score', this.#consider);
    this.#lookIfDue();
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#options.producer.off('score', this.#consider);
  }

  get #flowing(): Layer[] {
    const { producer, layers } = this.#options;
    return scoredLayers(producer.score, layers);
  }

  #lookIfDue(): void {
    if (this.#isBusy || this.#ended.signal.aborted) return;
    clearTimeout(this.#timer);
    const { cleanAt, now } = this.#options;
    const dueAt = this.#flowing.map(
      (layer) => (cleanAt.get(layer) ?? Number.NEGATIVE_INFINITY) + LOOK_AGAIN_MS,
    );
    const inMs = Math.max(Math.min(...dueAt), this.#settledAt) - now();
    if (inMs <= 0) void this.#look();
    else if (Number.isFinite(inMs)) this.#timer = setTimeout(this.#consider, inMs);
  }

  /** Never rejects: a look that failed is made up for by the next one; with a worker ends its producer, and the watch. */
  async #look(): Promise<void> {
    const { cleanAt, now, onLooked } = this.#options;
    const { signal } = this.#ended;
    this.#isBusy = true;
    const expected = this.#flowing;
    const tally = new SliceTally();
    await this.#sample(tally, expected).catch(() => undefined);
    if (signal.aborted) return;
    for (const layer of tally.layers) {
      if (tally.hasBFrames) cleanAt.delete(layer);
      else cleanAt.set(layer, now());
    }
    if (tally.layers.length > 0) onLooked(tally.hasBFrames);
    const isDone = !tally.hasBFrames && expected.every((layer) => tally.layers.includes(layer));
    if (isDone) this.#goOn();
    else this.#timer = setTimeout(() => this.#goOn(), LOOK_SOON_MS);
  }

  #goOn(): void {
    this.#isBusy = false;
    this.#lookIfDue();
  }

  async #sample(tally: SliceTally, expected: readonly Layer[]): Promise<void> {
    const { producer, layers, router, looks } = this.#options;
    const { signal } = this.#ended;
    const packets = await countPackets({ producer });
    // A camera that has fallen silent keeps its score, and others their turn.
    if (packets !== undefined && packets === this.#packets) return;
    this.#packets = packets;
    const release = await looks.take(signal);
    let transport: DirectTransport | undefined;
    try {
      transport = await router.createDirectTransport();
      const consumer = await transport.consume({
        producerId: producer.id,
        rtpCapabilities: toTapCapabilities(router.rtpCapabilities),
        // All layers beside each other, each under an SSRC of its own.
        pipe: true,
      });
      const ssrcs = (consumer.rtpParameters.encodings ?? []).map(({ ssrc }) => ssrc);
      await watchSlices(consumer, AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]), (packet) => {
        const layer = layers[ssrcs.indexOf(packet.readUInt32BE(SSRC_AT))];
        const payload = rtpPayload(packet);
        if (layer && payload) tally.see(layer, sightSlice(payload));
        return tally.isEnoughOf(expected);
      });
    } finally {
      transport?.close();
      release();
    }
  }
}

/** Shows packets until it is enough, or the signal. */
function watchSlices(
  consumer: Consumer,
  signal: AbortSignal,
  show: (packet: Buffer) => boolean,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  consumer.on('rtp', (packet) => {
    if (show(packet)) resolve();
  });
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}

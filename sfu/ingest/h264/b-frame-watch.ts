import type { Consumer, DirectTransport, Producer, ProducerScore, Router } from 'mediasoup/types';
import type { Slots } from '../../concurrency/slots.ts';
import { sightSlice } from './b-slices.ts';
import { rtpPayload } from './rtp-payload.ts';

/** Slices of B-frames that are proof: one alone may be a damaged packet. */
const PROOF_SLICES = 3;
/** One look ends after this many slices. Encoders that use B-frames at all use one in every two or three pictures. */
const LOOK_SLICES = 45;
/** ... or after this long, in milliseconds. */
const LOOK_MS = 4_000;
/** Time until the next look, in milliseconds: an encoder's settings hardly change without publishing anew. */
const LOOK_AGAIN_MS = 300_000;

/**
 * Looks that a node makes at the same time. Each brings the encoder's packets into this process (some 140 a second at
 * 1.2 Mbit/s): when hundreds of encoders come back at once, control messages must not wait for that.
 */
export const LOOKS_AT_A_TIME = 25;

export interface BFrameWatchOptions {
  producer: Producer;
  router: Router;
  /** {@link LOOKS_AT_A_TIME} of them, for all watches of the node. */
  looks: Slots;
  /**
   * Called after each look. With B-frames, browsers would show the pictures in the wrong order; the watch ends when it
   * has found them.
   */
  onLooked: (hasBFrames: boolean) => void;
}

/**
 * Finds out whether an H.264 encoder sends B-frames. Neither SDP nor mediasoup's figures tell it, and RTP timestamps do
 * not either (OBS sends those of decoding), so the first packets are looked at: the type of a slice is in its first
 * bytes. Packets come into this process only during a look.
 */
export class BFrameWatch implements Disposable {
  readonly #options: BFrameWatchOptions;
  readonly #ended = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** Begins when the first packets have come. Watches nothing that is not H.264. */
  constructor(options: BFrameWatchOptions) {
    this.#options = options;
    const { producer } = options;
    producer.observer.once('close', () => this[Symbol.dispose]());
    if (producer.rtpParameters.codecs[0]?.mimeType.toLowerCase() !== 'video/h264') return;
    const begin = (scores: ProducerScore[]) => {
      if (!scores.some(({ score }) => score > 0)) return;
      producer.off('score', begin);
      void this.#look();
    };
    producer.on('score', begin);
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { signal } = this.#ended;
    const hasBFrames = await this.#sample(signal).catch(() => undefined);
    if (signal.aborted) return;
    if (hasBFrames) this[Symbol.dispose]();
    // A look that failed is made up for by the next one; when a worker has ended, the producer has too, and the watch.
    else this.#timer = setTimeout(() => void this.#look(), LOOK_AGAIN_MS);
    if (hasBFrames !== undefined) this.#options.onLooked(hasBFrames);
  }

  async #sample(signal: AbortSignal): Promise<boolean | undefined> {
    const { producer, router, looks } = this.#options;
    const release = await looks.take(signal);
    let transport: DirectTransport | undefined;
    try {
      transport = await router.createDirectTransport();
      const { rtpCapabilities } = router;
      const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities });
      return await sampleSlices(consumer, AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]));
    } finally {
      transport?.close();
      release();
    }
  }
}

/** Whether there are slices of B-frames in what comes until enough has been seen, or the signal; undefined for nothing. */
function sampleSlices(consumer: Consumer, signal: AbortSignal): Promise<boolean | undefined> {
  const { promise, resolve } = Promise.withResolvers<boolean | undefined>();
  let seen = 0;
  let found = 0;
  consumer.on('rtp', (packet) => {
    const payload = rtpPayload(packet);
    const sight = payload ? sightSlice(payload) : 'none';
    if (sight === 'none') return;
    seen += 1;
    if (sight === 'b-slice') found += 1;
    if (found >= PROOF_SLICES) resolve(true);
    else if (seen >= LOOK_SLICES) resolve(false);
  });
  if (signal.aborted) resolve(undefined);
  signal.addEventListener('abort', () => resolve(seen > 0 ? false : undefined), { once: true });
  return promise;
}

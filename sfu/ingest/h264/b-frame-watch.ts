import type { DirectTransport, Producer, Router } from 'mediasoup/types';
import { sightSlice } from './b-slices.ts';
import { rtpPayload } from './rtp-payload.ts';

/** Slices of B-frames that are proof: one alone may be a damaged packet. */
const PROOF_SLICES = 3;
/** One look ends after this many slices. Encoders that use B-frames at all use one in every two or three pictures. */
const LOOK_SLICES = 90;
/** ... or this long after its first packet, in milliseconds. */
const LOOK_MS = 4_000;
/** Time until the next look, in milliseconds: an encoder's settings hardly change without publishing anew. */
const LOOK_AGAIN_MS = 300_000;

export interface BFrameWatchOptions {
  producer: Producer;
  router: Router;
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
  #transport: DirectTransport | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Begins with the producer's first packet. Watches nothing that is not H.264. */
  constructor(options: BFrameWatchOptions) {
    this.#options = options;
    const isH264 = options.producer.rtpParameters.codecs[0]?.mimeType.toLowerCase() === 'video/h264';
    if (isH264) void this.#look();
    options.producer.observer.once('close', () => this[Symbol.dispose]());
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#endLook();
  }

  async #look(): Promise<void> {
    const { producer, router } = this.#options;
    try {
      const transport = await router.createDirectTransport();
      if (this.#closed) {
        transport.close();
        return;
      }
      this.#transport = transport;
      const { rtpCapabilities } = router;
      const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities });
      let seen = 0;
      let found = 0;
      consumer.on('rtp', (packet) => {
        if (transport.closed) return;
        this.#timer ??= setTimeout(() => this.#endCleanLook(), LOOK_MS);
        const payload = rtpPayload(packet);
        const sight = payload ? sightSlice(payload) : 'none';
        if (sight === 'none') return;
        seen += 1;
        if (sight === 'b-slice') found += 1;
        if (found >= PROOF_SLICES) {
          this[Symbol.dispose]();
          this.#options.onLooked(true);
        } else if (seen >= LOOK_SLICES) this.#endCleanLook();
      });
    } catch {
      // Its worker ended, or the producer did: there is nothing left to watch. A look that fails for another reason is
      // made up for by the next one.
      if (!this.#closed && !producer.closed) this.#lookAgainLater();
    }
  }

  #endCleanLook(): void {
    this.#lookAgainLater();
    this.#options.onLooked(false);
  }

  #lookAgainLater(): void {
    this.#endLook();
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#look();
    }, LOOK_AGAIN_MS);
  }

  #endLook(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#transport?.close();
    this.#transport = undefined;
  }
}

import type { Consumer } from 'mediasoup/types';

/** Milliseconds until a consumer that has not come to its layer is reminded, the first time and at most. */
const FIRST_MS = 250;
const LAST_MS = 2_000;

/** Where a consumer of several layers stands, as indexes into the feed's layers. */
export interface LayerPosition {
  /** Undefined while it gets none. */
  current: number | undefined;
  preferred: number;
  /** Packets of the preferred layer come, and the consumer runs. */
  available: boolean;
}

/**
 * Brings a consumer to its preferred layer where the worker forgets to.
 *
 * mediasoup changes between two layers only when it knows how their timestamps relate: after three RTCP sender reports of
 * the source, and a packet of each layer after that. It looks whether it may on a few occasions only, and the last of
 * them (the report that makes the *first* layer's timestamps known) comes before the other layer's next packet. With a
 * bandwidth estimate, the worker looks again with each new estimate; we have none towards viewers, so without a
 * reminder such a consumer would stay where it is for good. To the worker, a reminder is a preference that changes:
 * to the layer that is there already, which is nothing, and back.
 */
export class LayerSeeker implements Disposable {
  readonly #consumer: Pick<Consumer, 'setPreferredLayers'>;
  readonly #position: () => LayerPosition;
  #delayMs = FIRST_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(consumer: Pick<Consumer, 'setPreferredLayers'>, position: () => LayerPosition) {
    this.#consumer = consumer;
    this.#position = position;
  }

  /** Something about the consumer's layers has changed. */
  look(): void {
    if (!this.#isAstray()) this[Symbol.dispose]();
    else this.#timer ??= setTimeout(() => this.#remind(), this.#delayMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#delayMs = FIRST_MS;
  }

  #isAstray(): boolean {
    const { current, preferred, available } = this.#position();
    return available && current !== undefined && current !== preferred;
  }

  #remind(): void {
    this.#timer = undefined;
    this.#delayMs = Math.min(LAST_MS, 2 * this.#delayMs);
    const { current, preferred } = this.#position();
    if (this.#isAstray() && current !== undefined) {
      // One after the other on the worker's channel. Both fail only together with the consumer, which tells by itself.
      for (const spatialLayer of [current, preferred])
        this.#consumer.setPreferredLayers({ spatialLayer }).catch(() => undefined);
    }
    this.look();
  }
}

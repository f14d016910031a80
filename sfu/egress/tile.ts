import type { Consumer } from 'mediasoup/types';
import type { ErrorCode } from '#contract/errors.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Importance } from '#contract/importance.ts';
import type { Watched } from '#contract/media.ts';
import type { Layer } from '#contract/nation.ts';
import type { FeedUse } from '../ingest/feed-use.ts';
import type { Branch } from '../mesh/mesh.ts';
import { LayerSeeker } from './layer-seeker.ts';
import { chooseLayer, isAboveCap } from './layers.ts';

/** What a viewer asks of a feed: how large, and how much it matters if that is not as usual. */
export interface Asked {
  layer: Layer;
  importance?: Importance | undefined;
}

interface Parts {
  feedId: FeedId;
  consumer: Consumer;
  use: FeedUse;
  branch: Branch;
  /** Layer that was asked for, before any cap. */
  asked: Layer;
  /** Highest layer that the viewer may have. */
  most: Layer;
  /** Counts the consumer on its worker until called. */
  release: () => void;
  /** The consumer is gone though nobody here closed it. */
  onLost: (tile: Tile, code: ErrorCode) => void;
}

/** After a consumer was held because it got more than it may, it is tried again after this time. Milliseconds. */
const CAP_RETRY_MS = 500;

/** One feed as one viewer receives it. It owns the consumer, its claim on the feed, and its branch of the mesh. */
export class Tile {
  readonly feedId: FeedId;
  readonly consumer: Consumer;
  readonly #parts: Parts;
  readonly #seeker: LayerSeeker;
  #asked: Layer;
  #most: Layer;
  #resumed = false;
  #running = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.feedId = parts.feedId;
    this.consumer = parts.consumer;
    this.#parts = parts;
    this.#asked = parts.asked;
    this.#most = parts.most;
    const { consumer, use } = parts;
    this.#seeker = new LayerSeeker(consumer, () => this.#position());
    consumer.on('layerschange', (layers) =>
      this.#handleLayers(layers && use.source.layers[layers.spatialLayer]),
    );
    consumer.once('producerclose', () => parts.onLost(this, 'internal'));
    consumer.once('transportclose', () => this.close());
  }

  /** There is another source of the feed by now. */
  get isOutdated(): boolean {
    return this.#parts.use.isOutdated;
  }

  /** What the page needs to receive it. */
  toWatched(): Watched {
    const { id, producerId, rtpParameters } = this.consumer;
    return {
      ok: true,
      feedId: this.feedId,
      consumer: { id, producerId, kind: 'video', rtpParameters: { ...rtpParameters } },
    };
  }

  /** Lets packets go out; the worker asks the source for a keyframe. */
  resume(): Promise<void> {
    this.#resumed = true;
    return this.#settle();
  }

  pause(): Promise<void> {
    this.#resumed = false;
    return this.#settle();
  }

  prefer({ layer, importance }: Asked): Promise<void> {
    this.#asked = layer;
    const { use } = this.#parts;
    if (use.layers.importance !== importance) use.change({ importance });
    return this.#applyLayer();
  }

  /** Another grant allows another layer at most. */
  cap(most: Layer): void {
    if (most === this.#most) return;
    this.#most = most;
    void this.#applyLayer().catch(() => undefined);
    void this.#settle().catch(() => undefined);
  }

  /** Other layers of the feed flow now. */
  handleFlow(): void {
    this.#seeker.look();
    if (this.#resumed) void this.#settle().catch(() => undefined);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#seeker[Symbol.dispose]();
    const { consumer, branch, use, release } = this.#parts;
    consumer.close();
    branch.release();
    use.release();
    release();
  }

  /** Runs it if it is wanted and something flows that it may have, and tells the feed. */
  async #settle(): Promise<void> {
    if (this.#closed) return;
    const { consumer, use } = this.#parts;
    const wasRunning = this.#running;
    const running = this.#resumed && !this.#isAboveCap();
    this.#running = running;
    const stopped = wasRunning && !running;
    if (use.layers.active !== this.#resumed || stopped) {
      use.change({ active: this.#resumed, ...(stopped ? { current: undefined, starved: false } : {}) });
    }
    if (wasRunning !== running) await (running ? consumer.resume() : consumer.pause());
  }

  #isAboveCap(): boolean {
    const { flowing, layers } = this.#parts.use;
    const receivesAbove = layers.current !== undefined && isAboveCap([layers.current], this.#most);
    return isAboveCap(flowing, this.#most) || (this.#running && receivesAbove);
  }

  #handleLayers(current: Layer | undefined): void {
    if (this.#closed) return;
    const { use } = this.#parts;
    const starved = this.#running && current === undefined && use.flowing.length > 0;
    use.change({ current: this.#running ? current : undefined, starved });
    this.#seeker.look();
    if (current === undefined || !isAboveCap([current], this.#most)) return;
    void this.#settle().catch(() => undefined);
    // The lower layer may flow already and only not be ready to be changed to; nothing would tell when it is.
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.handleFlow(), CAP_RETRY_MS);
  }

  async #applyLayer(): Promise<void> {
    if (this.#closed) return;
    const { consumer, use } = this.#parts;
    const { layers } = use.source;
    const layer = chooseLayer(layers, this.#asked, this.#most);
    if (layer === undefined || layer === use.layers.preferred) return;
    use.change({ preferred: layer });
    if (consumer.type !== 'simple')
      await consumer.setPreferredLayers({ spatialLayer: layers.indexOf(layer) });
    this.#seeker.look();
  }

  #position() {
    const { flowing, layers, source } = this.#parts.use;
    const index = (layer: Layer) => source.layers.indexOf(layer);
    return {
      current: layers.current && index(layers.current),
      preferred: index(layers.preferred),
      available: this.#running && !this.#closed && flowing.includes(layers.preferred),
    };
  }
}

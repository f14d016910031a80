import type { FeedId } from '#contract/ids.ts';
import type { Importance } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import { LayerRates, type LayerTotals } from './layer-rates.ts';
import { shareUplink } from './uplink-share.ts';

/** What does not cross yet has to fit with so much to spare, so that pictures do not come and go with every keyframe. */
export const COMING_FACTOR = 1.15;

/** A feed as far as its part of the uplink goes. */
export interface RoomTaker {
  readonly feedId: FeedId;
  /** The layers that its camera has. */
  readonly layers: readonly Layer[];
  /** What is wanted of it now; undefined when nothing is. */
  readonly wish: { importance: Importance; wanted: readonly Layer[] } | undefined;
  /** The layers that cross now. */
  readonly crossing: readonly Layer[];
  /** What has come in of each layer so far; empty while nothing is taken in. Never rejects. */
  received(): Promise<ReadonlyMap<Layer, LayerTotals>>;
  /** It may send other layers from now on. */
  handleShare(): void;
}

interface UplinkRoomOptions {
  /** Bits per second of the uplink. */
  maxBps: number;
  takers(): Iterable<RoomTaker>;
  log: { info(fields: object, message: string): void };
  /** Milliseconds, any clock. */
  now: () => number;
}

/** Divides an uplink that is too narrow for all that is watched: says which layers of each feed may cross. */
export class UplinkRoom {
  readonly #options: UplinkRoomOptions;
  readonly #rates = new LayerRates();
  #shares: ReadonlyMap<FeedId, readonly Layer[]> = new Map();
  #isMeasuring = false;
  /** Feeds that had less than is wanted when that was logged last. */
  #toldCut = 0;

  constructor(options: UplinkRoomOptions) {
    this.#options = options;
  }

  /** The layers of a feed that may cross. */
  shareOf(feedId: FeedId): readonly Layer[] {
    return this.#shares.get(feedId) ?? [];
  }

  /** Something else is wanted than before. */
  refresh(): void {
    const takers = [...this.#options.takers()];
    const before = this.#shares;
    const wishes = takers.flatMap((taker) => {
      const { feedId, wish, crossing } = taker;
      if (!wish || wish.wanted.length === 0) return [];
      return [{ feedId, ...wish, costBps: this.#costsOf(taker), isCrossing: crossing.length > 0 }];
    });
    this.#shares = shareUplink(wishes, this.#options.maxBps);
    this.#log(wishes);
    for (const taker of takers) {
      const had = before.get(taker.feedId) ?? [];
      if (had.join() !== this.shareOf(taker.feedId).join()) taker.handleShare();
    }
  }

  /** To be called every second: what cameras send is not what they sent before. */
  async measure(): Promise<void> {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    try {
      for (const taker of this.#options.takers()) {
        const atMs = this.#options.now();
        for (const [layer, totals] of await taker.received())
          this.#rates.note(taker.feedId, layer, totals, atMs);
      }
      this.refresh();
    } finally {
      this.#isMeasuring = false;
    }
  }

  #costsOf({ feedId, layers, crossing }: RoomTaker): Partial<Record<Layer, number>> {
    const nowMs = this.#options.now();
    return Object.fromEntries(
      layers.map((layer) => {
        const factor = crossing.includes(layer) ? 1 : COMING_FACTOR;
        return [layer, this.#rates.costBps(feedId, layer, nowMs) * factor];
      }),
    );
  }

  #log(wishes: readonly { feedId: FeedId; wanted: readonly Layer[] }[]): void {
    const cut = wishes.filter(({ feedId, wanted }) =>
      wanted.some((layer) => !this.shareOf(feedId).includes(layer)),
    ).length;
    if (cut === this.#toldCut) return;
    this.#toldCut = cut;
    const { log, maxBps } = this.#options;
    if (cut > 0)
      log.info({ cut, wanted: wishes.length, maxBps }, 'the uplink is too narrow for all that is watched');
    else log.info({ wanted: wishes.length, maxBps }, 'the uplink has room for all that is watched');
  }
}

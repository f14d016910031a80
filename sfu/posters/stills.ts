import type { FeedId } from '#contract/ids.ts';
import type { MaskRegion } from '#contract/nation.ts';

/** A still that is to be kept. */
export interface KeptStill {
  jpeg: Buffer;
  /** When it was taken; milliseconds since 1970. */
  at: number;
  /** What was covered of it. */
  masks: readonly MaskRegion[];
}

interface StillsOptions {
  keep(feedId: FeedId, still: KeptStill): Promise<void>;
  times: { holdMs: number };
  log: { warn(fields: object, message: string): void };
}

interface Still extends KeptStill {
  feedId: FeedId;
  /** Aborted when nobody watches its feed any more. */
  signal: AbortSignal;
}

/** Stills that wait to be kept: at most one a feed, and this many. The oldest make room. */
const MAX_HELD = 256;

/**
 * Holds stills for a moment before they are kept. A right that ends (somebody's lawyer comes) reaches this node within a
 * second; a picture that was taken in that second must not outlive it.
 */
export class Stills {
  readonly #options: StillsOptions;
  readonly #held = new Map<FeedId, Still>();
  #isAway = false;

  constructor(options: StillsOptions) {
    this.#options = options;
  }

  hold(still: Still): void {
    this.#held.delete(still.feedId);
    this.#held.set(still.feedId, still);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_HELD && oldest !== undefined) this.#held.delete(oldest);
  }

  /** Keeps those that were held for long enough, and forgets those that nobody may keep; `now` in milliseconds. */
  release(now: number): void {
    for (const [feedId, { jpeg, at, masks, signal }] of this.#held) {
      if (!signal.aborted && now - at < this.#options.times.holdMs) continue;
      this.#held.delete(feedId);
      if (!signal.aborted) void this.#keep(feedId, { jpeg, at, masks });
    }
  }

  async #keep(feedId: FeedId, still: KeptStill): Promise<void> {
    try {
      await this.#options.keep(feedId, still);
      this.#isAway = false;
    } catch (error) {
      // One line an outage; the next still is not far.
      if (!this.#isAway) this.#options.log.warn({ error: (error as Error).message }, 'stills are not kept');
      this.#isAway = true;
    }
  }
}

import type { FeedReport } from '#contract/registry.ts';
import type { Homes } from '../mesh/homes.ts';
import type { Feed } from './feed.ts';

interface HandOverOptions {
  homes: Pick<Homes, 'hasOtherPuller'>;
  /** Lets a feed go: it is nobody's then, and who needs it elsewhere takes it. */
  giveUp(feed: Feed): void;
  isHere(feed: Feed): boolean;
}

/**
 * How a node that is to be left loses its on-demand feeds. Nodes that need one take it by themselves; what they have of
 * it by way of this node ends as soon as nobody here watches it, and then they take it, too. What was taken stays here
 * for as long as packets come, for the pages that have not moved yet.
 */
export class HandOver {
  readonly #options: HandOverOptions;
  readonly #taken = new WeakSet<Feed>();
  #isDraining = false;

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  start(feeds: Iterable<Feed>): void {
    this.#isDraining = true;
    for (const feed of [...feeds]) this.consider(feed);
  }

  /** One that used a feed is gone. */
  consider(feed: Feed): void {
    if (!this.#isDraining || feed.isRelayed || !feed.onDemand || !feed.isForPeersOnly) return;
    if (feed.info.source === 'rtsp') void this.#giveUpCamera(feed);
    else this.#options.giveUp(feed);
  }

  /** Another node has taken a feed: it is given up when nothing comes any more. */
  wait(feed: Feed): void {
    this.#taken.add(feed);
    if (feed.state.state !== 'live') this.#options.giveUp(feed);
  }

  handleState(feed: Feed, state: FeedReport['state']): void {
    if (!this.#taken.has(feed) || state === 'live') return;
    this.#taken.delete(feed);
    // Not in the middle of the feed's own change of state.
    queueMicrotask(() => this.#options.giveUp(feed));
  }

  /** A camera that only this node can pull stays until the end. */
  async #giveUpCamera(feed: Feed): Promise<void> {
    const canGo = await this.#options.homes.hasOtherPuller(feed.info.id).catch(() => false);
    if (canGo && this.#options.isHere(feed) && feed.isForPeersOnly) this.#options.giveUp(feed);
  }
}

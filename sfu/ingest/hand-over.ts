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
 * Nodes that have a feed of an edge from here take it within this time, and let go of ours when they have it; milliseconds.
 * They look for who drains twice a second.
 */
const PEERS_TAKE_MS = 3_000;

/**
 * How a node that is to be left loses its on-demand feeds. Nodes that need one take it by themselves, also those that have
 * it by way of this node: it goes on coming from here until they have it. What they have not taken in time, or cannot, ends
 * as soon as nobody here watches it. What was taken stays here for as long as packets come, for the pages that have not
 * moved yet.
 */
export class HandOver implements Disposable {
  readonly #options: HandOverOptions;
  readonly #taken = new WeakSet<Feed>();
  #waiting: NodeJS.Timeout | undefined;
  #isDraining = false;
  #isPatient = true;

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  start(feeds: () => Iterable<Feed>): void {
    this.#isDraining = true;
    const considerAll = () => {
      for (const feed of [...feeds()]) this.consider(feed);
    };
    considerAll();
    this.#waiting = setTimeout(() => {
      this.#isPatient = false;
      considerAll();
    }, PEERS_TAKE_MS);
  }

  /** One that used a feed is gone. */
  consider(feed: Feed): void {
    if (!this.#isDraining || feed.isRelayed || !feed.onDemand || feed.usedBy === 'here') return;
    if (feed.info.source === 'rtsp') void this.#giveUpCamera(feed);
    else if (!this.#isPatient || feed.usedBy === 'nobody') this.#options.giveUp(feed);
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

  [Symbol.dispose](): void {
    clearTimeout(this.#waiting);
  }

  /** A camera that only this node can pull stays until the end. */
  async #giveUpCamera(feed: Feed): Promise<void> {
    const canGo = await this.#options.homes.hasOtherPuller(feed.info.id).catch(() => false);
    if (canGo && this.#options.isHere(feed) && feed.usedBy !== 'here') this.#options.giveUp(feed);
  }
}

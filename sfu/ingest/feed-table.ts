import { type ErrorCode, VartaError } from '#contract/errors.ts';
import { EDGE_FAULTS, type FeedFault } from '#contract/feeds.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Masks } from '../masks/masks.ts';
import type { Homes } from '../mesh/homes.ts';
import { Feed } from './feed.ts';
import type { FeedDeps, FeedOwner } from './feed-ports.ts';
import type { Witness } from './feed-reports.ts';
import type { BFrameLooks } from './h264/b-frame-looks.ts';
import { isCovered, type Source } from './source.ts';
import { REFUSALS } from './whip/refusals.ts';

/** Most feeds that one node holds; beyond that, others are needed. */
export const MAX_FEEDS = 10_000;

interface FeedTableOptions extends FeedDeps, Omit<FeedOwner, 'unused'> {
  homes: Pick<Homes, 'release'>;
  masks: Pick<Masks, 'has'>;
  bFrames: Pick<BFrameLooks, 'watch'>;
  log: { warn(fields: object, message: string): void };
}

/**
 * What another node sent goes on for so long beside what comes here by itself now, which is how long an edge goes on sending to
 * both; milliseconds. Whoever shows it takes the other one, and has no gap.
 */
const RETIRED_MS = 3_000;

/** The feeds of this node, each while it has a source or is missed: with them comes and goes that they enter here. */
export class FeedTable implements Disposable {
  readonly #options: FeedTableOptions;
  readonly #feeds = new Map<FeedId, Feed>();
  readonly #owner: FeedOwner;
  /** Those that others have taken the place of, each with what ends it. */
  readonly #retired = new Map<Feed, NodeJS.Timeout>();
  #closed = false;

  constructor(options: FeedTableOptions) {
    this.#options = options;
    this.#owner = {
      revive: options.revive,
      released: options.released,
      unused: (feed) => this.forget(feed),
    };
  }

  get size(): number {
    return this.#feeds.size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The feeds that are here now; it may be changed meanwhile. */
  all(): Feed[] {
    return [...this.#feeds.values()];
  }

  get(feedId: FeedId): Feed | undefined {
    return this.#feeds.get(feedId);
  }

  /** Whether it is this very feed that is here. */
  has(feed: Feed): boolean {
    return this.#feeds.get(feed.info.id) === feed;
  }

  /** @throws VartaError `shutting_down`. */
  assertOpen(): void {
    if (this.#closed) throw new VartaError('shutting_down');
  }

  /** Before anything of a feed is taken: those that are being opened have their place. @throws VartaError `limit_reached`. */
  assertRoom(): void {
    if (this.#feeds.size >= MAX_FEEDS)
      throw new VartaError('limit_reached', 'This node has all the feeds it can have');
  }

  /**
   * Gives a source to its feed, which comes to be with it if need be.
   *
   * @throws VartaError `shutting_down`, `feed_not_live` when a mask has come while it was opened uncovered.
   */
  attach(info: GrantedFeed, source: Source): Feed {
    if (this.#isUncovered(info, source)) {
      source.close();
      if (!this.#feeds.has(info.id)) this.#options.homes.release(info.id);
      throw new VartaError('feed_not_live', 'Something of it is to be covered now');
    }
    const feed = this.#feedFor(info, source);
    feed.attach(source);
    if (!isCovered(source)) feed.forgetFaults(['mask']);
    // What was wrong with a camera is said anew of another source. An encoder's fault is remembered against it.
    if (feed.onDemand) feed.forgetFaults(EDGE_FAULTS);
    this.#followFaults(feed, source);
    feed.setHeldAtHome(false);
    source.onHeld?.((isHeld) => {
      if (feed.source === source) feed.setHeldAtHome(isHeld);
    });
    source.onRefused?.(() => {
      if (feed.source === source) feed.giveUpWaiting();
    });
    // Last: why a source hangs up is a fault, which is noted while the source is still here.
    source.onHungUp?.((code = 'feed_not_live') => {
      if (feed.source !== source) return;
      if (feed.onDemand) this.forget(feed, code);
      else feed.detach(code);
      // Its home has told its own viewers that there is another source, perhaps before ours knew that this one is gone.
      if (feed.isRelayed) this.#options.news.available(info.id);
    });
    return feed;
  }

  /** What an encoder offers cannot be covered as it has to be: the feed comes to be without it if need be, and says so. */
  refuse(info: GrantedFeed): void {
    const present = this.#feeds.get(info.id);
    if (this.#closed || present?.source) return;
    const feed = present ?? new Feed({ info, isRelayed: false }, this.#options, this.#owner);
    this.#feeds.set(info.id, feed);
    feed.refuse('mask');
  }

  /** Ends everything about a feed here, also that it enters here. */
  forget(feed: Feed, code: ErrorCode = 'feed_not_live'): void {
    if (this.has(feed)) {
      this.#feeds.delete(feed.info.id);
      if (!feed.isRelayed) this.#options.homes.release(feed.info.id);
    }
    clearTimeout(this.#retired.get(feed));
    this.#retired.delete(feed);
    feed.close(code);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const feed of [...this.all(), ...this.#retired.keys()]) this.forget(feed, 'shutting_down');
  }

  /** Of what comes from another node nobody can tell by looking: its home covers it if the grant that it was asked with says so. */
  #isUncovered(info: GrantedFeed, source: Source): boolean {
    if (!this.#options.masks.has(info.id)) return false;
    return source.kind === 'relay' ? !info.mask : !isCovered(source);
  }

  #feedFor(info: GrantedFeed, source: Source): Feed {
    const isRelayed = source.kind === 'relay';
    const present = this.#feeds.get(info.id);
    if (present?.isRelayed === isRelayed) return present;
    if (this.#closed) {
      source.close();
      throw new VartaError('shutting_down');
    }
    // It has moved its home here, or away.
    if (present?.isRelayed && present.source && present.usedBy !== 'nobody') this.#retire(present);
    else if (present) this.forget(present);
    const feed = new Feed({ info, isRelayed }, this.#options, this.#owner);
    this.#feeds.set(info.id, feed);
    return feed;
  }

  #retire(feed: Feed): void {
    feed.retire();
    this.#retired.set(
      feed,
      setTimeout(() => this.#endRetired(feed), RETIRED_MS),
    );
  }

  /** Ends what goes on of a feed's sources before, as when something of its picture is to be covered that is not covered there. */
  forgetRetired(feedId: FeedId): void {
    for (const feed of [...this.#retired.keys()]) if (feed.info.id === feedId) this.#endRetired(feed);
  }

  /** Who has not asked for the other one yet loses this one now, and asks at once. */
  #endRetired(feed: Feed): void {
    const isUsed = feed.usedBy !== 'nobody';
    this.forget(feed);
    if (isUsed) this.#options.news.available(feed.info.id);
  }

  /** Whatever comes in is looked at for B-frames; what an edge says holds beside what is seen here. */
  #followFaults(feed: Feed, source: Source): void {
    const handle = (fault: FeedFault, isThere: boolean, by: Witness) => {
      if (feed.source === source) this.#handleFault(feed, fault, isThere, by);
    };
    source.onFault?.((fault, isThere) => handle(fault, isThere, 'said'));
    this.#options.bFrames.watch(feed.info.id, source, (seen) => handle('b-frames', seen, 'seen'));
  }

  #handleFault(feed: Feed, fault: FeedFault, isThere: boolean, by: Witness): void {
    feed.setFault(fault, isThere, by);
    if (!isThere || feed.onDemand) return;
    const { log } = this.#options;
    const feedId = feed.info.id;
    if (fault === 'dtls') log.warn({ feedId, fault }, REFUSALS.dtls);
    if (fault !== 'b-frames') return;
    // A wall that showed it would show the pictures in the wrong order: no picture is better than one that lies.
    log.warn({ feedId, fault }, REFUSALS.bFrames);
    feed.detach('codec_unsupported');
  }
}

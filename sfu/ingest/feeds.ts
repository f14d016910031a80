import type { IcePatched, WhenBusy, WhipPatch, WhipPublished } from '#contract/control.ts';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import type { FeedFault } from '#contract/status.ts';
import { KeyedQueue } from '../concurrency/keyed-queue.ts';
import { Slots } from '../concurrency/slots.ts';
import type { Homes } from '../mesh/homes.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { Feed, type FeedDeps, type FeedOwner } from './feed.ts';
import { isAlive } from './feed-state.ts';
import type { FeedUse, FeedUser } from './feed-use.ts';
import { LOOKS_AT_A_TIME } from './h264/b-frame-watch.ts';
import { HandOver } from './hand-over.ts';
import type { FindSource } from './origins.ts';
import type { Source } from './source.ts';
import { REFUSALS, REFUSED_AFTER_FAULT_MS } from './whip/refusals.ts';
import { WhipSource } from './whip-source.ts';

/** Most feeds that one node holds; beyond that, others are needed. */
export const MAX_FEEDS = 10_000;
/** An encoder that has sent nothing for this long is shown the door; it has to publish again. */
const PUBLISHER_GONE_MS = 30_000;
/** A feed whose publisher is gone is called lost for this long, then idle: nobody seems to expect it any more. */
const FORGET_LOST_MS = 300_000;

export interface FeedsOptions extends FeedDeps {
  pool: Pick<WorkerPool, 'leastLoaded'>;
  /** Gets at a feed, wherever it comes from. */
  open: FindSource;
  /** Which feeds enter here. */
  homes: Pick<Homes, 'take' | 'release' | 'releaseLater' | 'holds' | 'hasOtherPuller'>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** The feeds of this node: opened by who watches or publishes them, forgotten when nobody does. */
export class Feeds implements Disposable {
  readonly #options: FeedsOptions;
  readonly #feeds = new Map<FeedId, Feed>();
  /** The last publication of a feed. Encoders hang up first and end it by its name afterwards. */
  readonly #publications = new WeakMap<Feed, MediaObjectId>();
  readonly #looks = new Slots(LOOKS_AT_A_TIME);
  /** Everything that opens or replaces a source waits here for its turn, feed by feed. */
  readonly #queue = new KeyedQueue();
  readonly #owner: FeedOwner = {
    revive: (feed, since) => this.#revive(feed, since),
    unused: (feed) => this.#forget(feed),
    released: (feed) => this.#handOver.consider(feed),
  };
  readonly #handOver: HandOver;
  readonly #deps: FeedDeps;
  #closed = false;

  constructor(options: FeedsOptions) {
    this.#options = options;
    this.#handOver = new HandOver({
      homes: options.homes,
      giveUp: (feed) => this.#forget(feed),
      isHere: (feed) => this.#feeds.get(feed.info.id) === feed,
    });
    this.#deps = {
      ...options,
      news: {
        available: (feedId) => options.news.available(feedId),
        report: (report) => {
          options.news.report(report);
          const feed = this.#feeds.get(report.feedId);
          if (feed) this.#handOver.handleState(feed, report.state);
        },
      },
    };
  }

  get size(): number {
    return this.#feeds.size;
  }

  /** The feeds that are here now. */
  all(): Iterable<Feed> {
    return this.#feeds.values();
  }

  /**
   * Claims a feed for a consumer. A feed that is not here gets its source now, on `worker`: its own, or one that comes
   * from its home.
   *
   * @throws VartaError `feed_not_live` when nobody publishes it, `store_unavailable` when nobody can say where it
   * enters, `conflict` for another node that took us for its home, `limit_reached`, `no_sfu`.
   */
  use(info: GrantedFeed, worker: MediaWorker, user: FeedUser): Promise<FeedUse> {
    return this.#queue.run(info.id, async () => {
      this.#assertOpen();
      const present = this.#feeds.get(info.id);
      // Nobody gets from us what we have from somebody else.
      const isAtHand = present !== undefined && !(user.forPeer && present.isRelayed);
      const source = (isAtHand ? present.source : undefined) ?? (await this.#open(info, worker, user));
      const feed = this.#feeds.get(info.id);
      if (!feed || feed.source !== source) throw new VartaError('no_sfu');
      return feed.use(source, user);
    });
  }

  /**
   * Lets an encoder publish a feed. With `replace` it takes the place of one whose media comes, here or at another node.
   *
   * @throws VartaError `feed_busy` while another publisher's media comes, `offer_unusable`, `codec_unsupported` (also for a
   * while after a publication that was ended because of its B-frames), `store_unavailable`, `limit_reached`.
   */
  publish(
    info: GrantedFeed,
    { sdpOffer, whenBusy = 'refuse' }: { sdpOffer: string; whenBusy?: WhenBusy | undefined },
  ): Promise<WhipPublished> {
    return this.#queue.run(info.id, async () => {
      this.#assertOpen();
      if (info.source !== 'whip')
        throw new VartaError('grant_not_covering', 'This feed does not come by WHIP');
      const now = this.#options.now();
      const present = this.#feeds.get(info.id);
      const isBusy = present?.source !== undefined && isAlive(present.state, now);
      if (isBusy && whenBusy === 'refuse') throw new VartaError('feed_busy');
      if (!present) this.#assertRoom();
      const faultyAt = present?.faultSince('b-frames');
      if (faultyAt !== undefined && now - faultyAt < REFUSED_AFTER_FAULT_MS)
        throw new VartaError('codec_unsupported', REFUSALS.bFrames);
      const worker = this.#options.pool.leastLoaded();
      const source = await WhipSource.accept(info, worker, { sdpOffer, looks: this.#looks });
      await this.#options.homes.take(info, whenBusy).catch((error: unknown) => {
        source.close();
        throw error;
      });
      this.#publications.set(this.#attach(info, source), source.resourceId);
      this.#options.news.available(info.id);
      const { resourceId, sdpAnswer, iceTag } = source;
      this.#options.log.info({ feedId: info.id, resourceId, replaced: isBusy }, 'published');
      return { resourceId, sdpAnswer, iceTag };
    });
  }

  /**
   * Takes an encoder's candidates, or its ICE restart.
   *
   * @throws VartaError `unknown_resource`, `precondition_failed`, `malformed`.
   */
  patch(info: GrantedFeed, { resourceId, iceTag, fragment }: Omit<WhipPatch, 'grant'>): Promise<IcePatched> {
    return this.#queue.run(info.id, async () => {
      const source = this.#feeds.get(info.id)?.source;
      if (!(source instanceof WhipSource) || source.resourceId !== resourceId) {
        throw new VartaError('unknown_resource');
      }
      return source.patchIce(fragment, iceTag);
    });
  }

  /** Ends a publication. @throws VartaError `unknown_resource`. */
  unpublish(info: GrantedFeed, resourceId: MediaObjectId): Promise<void> {
    return this.#queue.run(info.id, async () => {
      const feed = this.#feeds.get(info.id);
      if (!feed || this.#publications.get(feed) !== resourceId) throw new VartaError('unknown_resource');
      this.#options.log.info({ feedId: info.id, resourceId }, 'publication ended');
      // Put out for its settings, an encoder says goodbye like any other; what was wrong is to be read nevertheless.
      if (feed.faultSince('b-frames') === undefined) this.#forget(feed);
      else feed.detach('feed_not_live');
    });
  }

  /**
   * A worker died and took its sources along. On-demand feeds are forgotten: who watches them asks again, and then they
   * come in on a worker that lives. Encoders have to publish again; until then their feeds are lost.
   */
  handleWorkerDied(worker: MediaWorker): void {
    for (const feed of [...this.#feeds.values()]) {
      if (feed.sourceWorker !== worker) continue;
      if (feed.onDemand) this.#forget(feed, 'internal');
      else feed.detach('internal');
    }
  }

  /** Another node has become a feed's home: who uses it here gets it from there. */
  handleHomeLost(feedId: FeedId): void {
    const feed = this.#feeds.get(feedId);
    if (!feed || feed.isRelayed) return;
    this.#options.log.info({ feedId }, 'another node is the home of this feed now');
    if (feed.onDemand && this.#handOver.isDraining) {
      this.#handOver.wait(feed);
      return;
    }
    this.#forget(feed);
    this.#options.news.available(feedId);
  }

  /** This node is to be left: feeds that are sent on demand go to other nodes as soon as nobody here watches them. */
  drain(): void {
    this.#handOver.start(this.#feeds.values());
  }

  /** What is published here is seen by nobody: encoders are to publish again, where it is. Their feeds are lost here. */
  endPublications(): void {
    for (const feed of [...this.#feeds.values()]) {
      if (feed.onDemand || !feed.source) continue;
      this.#options.log.warn({ feedId: feed.info.id }, 'publication ended: this node is cut off');
      feed.detach('store_unavailable');
    }
  }

  /** What encoders publish here now. */
  get publications(): number {
    return [...this.#feeds.values()].filter((feed) => !feed.onDemand && feed.source).length;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const feed of this.#feeds.values()) {
      feed.close('shutting_down');
      if (!feed.isRelayed) this.#options.homes.release(feed.info.id);
    }
    this.#feeds.clear();
  }

  async #open(info: GrantedFeed, worker: MediaWorker, user: FeedUser): Promise<Source> {
    this.#assertRoom();
    const { layer, proof, forPeer = false } = user;
    const source = await this.#options
      .open(info, worker, { layer, proof, forPeer })
      .catch((error: unknown) => {
        // Its equipment may answer late, and whoever asks for it then is to find it here.
        if (!this.#feeds.has(info.id)) this.#options.homes.releaseLater(info.id);
        throw error;
      });
    if (this.#closed || source.closed) {
      source.close();
      throw new VartaError('no_sfu');
    }
    this.#attach(info, source);
    return source;
  }

  /** Gives a source to its feed, which comes to be with it if need be. */
  #attach(info: GrantedFeed, source: Source): Feed {
    const feed = this.#feedFor(info, source);
    feed.attach(source);
    source.onHungUp?.((code = 'feed_not_live') => {
      if (feed.source !== source) return;
      if (feed.onDemand) this.#forget(feed, code);
      else feed.detach(code);
      // Its home has told its own viewers that there is another source, perhaps before ours knew that this one is gone.
      if (feed.isRelayed) this.#options.news.available(info.id);
    });
    source.onRefused?.(() => {
      if (feed.source === source) feed.giveUpWaiting();
    });
    source.onFault?.((fault, isThere) => {
      if (feed.source === source) this.#handleFault(feed, fault, isThere);
    });
    return feed;
  }

  #handleFault(feed: Feed, fault: FeedFault, isThere: boolean): void {
    feed.setFault(fault, isThere);
    if (!isThere || fault !== 'b-frames' || feed.onDemand) return;
    // A wall that showed it would show the pictures in the wrong order: no picture is better than one that lies.
    this.#options.log.warn({ feedId: feed.info.id, fault }, REFUSALS.bFrames);
    feed.detach('codec_unsupported');
  }

  #feedFor(info: GrantedFeed, source: Source): Feed {
    const isRelayed = source.kind === 'relay';
    const present = this.#feeds.get(info.id);
    if (present?.isRelayed === isRelayed) return present;
    // It has moved its home here, or away.
    if (present) this.#forget(present);
    if (this.#closed) {
      source.close();
      throw new VartaError('shutting_down');
    }
    const feed = new Feed({ info, isRelayed }, this.#deps, this.#owner);
    this.#feeds.set(info.id, feed);
    return feed;
  }

  #forget(feed: Feed, code: ErrorCode = 'feed_not_live'): void {
    if (this.#feeds.get(feed.info.id) === feed) {
      this.#feeds.delete(feed.info.id);
      if (!feed.isRelayed) this.#options.homes.release(feed.info.id);
    }
    feed.close(code);
  }

  #revive(feed: Feed, lostSince: number): void {
    if (feed.isRelayed) this.#askAgain(feed);
    else if (feed.onDemand) void this.#reopen(feed);
    else this.#giveUp(feed, this.#options.now() - lostSince);
  }

  /** Nothing comes from its home: its viewers ask again, and so it is looked for anew. */
  #askAgain(feed: Feed): void {
    this.#options.log.info({ feedId: feed.info.id }, 'nothing comes from the home of this feed');
    this.#forget(feed);
    this.#options.news.available(feed.info.id);
  }

  /**
   * The port listens to the first sender only. When that one has fallen silent, the equipment may be sending from
   * another address by now (restarted, or another was quicker), so it is given a new port.
   */
  async #reopen(feed: Feed): Promise<void> {
    const { id } = feed.info;
    try {
      await this.#queue.run(id, async () => {
        const silent = feed.source;
        if (this.#feeds.get(id) !== feed || !silent?.taken || feed.state.state !== 'lost') return;
        const [layer = 'low'] = feed.info.layers;
        const wish = { layer, proof: undefined, forPeer: false };
        const source = await this.#options.open(feed.info, silent.worker, wish);
        if (this.#closed || this.#feeds.get(id) !== feed || feed.source !== silent) {
          source.close();
          return;
        }
        this.#options.log.info({ feedId: id }, 'silent feed is opened anew');
        this.#attach(feed.info, source);
        this.#options.news.available(id);
      });
    } catch (error) {
      this.#options.log.warn(
        { feedId: id, error: (error as Error).message },
        'silent feed cannot be opened anew',
      );
    }
  }

  #giveUp(feed: Feed, lostForMs: number): void {
    const { source } = feed;
    if (source instanceof WhipSource && (!source.connected || lostForMs >= PUBLISHER_GONE_MS)) {
      feed.detach('feed_not_live');
    } else if (!source && lostForMs >= FORGET_LOST_MS) this.#forget(feed);
  }

  /** Before anything of a feed is taken: those that are being opened have their place. */
  #assertRoom(): void {
    if (this.#feeds.size >= MAX_FEEDS)
      throw new VartaError('limit_reached', 'This node has all the feeds it can have');
  }

  #assertOpen(): void {
    if (this.#closed) throw new VartaError('shutting_down');
  }
}

import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import { KeyedQueue } from '../concurrency/keyed-queue.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { Feed, type FeedDeps, type FeedOwner } from './feed.ts';
import { isAlive } from './feed-state.ts';
import type { FeedUse, FeedUser } from './feed-use.ts';
import type { OpenSource } from './origins.ts';
import type { Source } from './source.ts';
import { WhipSource } from './whip-source.ts';

/** Most feeds that one node holds; beyond that, others are needed. */
export const MAX_FEEDS = 10_000;
/** An encoder that has sent nothing for this long is shown the door; it has to publish again. */
const PUBLISHER_GONE_MS = 30_000;
/** A feed whose publisher is gone is called lost for this long, then idle: nobody seems to expect it any more. */
const FORGET_LOST_MS = 300_000;

export interface FeedsOptions extends FeedDeps {
  pool: Pick<WorkerPool, 'leastLoaded'>;
  /** Gets at a feed that is sent on demand, wherever it comes from. */
  open: OpenSource;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** The feeds of this node: opened by who watches or publishes them, forgotten when nobody does. */
export class Feeds implements Disposable {
  readonly #options: FeedsOptions;
  readonly #feeds = new Map<FeedId, Feed>();
  /** Everything that opens or replaces a source waits here for its turn, feed by feed. */
  readonly #queue = new KeyedQueue();
  readonly #owner: FeedOwner = {
    revive: (feed, since) => this.#revive(feed, since),
    unused: (feed) => this.#forget(feed),
  };
  #closed = false;

  constructor(options: FeedsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#feeds.size;
  }

  /**
   * Claims a feed for a consumer. An on-demand feed gets its source now, on `worker` if it is the first one.
   *
   * @throws VartaError `feed_not_live` when nobody publishes it, `limit_reached`, `no_sfu`.
   */
  use(info: GrantedFeed, worker: MediaWorker, user: FeedUser): Promise<FeedUse> {
    return this.#queue.run(info.id, async () => {
      this.#assertOpen();
      const source = this.#feeds.get(info.id)?.source ?? (await this.#open(info, worker));
      const feed = this.#feeds.get(info.id);
      if (!feed || feed.source !== source) throw new VartaError('no_sfu');
      return feed.use(source, user);
    });
  }

  /**
   * Lets an encoder publish a feed.
   *
   * @throws VartaError `feed_busy` while another publisher's media comes, `offer_unusable`, `codec_unsupported`.
   */
  publish(info: GrantedFeed, sdpOffer: string): Promise<{ resourceId: MediaObjectId; sdpAnswer: string }> {
    return this.#queue.run(info.id, async () => {
      this.#assertOpen();
      if (info.source !== 'whip')
        throw new VartaError('grant_not_covering', 'This feed does not come by WHIP');
      const present = this.#feeds.get(info.id);
      if (present?.source && isAlive(present.state, this.#options.now())) throw new VartaError('feed_busy');
      const source = await WhipSource.accept(info, this.#options.pool.leastLoaded(), sdpOffer);
      this.#attach(info, source);
      this.#options.news.available(info.id);
      this.#options.log.info({ feedId: info.id, resourceId: source.resourceId }, 'published');
      return { resourceId: source.resourceId, sdpAnswer: source.sdpAnswer };
    });
  }

  /** Ends a publication. @throws VartaError `unknown_resource`. */
  unpublish(info: GrantedFeed, resourceId: MediaObjectId): Promise<void> {
    return this.#queue.run(info.id, async () => {
      const feed = this.#feeds.get(info.id);
      const source = feed?.source;
      if (!feed || !(source instanceof WhipSource) || source.resourceId !== resourceId) {
        throw new VartaError('unknown_resource');
      }
      this.#options.log.info({ feedId: info.id, resourceId }, 'publication ended');
      this.#forget(feed);
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

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const feed of this.#feeds.values()) feed.close('shutting_down');
    this.#feeds.clear();
  }

  async #open(info: GrantedFeed, worker: MediaWorker): Promise<Source> {
    if (this.#feeds.size >= MAX_FEEDS)
      throw new VartaError('limit_reached', 'This node has all the feeds it can have');
    const source = await this.#options.open(info, worker);
    if (this.#closed || source.closed) {
      source.close();
      throw new VartaError('no_sfu');
    }
    this.#attach(info, source);
    return source;
  }

  /** Gives a source to its feed, which comes to be with it if need be. */
  #attach(info: GrantedFeed, source: Source): void {
    const feed = this.#feedFor(info, source);
    feed.attach(source);
    source.onHungUp?.(() => {
      if (feed.source !== source) return;
      if (feed.onDemand) this.#forget(feed);
      else feed.detach('feed_not_live');
    });
  }

  #feedFor(info: GrantedFeed, source: Source): Feed {
    const isRelayed = source.kind === 'relay';
    const present = this.#feeds.get(info.id);
    if (present?.isRelayed === isRelayed) return present;
    // It has moved its home here, or away.
    if (present) this.#forget(present);
    if (this.#closed || this.#feeds.size >= MAX_FEEDS) {
      source.close();
      throw new VartaError(this.#closed ? 'shutting_down' : 'limit_reached');
    }
    const feed = new Feed({ info, isRelayed }, this.#options, this.#owner);
    this.#feeds.set(info.id, feed);
    return feed;
  }

  #forget(feed: Feed, code: 'feed_not_live' | 'internal' = 'feed_not_live'): void {
    if (this.#feeds.get(feed.info.id) === feed) this.#feeds.delete(feed.info.id);
    feed.close(code);
  }

  #revive(feed: Feed, lostSince: number): void {
    if (feed.onDemand) void this.#reopen(feed);
    else this.#giveUp(feed, this.#options.now() - lostSince);
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
        const source = await this.#options.open(feed.info, silent.worker);
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

  #assertOpen(): void {
    if (this.#closed) throw new VartaError('shutting_down');
  }
}

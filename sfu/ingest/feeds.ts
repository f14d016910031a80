import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId } from '#contract/ids.ts';
import { KeyedQueue } from '../concurrency/keyed-queue.ts';
import type { Masks } from '../masks/masks.ts';
import type { Homes } from '../mesh/homes.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Feed } from './feed.ts';
import type { FeedDeps } from './feed-ports.ts';
import { FeedTable } from './feed-table.ts';
import type { FeedUse, FeedUser } from './feed-use.ts';
import { BFrameLooks } from './h264/b-frame-looks.ts';
import { HandOver } from './hand-over.ts';
import type { Cover, FindSource } from './origins.ts';
import { Publications } from './publications.ts';
import { Reopening } from './reopening.ts';
import { isCovered, type Source } from './source.ts';

export interface FeedsOptions extends FeedDeps {
  pool: Pick<WorkerPool, 'leastLoaded'>;
  /** Gets at a feed, wherever it comes from. */
  open: FindSource;
  /** Takes a source over of which parts are to be covered. */
  cover: Cover;
  /** What grants say is to be covered. */
  masks: Pick<Masks, 'note' | 'has' | 'proofOf'>;
  /** Which feeds enter here. */
  homes: Pick<Homes, 'take' | 'release' | 'releaseLater' | 'hasOtherPuller'>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** The feeds of this node: opened by who watches or publishes them, forgotten when nobody does. */
export class Feeds implements Disposable {
  /** What encoders publish here. */
  readonly publications: Publications;
  /** Gives feeds another source. */
  readonly reopening: Reopening;
  readonly #options: FeedsOptions;
  readonly #table: FeedTable;
  /** Everything that opens or replaces a source waits here for its turn, feed by feed. */
  readonly #queue = new KeyedQueue();
  /** Sources that are being looked for, by feed and whether it is for another node: who comes meanwhile shares it. */
  readonly #finding = new Map<string, Promise<Source>>();
  readonly #handOver: HandOver;

  constructor(options: FeedsOptions) {
    this.#options = options;
    this.#table = new FeedTable({
      ...options,
      bFrames: new BFrameLooks(options),
      news: {
        available: (feedId) => options.news.available(feedId),
        report: (report) => {
          options.news.report(report);
          const feed = this.#table.get(report.feedId);
          if (feed) this.#handOver.handleState(feed, report.state);
        },
      },
      revive: (feed, since) => this.#revive(feed, since),
      released: (feed) => this.#handOver.consider(feed),
    });
    const { homes } = options;
    this.#handOver = new HandOver({
      homes,
      giveUp: (feed) => this.#table.forget(feed),
      isHere: (feed) => this.#table.has(feed),
    });
    this.reopening = new Reopening({ ...options, table: this.#table, queue: this.#queue });
    this.publications = new Publications({ ...options, table: this.#table, queue: this.#queue });
  }

  get size(): number {
    return this.#table.size;
  }

  /** A feed that is here now. */
  find(feedId: FeedId): Feed | undefined {
    return this.#table.get(feedId);
  }

  /** The feeds that are here now. */
  all(): Iterable<Feed> {
    return this.#table.all();
  }

  /**
   * Claims a feed for a consumer. A feed that is not here gets its source now, on `worker`: its own, or one that comes
   * from its home. All that want it at once share that, and whatever comes of it: when its equipment does not answer,
   * three hundred viewers have waited for it as long as one.
   *
   * @throws VartaError `feed_not_live` when nobody publishes it, `store_unavailable` when nobody can say where it
   * enters, `conflict` for another node that took us for its home, `limit_reached`, `no_sfu`.
   */
  async use(info: GrantedFeed, worker: MediaWorker, user: FeedUser): Promise<FeedUse> {
    this.#options.masks.note(info, user.proof);
    const source = await this.#find(info, worker, user);
    const feed = this.#table.get(info.id);
    if (!feed || feed.source !== source) throw new VartaError('no_sfu');
    return feed.use(source, user);
  }

  /** Whether anybody gets a source's feed from here who has not complained just now. */
  isServing(source: Source): boolean {
    return this.#table.all().some((feed) => feed.source === source && feed.isServing);
  }

  /**
   * A worker died and took its sources along. On-demand feeds are forgotten: who watches them asks again, and then they
   * come in on a worker that lives. Encoders have to publish again; until then their feeds are lost.
   */
  handleWorkerDied(worker: MediaWorker): void {
    for (const feed of this.#table.all()) {
      if (feed.sourceWorker !== worker) continue;
      if (feed.onDemand) this.#table.forget(feed, 'internal');
      else feed.detach('internal');
    }
  }

  /** Another node has become a feed's home: who uses it here gets it from there. */
  handleHomeLost(feedId: FeedId): void {
    const feed = this.#table.get(feedId);
    if (!feed || feed.isRelayed) return;
    this.#options.log.info({ feedId }, 'another node is the home of this feed now');
    if (feed.onDemand && this.#handOver.isDraining) {
      this.#handOver.wait(feed);
      return;
    }
    this.letGo(feed);
  }

  /**
   * Something of a feed is to be covered of which nothing was: if it comes in here as it is, that ends at once. What is
   * opened anew is covered; an encoder has to publish again.
   */
  handleMasked(feedId: FeedId): void {
    this.#table.forgetRetired(feedId);
    const feed = this.#table.get(feedId);
    if (!feed?.source || feed.isRelayed || isCovered(feed.source)) return;
    this.#options.log.info({ feedId }, 'a mask has come: the feed is opened anew');
    if (feed.onDemand) this.letGo(feed);
    else feed.detach('feed_not_live');
  }

  /** Ends a feed here though it is wanted: its viewers ask again, and then it is looked for anew. */
  letGo(feed: Feed): void {
    if (!this.#table.has(feed)) return;
    this.#table.forget(feed);
    this.#options.news.available(feed.info.id);
  }

  /** A grant says something new of a feed: its home is shown it, if that is another node. */
  showProof(feedId: FeedId, proof: string): void {
    // Where a source before comes from is not asked any more whether it covers what this says.
    this.#table.forgetRetired(feedId);
    this.#table.get(feedId)?.source?.show?.(proof);
  }

  /** This node is to be left: feeds that are sent on demand go to other nodes as soon as nobody here watches them. */
  drain(): void {
    this.#handOver.start(() => this.#table.all());
  }

  [Symbol.dispose](): void {
    this.#handOver[Symbol.dispose]();
    this.#table[Symbol.dispose]();
  }

  #find(info: GrantedFeed, worker: MediaWorker, user: FeedUser): Promise<Source> {
    const key = user.forPeer ? `${info.id} peer` : info.id;
    const shared = this.#finding.get(key);
    if (shared)
      return shared.catch((error: unknown) => {
        // That was about somebody else's grant.
        if (error instanceof VartaError && error.code.startsWith('grant_'))
          return this.#find(info, worker, user);
        throw error;
      });
    const found = this.#queue
      .run(info.id, () => this.#findNow(info, worker, user))
      .finally(() => this.#finding.delete(key));
    this.#finding.set(key, found);
    return found;
  }

  async #findNow(info: GrantedFeed, worker: MediaWorker, user: FeedUser): Promise<Source> {
    this.#table.assertOpen();
    const present = this.#table.get(info.id);
    // Nobody gets from us what we have from somebody else.
    const isAtHand = present !== undefined && !(user.forPeer && present.isRelayed);
    return (isAtHand ? present.source : undefined) ?? this.#open(info, worker, user);
  }

  async #open(info: GrantedFeed, worker: MediaWorker, user: FeedUser): Promise<Source> {
    this.#table.assertRoom();
    const { layer, proof, forPeer = false } = user;
    const source = await this.#options
      .open(info, worker, { layer, proof, forPeer })
      .catch((error: unknown) => {
        // Its equipment may answer late, and whoever asks for it then is to find it here.
        if (!this.#table.get(info.id)) this.#options.homes.releaseLater(info.id);
        throw error;
      });
    if (this.#table.closed || source.closed) {
      source.close();
      throw new VartaError('no_sfu');
    }
    this.#table.attach(info, source);
    // What was said of it while it was opened was said before there was anybody to show it to.
    const newest = this.#options.masks.proofOf(info.id);
    if (newest !== undefined && newest !== proof) source.show?.(newest);
    return source;
  }

  #revive(feed: Feed, lostSince: number): void {
    const { now, log } = this.#options;
    const { id: feedId } = feed.info;
    if (feed.isRelayed) {
      log.info({ feedId }, 'nothing comes from the home of this feed');
      this.letGo(feed);
    } else if (!feed.onDemand) this.publications.handleLost(feed, now() - lostSince);
    // The port listens to the first sender only. When that one has fallen silent, the equipment may be sending from
    // another address by now (restarted, or another was quicker), so it is given a new port.
    else if (feed.source?.taken) {
      const { source } = feed;
      const isDue = () => feed.source === source && feed.state.state === 'lost';
      void this.reopening.reopen(feed, { why: 'nothing comes', isDue });
    }
  }
}

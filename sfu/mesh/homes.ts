import type { WhenBusy } from '#contract/control.ts';
import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import type { FeedReport, NodeRecord } from '#contract/registry.ts';
import { choosePuller, decideEntry, type Entry, type Holding, isStale, type Situation } from './entry.ts';

/** Where it is written down which node is the home of a feed. Every call rejects while Redis is away. */
export interface HomeStore {
  /**
   * Who has the feed. `look` changes nothing; `unclaimed` makes it this node's if it is nobody's, `free` also if its
   * holder has no record; in either case also if its holder is `from`.
   */
  claim(
    feedId: FeedId,
    options: { mode: 'look' | 'unclaimed' | 'free'; from?: NodeId | undefined },
  ): Promise<Holding>;
  /**
   * Makes a published feed this node's, and writes this report of it. @returns false when it is to be refused, because
   * its media come at another node.
   */
  publish(report: FeedReport, whenBusy: WhenBusy): Promise<boolean>;
  /** Those that are this node's are nobody's. */
  release(feedIds: readonly FeedId[]): Promise<void>;
  /** Those that are nobody's are this node's again. @returns those that are another node's by now. */
  keep(feedIds: readonly FeedId[]): Promise<FeedId[]>;
  record(nodeId: NodeId): Promise<{ record: NodeRecord; unrenewedMs: number } | undefined>;
  /** Living nodes that can pull this camera. */
  pullers(feedId: FeedId): Promise<NodeRecord[]>;
}

/** How a feed is looked for. */
export interface Search {
  failed: Situation['failed'];
  forPeer: boolean;
}

export interface HomesOptions {
  nodeId: NodeId;
  store: HomeStore;
  /** Cameras that this node can pull. */
  pulls: ReadonlySet<FeedId>;
  isDraining(): boolean;
  /** Another node has taken over a feed that was this one's. */
  onLost(feedId: FeedId): void;
  /** A feed does not enter here any more: nobody needs it, or it is another node's. */
  onGivenUp(feedId: FeedId): void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * When Redis comes back, all nodes say within this time that they are there; until then a record that is missing says
 * nothing. It is the longest pause between two attempts to reconnect, four times.
 */
const SETTLE_MS = 2_000;
/** For how long a feed that could not be opened stays this node's: pages ask again every 10 s. */
const UNUSED_MS = 30_000;
/** Takes of a feed that fail because somebody else was quicker; then something is wrong. */
const MAX_ROUNDS = 4;

/** The feeds that enter this node, and where others enter. Nothing is taken while Redis is away. */
export class Homes {
  readonly #options: HomesOptions;
  readonly #held = new Set<FeedId>();
  /** Held for nothing since (milliseconds since 1970), until somebody asks again. */
  readonly #unused = new Map<FeedId, number>();
  /** Not told to Redis yet; bounded by the feeds of a node. */
  readonly #releasing = new Set<FeedId>();
  #isFlushing = false;
  #connectedAt: number | undefined;

  constructor(options: HomesOptions) {
    this.#options = options;
  }

  /** Feeds whose home this node is, as far as it knows. */
  get size(): number {
    return this.#held.size;
  }

  holds(feedId: FeedId): boolean {
    return this.#held.has(feedId);
  }

  /** Redis is (back) there. */
  handleConnected(): void {
    this.#connectedAt = this.#options.now();
  }

  /**
   * Where a feed is to be had: here, and then this node is its home, or from another node.
   *
   * @throws VartaError `feed_not_live`, `no_sfu`, `conflict` for a peer, `store_unavailable`.
   */
  async locate(feed: Pick<GrantedFeed, 'id' | 'source'>, search: Search): Promise<'here' | NodeRecord> {
    const { store, pulls, isDraining } = this.#options;
    const canEnter = feed.source === 'edge' || (feed.source === 'rtsp' && pulls.has(feed.id));
    const { isSettled } = this;
    const mode = canEnter ? (isSettled ? 'free' : 'unclaimed') : 'look';
    let from: NodeId | undefined;
    this.#releaseFirst(feed.id);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const holding = await this.#ask(() => store.claim(feed.id, { mode, from }));
      const entry: Entry = decideEntry({
        ...search,
        source: feed.source,
        holding,
        canEnter,
        isDraining: isDraining(),
        isSettled,
      });
      if (entry.act === 'enter') {
        this.#hold(feed.id);
        return 'here';
      }
      if (entry.act === 'ask') return entry.record;
      if (entry.act === 'refuse') throw new VartaError(entry.code);
      if (entry.act === 'find-puller') {
        const puller = choosePuller(await this.#ask(() => store.pullers(feed.id)), search.failed);
        if (!puller) throw new VartaError('feed_not_live', 'No node that runs can pull this camera');
        return puller;
      }
      from = entry.from;
    }
    throw new VartaError('no_sfu', 'The home of this feed does not stand still');
  }

  /**
   * Makes a feed that is published here this node's, and says that it is being connected.
   *
   * @throws VartaError `feed_busy` with `refuse`, while its media come at another node; `store_unavailable`.
   */
  async take(
    { id: feedId, facilityId, regionId }: Pick<GrantedFeed, 'id' | 'facilityId' | 'regionId'>,
    whenBusy: WhenBusy,
  ): Promise<void> {
    const { store, nodeId, now } = this.#options;
    const at = new Date(now()).toISOString();
    const report: FeedReport = {
      ...{ feedId, facilityId, regionId, nodeId },
      ...{ state: 'connecting', layers: [], at },
    };
    this.#releaseFirst(feedId);
    if (!(await this.#ask(() => store.publish(report, whenBusy)))) throw new VartaError('feed_busy');
    this.#hold(feedId);
  }

  /** The feed does not enter here any more. */
  release(feedId: FeedId): void {
    this.#unused.delete(feedId);
    if (!this.#held.delete(feedId)) return;
    this.#options.onGivenUp(feedId);
    this.#releasing.add(feedId);
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    // A wall that closes is one message.
    queueMicrotask(() => void this.flush());
  }

  /** The feed could not be opened: it is released too, but not before its equipment has had time to answer. */
  releaseLater(feedId: FeedId): void {
    if (this.#held.has(feedId) && !this.#unused.has(feedId)) this.#unused.set(feedId, this.#options.now());
  }

  /** Whether another node could take over a camera of ours. Rejects without Redis. */
  async hasOtherPuller(feedId: FeedId): Promise<boolean> {
    const pullers = await this.#options.store.pullers(feedId);
    return pullers.some(({ nodeId, draining }) => nodeId !== this.#options.nodeId && !draining);
  }

  /** A node's record, and whether it is that old that the node may be held for dead; undefined when there is none. */
  async lookUp(nodeId: NodeId): Promise<{ record: NodeRecord; isStale: boolean } | undefined> {
    const found = await this.#ask(() => this.#options.store.record(nodeId));
    return found && { record: found.record, isStale: isStale(found.unrenewedMs) };
  }

  /** Whether it may be believed that a node without a record is gone. */
  get isSettled(): boolean {
    return this.#connectedAt !== undefined && this.#options.now() - this.#connectedAt >= SETTLE_MS;
  }

  /** With each heartbeat: says what is not said yet, and learns what others have taken over. Rejects without Redis. */
  async renew(): Promise<void> {
    const { now } = this.#options;
    for (const [feedId, since] of this.#unused) if (now() - since >= UNUSED_MS) this.release(feedId);
    await this.#release();
    const held = [...this.#held];
    for (const feedId of await this.#options.store.keep(held))
      if (this.#held.has(feedId)) this.handleLost(feedId);
  }

  /** Redis says that a feed is another node's. */
  handleLost(feedId: FeedId): void {
    this.#held.delete(feedId);
    this.#unused.delete(feedId);
    this.#options.onGivenUp(feedId);
    this.#options.onLost(feedId);
  }

  /** Tells Redis what was released. Never rejects: what could not be told is told with the next heartbeat. */
  async flush(): Promise<void> {
    this.#isFlushing = false;
    await this.#release().catch(() => undefined);
  }

  /** What is released and not told yet must not be told after it was taken again. */
  #releaseFirst(feedId: FeedId): void {
    if (this.#releasing.has(feedId)) void this.flush();
  }

  #hold(feedId: FeedId): void {
    this.#releasing.delete(feedId);
    this.#unused.delete(feedId);
    this.#held.add(feedId);
  }

  async #release(): Promise<void> {
    const feedIds = [...this.#releasing];
    if (feedIds.length === 0) return;
    // Not to be said a second time while it is on its way: it may be taken again by then.
    this.#releasing.clear();
    try {
      await this.#options.store.release(feedIds);
    } catch (error) {
      for (const feedId of feedIds) if (!this.#held.has(feedId)) this.#releasing.add(feedId);
      throw error;
    }
  }

  /** @throws VartaError `store_unavailable` when Redis does not answer: then nobody knows whose a feed is. */
  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw new VartaError('store_unavailable', 'Nobody can say where this feed enters', { cause: error });
    }
  }
}

import type { WhenBusy } from '#contract/control.ts';
import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import { type FeedReport, NODE_LATE_MS, type NodeRecord } from '#contract/registry.ts';
import { chooseOther, decideEntry, type Entry, isStale, type Situation } from './entry.ts';
import type { HomeStore } from './home-store.ts';

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
  /** Nothing gets through to this node: others are to know. */
  onDeaf(): void;
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
/** A node to which nothing gets through leaves feeds to others for this long; then it tries again with what is new. */
const DEAF_FOR_MS = 60_000;
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
  #deafUntil = 0;
  #saidDeafUntil = 0;

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
    const { store, isDraining } = this.#options;
    const canEnter = this.#canEnter(feed);
    const { isSettled } = this;
    let isDeaf = this.isDeaf && !search.forPeer;
    let from: NodeId | undefined;
    this.#releaseFirst(feed.id);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const mode = !canEnter || isDeaf ? 'look' : isSettled ? 'free' : 'unclaimed';
      const holding = await this.#ask(() => store.claim(feed.id, { mode, from }));
      const entry: Entry = decideEntry({
        ...search,
        source: feed.source,
        holding,
        canEnter,
        isDraining: isDraining(),
        isDeaf,
        isSettled,
      });
      if (entry.act === 'enter') {
        this.#hold(feed.id);
        return 'here';
      }
      if (entry.act === 'ask') return entry.record;
      if (entry.act === 'refuse') throw new VartaError(entry.code);
      if (entry.act === 'find-puller') {
        const puller = chooseOther(await this.#ask(() => store.pullers(feed.id)), search.failed);
        if (!puller) throw new VartaError('feed_not_live', 'No node that runs can pull this camera');
        return puller;
      }
      if (entry.act === 'find-other') {
        const other = await this.#findOther(search.failed);
        if (other) return other;
        isDeaf = false;
        continue;
      }
      from = entry.from;
    }
    throw new VartaError('no_sfu', 'The home of this feed does not stand still');
  }

  /**
   * Makes a feed this node's that is sent on demand and is `from`'s, though that one lives: nothing comes from there. Only
   * if it still is `from`'s. That one learns it with its next heartbeat, and has nothing to say to the equipment any more.
   *
   * @returns false when somebody else was quicker, or this node is no better place. Rejects without Redis.
   */
  async takeOver(feed: Pick<GrantedFeed, 'id' | 'source'>, from: NodeId): Promise<boolean> {
    const { store, isDraining } = this.#options;
    if (!this.#canEnter(feed) || isDraining() || this.isDeaf) return false;
    this.#releaseFirst(feed.id);
    const holding = await store.claim(feed.id, { mode: 'unclaimed', from });
    if (holding.state !== 'mine') return false;
    this.#hold(feed.id);
    // Those who want it ask again; nobody may be there any more.
    this.releaseLater(feed.id);
    return true;
  }

  /**
   * Nothing that is sent to this node gets through, as far as can be told: for a while others take what enters, if there
   * are others. Rejects without Redis.
   *
   * @returns whether there are.
   */
  async noteDeaf(): Promise<boolean> {
    if (!(await this.hasOtherNode())) return false;
    this.#deafUntil = this.#options.now() + DEAF_FOR_MS;
    return true;
  }

  /** What {@link noteDeaf} noted holds for everything that enters, and not only for one facility: pages are to leave as well. */
  sayDeaf(): void {
    this.#saidDeafUntil = this.#deafUntil;
    this.#options.onDeaf();
  }

  /** Whether its record says so. */
  get saysDeaf(): boolean {
    return this.#options.now() < this.#saidDeafUntil;
  }

  /** Whether others had better take what enters. */
  get isDeaf(): boolean {
    return this.#options.now() < this.#deafUntil;
  }

  /** Whether the pages of a node say that nothing comes from it. Rejects without Redis. */
  isAside(nodeId: NodeId): Promise<boolean> {
    return this.#options.store.isAside(nodeId);
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

  /** Whether there is another node that is not to be left itself. Rejects without Redis. */
  async hasOtherNode(): Promise<boolean> {
    return (await this.#findOther(new Map())) !== undefined;
  }

  /** Whether another node could take over a camera of ours. Rejects without Redis. */
  async hasOtherPuller(feedId: FeedId): Promise<boolean> {
    const pullers = await this.#options.store.pullers(feedId);
    return pullers.some(({ nodeId, draining }) => nodeId !== this.#options.nodeId && !draining);
  }

  /** A node's record, whether it ought to be newer, and whether it is that old that the node may be held for dead; undefined when there is none. */
  async lookUp(
    nodeId: NodeId,
  ): Promise<{ record: NodeRecord; isLate: boolean; isStale: boolean } | undefined> {
    const found = await this.#ask(() => this.#options.store.record(nodeId));
    if (!found) return undefined;
    const { record, unrenewedMs } = found;
    return { record, isLate: unrenewedMs >= NODE_LATE_MS, isStale: isStale(unrenewedMs) };
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

  #canEnter({ id, source }: Pick<GrantedFeed, 'id' | 'source'>): boolean {
    return source === 'edge' || (source === 'rtsp' && this.#options.pulls.has(id));
  }

  async #findOther(failed: Situation['failed']): Promise<NodeRecord | undefined> {
    const { store, nodeId } = this.#options;
    const others = await this.#ask(() => store.nodes());
    return chooseOther(
      others.filter((it) => it.nodeId !== nodeId && !it.draining),
      failed,
    );
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

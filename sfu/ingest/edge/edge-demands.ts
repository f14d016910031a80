import type { FeedDemand, FeedRelease } from '#contract/facility-link.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';

/** What facilities are told, by way of the servers. */
export interface DemandNews {
  demand(demand: FeedDemand): void;
  release(release: FeedRelease): void;
}

interface EdgeDemandsOptions {
  nodeId: NodeId;
  news: DemandNews;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Speaks for this node's ports. A feed has one demand at a time, that of the port that asked last: one that was replaced
 * cannot take back what its successor asked for.
 */
export class EdgeDemands {
  readonly #options: EdgeDemandsOptions;
  readonly #askers = new Map<FeedId, object>();

  constructor(options: EdgeDemandsOptions) {
    this.#options = options;
  }

  ask(
    asker: object,
    feed: GrantedFeed,
    demand: Pick<FeedDemand, 'target' | 'payloadType' | 'layers' | 'importance' | 'srtp'>,
  ): void {
    this.#askers.set(feed.id, asker);
    const { nodeId, news } = this.#options;
    news.demand({ feedId: feed.id, facilityId: feed.facilityId, ...demand, nodeId, at: this.#instant() });
  }

  /** Takes back what this one asked for, if nobody has asked since. */
  takeBack(asker: object, feed: GrantedFeed): void {
    if (this.#askers.get(feed.id) !== asker) return;
    this.#askers.delete(feed.id);
    this.#options.news.release({ feedId: feed.id, facilityId: feed.facilityId, at: this.#instant() });
  }

  #instant(): string {
    return new Date(this.#options.now()).toISOString();
  }
}

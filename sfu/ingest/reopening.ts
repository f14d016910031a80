import type { FeedId, NodeId } from '#contract/ids.ts';
import type { KeyedQueue } from '../concurrency/keyed-queue.ts';
import type { Homes } from '../mesh/homes.ts';
import { RelaySource } from '../mesh/relay-source.ts';
import type { Feed } from './feed.ts';
import type { FeedTable } from './feed-table.ts';
import type { FindSource } from './origins.ts';

/** For so long after a feed was asked for, it gets another port whenever somebody else has taken the one that it has. */
const STRANGERS_FOR_MS = 4_000;

interface ReopeningOptions {
  table: Pick<FeedTable, 'all' | 'get' | 'has' | 'attach'>;
  /** Everything that opens or replaces a source waits here for its turn, feed by feed. */
  queue: Pick<KeyedQueue, 'run'>;
  homes: Pick<Homes, 'releaseLater'>;
  /** Gets at a feed, wherever it comes from. */
  open: FindSource;
  news: { available(feedId: FeedId): void };
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  now: () => number;
}

/** Gives feeds another source in place of the one that they have, which they keep until the other one is there. */
export class Reopening {
  readonly #options: ReopeningOptions;

  constructor(options: ReopeningOptions) {
    this.#options = options;
  }

  /** The equipment of a feed that is here sends from another place now: what it has is of no use any more. */
  async handleSuccessor(feedId: FeedId): Promise<void> {
    const feed = this.#options.table.get(feedId);
    const outdated = feed?.source;
    if (feed && outdated)
      await this.reopen(feed, { why: 'its equipment has restarted', isDue: () => feed.source === outdated });
  }

  /**
   * The port of a feed was taken by somebody who does not send it: it is asked for on another, so that nobody waits until
   * it is found lost. Equipment that never sends what it is asked for is found lost all the same.
   */
  async handleStranger(feedId: FeedId): Promise<void> {
    const feed = this.#options.table.get(feedId);
    const outdated = feed?.source;
    const isDue = () => {
      if (!feed || feed.source !== outdated || feed.state.state !== 'connecting') return false;
      return this.#options.now() - feed.state.since < STRANGERS_FOR_MS;
    };
    if (feed && outdated) await this.reopen(feed, { why: 'its port is taken', isDue });
  }

  /**
   * A node is to be left that feeds come from: those that edges send are taken over here while they still come from there,
   * so that nobody waits for their equipment to turn to this node.
   */
  handleHomeDrains(nodeId: NodeId): void {
    for (const feed of this.#options.table.all()) {
      const { source } = feed;
      if (!(source instanceof RelaySource) || source.home !== nodeId || feed.info.source !== 'edge') continue;
      void this.reopen(feed, { why: 'its home is to be left', isDue: () => feed.source === source });
    }
  }

  /** Gets another source in place of the present one, if that is still due; never rejects. The feed stays meanwhile. */
  async reopen(feed: Feed, { why, isDue }: { why: string; isDue: () => boolean }): Promise<void> {
    const { id: feedId } = feed.info;
    const { table, queue, open, news, log } = this.#options;
    try {
      await queue.run(feedId, async () => {
        const outdated = feed.source;
        if (!outdated || !table.has(feed) || !isDue()) return;
        const [layer = 'low'] = feed.info.layers;
        const source = await open(feed.info, outdated.worker, { layer, proof: undefined, forPeer: false });
        if (!table.has(feed) || feed.source !== outdated) {
          source.close();
          this.#letGo(feedId);
          return;
        }
        log.info({ feedId, why }, 'feed is opened anew');
        table.attach(feed.info, source);
        news.available(feedId);
      });
    } catch (error) {
      this.#letGo(feedId);
      log.warn({ feedId, why, error: (error as Error).message }, 'feed cannot be opened anew');
    }
  }

  /** What was taken over and then not used enters here for nothing: its equipment would go on sending. */
  #letGo(feedId: FeedId): void {
    const feed = this.#options.table.get(feedId);
    if (!feed || feed.isRelayed) this.#options.homes.releaseLater(feedId);
  }
}

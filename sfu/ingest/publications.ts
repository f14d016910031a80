import type { IcePatched, WhenBusy, WhipPatch, WhipPublished } from '#contract/control.ts';
import { VartaError } from '#contract/errors.ts';
import type { FeedFault } from '#contract/feeds.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { MediaObjectId } from '#contract/ids.ts';
import type { KeyedQueue } from '../concurrency/keyed-queue.ts';
import type { Homes } from '../mesh/homes.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Feed } from './feed.ts';
import type { FeedNews } from './feed-ports.ts';
import { isAlive } from './feed-state.ts';
import type { FeedTable } from './feed-table.ts';
import type { Cover } from './origins.ts';
import type { Source } from './source.ts';
import { REFUSALS, REFUSED_AFTER_FAULT_MS } from './whip/refusals.ts';
import { WhipSource } from './whip-source.ts';

/** An encoder that has sent nothing for this long is shown the door; it has to publish again. */
const PUBLISHER_GONE_MS = 30_000;
/** A feed whose publisher is gone is called lost for this long, then idle: nobody seems to expect it any more. */
const FORGET_LOST_MS = 300_000;

/** With these an encoder is put out, or puts itself out. */
const SETTINGS_FAULTS = ['b-frames', 'dtls'] as const satisfies readonly FeedFault[];

interface PublicationsOptions {
  table: FeedTable;
  /** Everything that opens or replaces a source waits there for its turn, feed by feed. */
  queue: KeyedQueue;
  pool: Pick<WorkerPool, 'leastLoaded'>;
  homes: Pick<Homes, 'take'>;
  cover: Cover;
  news: Pick<FeedNews, 'available'>;
  /** Milliseconds since 1970. */
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** What encoders publish at this node. */
export class Publications {
  readonly #options: PublicationsOptions;
  /** The last publication of a feed. Encoders hang up first and end it by its name afterwards. */
  readonly #names = new WeakMap<Feed, MediaObjectId>();

  constructor(options: PublicationsOptions) {
    this.#options = options;
  }

  /** How many there are now. */
  get size(): number {
    return this.#live().length;
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
    const { table, queue, pool, homes, cover, news, log } = this.#options;
    return queue.run(info.id, async () => {
      table.assertOpen();
      if (info.source !== 'whip')
        throw new VartaError('grant_not_covering', 'This feed does not come by WHIP');
      const now = this.#options.now();
      const present = table.get(info.id);
      const isBusy = present?.source !== undefined && isAlive(present.state, now);
      if (isBusy && whenBusy === 'refuse') throw new VartaError('feed_busy');
      if (!present) table.assertRoom();
      const faultyAt = present?.faultSince('b-frames');
      if (faultyAt !== undefined && now - faultyAt < REFUSED_AFTER_FAULT_MS)
        throw new VartaError('codec_unsupported', REFUSALS.bFrames);
      const published = await WhipSource.accept(info, pool.leastLoaded(), sdpOffer);
      const source = await cover(published, info).catch(async (error: unknown) => {
        const isCodec = error instanceof VartaError && error.code === 'codec_unsupported';
        // Encoders try again every few seconds; once is enough to say it.
        if (isCodec && !isBusy && present?.faultSince('mask') === undefined)
          await homes.take(info, 'refuse').then(
            () => table.refuse(info),
            // Another one's media come elsewhere: nothing is wrong with the feed.
            () => undefined,
          );
        throw error;
      });
      await homes.take(info, whenBusy).catch((error: unknown) => {
        source.close();
        throw error;
      });
      const { resourceId, sdpAnswer, iceTag } = published;
      this.#names.set(table.attach(info, source), resourceId);
      news.available(info.id);
      log.info({ feedId: info.id, resourceId, replaced: isBusy }, 'published');
      return { resourceId, sdpAnswer, iceTag };
    });
  }

  /**
   * Takes an encoder's candidates, or its ICE restart.
   *
   * @throws VartaError `unknown_resource`, `precondition_failed`, `malformed`.
   */
  patch(info: GrantedFeed, { resourceId, iceTag, fragment }: Omit<WhipPatch, 'grant'>): Promise<IcePatched> {
    return this.#options.queue.run(info.id, async () => {
      const source = senderOf(this.#options.table.get(info.id));
      if (!(source instanceof WhipSource) || source.resourceId !== resourceId) {
        throw new VartaError('unknown_resource');
      }
      return source.patchIce(fragment, iceTag);
    });
  }

  /** Ends a publication. @throws VartaError `unknown_resource`. */
  end(info: GrantedFeed, resourceId: MediaObjectId): Promise<void> {
    const { table, queue, log } = this.#options;
    return queue.run(info.id, async () => {
      const feed = table.get(info.id);
      if (!feed || this.#names.get(feed) !== resourceId) throw new VartaError('unknown_resource');
      log.info({ feedId: info.id, resourceId }, 'publication ended');
      // Put out for its settings, an encoder says goodbye like any other; what was wrong is to be read nevertheless.
      if (SETTINGS_FAULTS.some((fault) => feed.faults.includes(fault))) feed.detach('feed_not_live');
      else table.forget(feed);
    });
  }

  /** What is published here is seen by nobody: encoders are to publish again, where it is. Their feeds are lost here. */
  endAll(): void {
    for (const feed of this.#live()) {
      this.#options.log.warn({ feedId: feed.info.id }, 'publication ended: this node is cut off');
      feed.detach('store_unavailable');
    }
  }

  /** A published feed is lost: its encoder is given up after a while, and the feed long after that. */
  handleLost(feed: Feed, lostForMs: number): void {
    const source = senderOf(feed);
    if (source instanceof WhipSource && (!source.connected || lostForMs >= PUBLISHER_GONE_MS)) {
      feed.detach('feed_not_live');
    } else if (!source && lostForMs >= FORGET_LOST_MS) this.#options.table.forget(feed);
  }

  #live(): Feed[] {
    return this.#options.table.all().filter((feed) => !feed.onDemand && feed.source);
  }
}

/** What comes in of a feed, also when that is not what may be consumed. */
function senderOf(feed: Feed | undefined): Source | undefined {
  return feed?.source?.sender ?? feed?.source;
}

import { z } from 'zod';
import { ViewerId } from '#contract/ids.ts';
import { keys } from '../../adapters/redis/keys.ts';
import type { Log, Now } from '../ports.ts';

const TakenNews = z.object({ viewerId: ViewerId, replicaId: z.string() });
type TakenNews = z.infer<typeof TakenNews>;

/** What was told and not heard back after this time got lost with its connection. Milliseconds. */
const HEARD_BACK_WITHIN_MS = 5_000;

/** What tells all replicas, and what hears it: two connections to Redis. */
interface Publisher {
  publish(channel: string, message: string): Promise<unknown>;
}
interface Subscriber {
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
}

interface TakenViewersOptions {
  redis: Publisher;
  replicaId: string;
  log: Log;
  now: Now;
}

/** What this replica has told of a viewer and not heard back yet. */
interface Told {
  count: number;
  untilMs: number;
}

/**
 * News among the replicas: a page has come to another one, which has its viewer from now on. All hear them in the same
 * order, each also its own: what others said before that is older than what this replica said itself.
 */
export class TakenViewers {
  readonly #options: TakenViewersOptions;
  readonly #told = new Map<ViewerId, Told>();

  constructor(options: TakenViewersOptions) {
    this.#options = options;
  }

  /** Tells the others that the page is here from this instant on. */
  tell(viewerId: ViewerId): void {
    const { redis, replicaId, log, now } = this.#options;
    this.#forgetLost();
    const count = (this.#told.get(viewerId)?.count ?? 0) + 1;
    // At its end, because it is the latest.
    this.#told.delete(viewerId);
    this.#told.set(viewerId, { count, untilMs: now() + HEARD_BACK_WITHIN_MS });
    const news = JSON.stringify({ viewerId, replicaId } satisfies TakenNews);
    redis.publish(keys.viewersTaken, news).catch((error: unknown) => {
      this.#settle(viewerId);
      log.warn({ err: error, viewerId }, 'other replicas not told of a viewer taken over');
    });
  }

  /** Hears of viewers that others have now. Rejects without Redis. */
  async follow(subscriber: Subscriber, onTaken: (viewerId: ViewerId) => void): Promise<void> {
    await subscriber.subscribe(keys.viewersTaken, (message) => {
      const news = parse(message);
      if (!news) return;
      this.#forgetLost();
      if (news.replicaId === this.#options.replicaId) this.#settle(news.viewerId);
      else if (!this.#told.has(news.viewerId)) onTaken(news.viewerId);
    });
  }

  #settle(viewerId: ViewerId): void {
    const told = this.#told.get(viewerId);
    if (!told) return;
    told.count -= 1;
    if (told.count === 0) this.#told.delete(viewerId);
  }

  #forgetLost(): void {
    for (const [viewerId, { untilMs }] of this.#told) {
      if (untilMs > this.#options.now()) return;
      this.#told.delete(viewerId);
    }
  }
}

function parse(message: string): TakenNews | undefined {
  try {
    return TakenNews.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}

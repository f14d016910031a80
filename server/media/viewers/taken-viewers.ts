import { z } from 'zod';
import { ViewerId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import type { Log, Now } from '../ports.ts';

const TakenNews = z.object({
  viewerId: ViewerId,
  replicaId: z.string(),
  /** Which of its replica's news it is; the version before says none. */
  number: z.int().optional(),
});
type TakenNews = z.infer<typeof TakenNews>;

/** What was told and not heard back after this time got lost with its connection. Milliseconds. */
const HEARD_BACK_WITHIN_MS = 5_000;

/**
 * A script belongs to its key, and so runs on one node of a cluster, whoever asks. A bare PUBLISH goes to any of them, and
 * those hand on what came to them in whichever order.
 */
const PUBLISH = defineScript(`return redis.call('PUBLISH', KEYS[1], ARGV[1])`);

/** Hands a message to all replicas, in the one order in which Redis took them. */
export function publishTaken(redis: Redis, message: string): Promise<unknown> {
  return runScript(redis, PUBLISH, [keys.viewersTaken], [message]);
}

/** What hears it: another connection to Redis. */
interface Subscriber {
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
}

interface TakenViewersOptions {
  /** See {@link publishTaken}. */
  publish(message: string): Promise<unknown>;
  replicaId: string;
  log: Log;
  now: Now;
}

/** What this replica has told of a viewer and not heard back yet. */
interface Told {
  numbers: Set<number>;
  untilMs: number;
}

/**
 * News among the replicas: a page has come to another one, which has its viewer from now on. All hear them in the same
 * order, each also its own: what others said before that is older than what this replica said itself.
 */
export class TakenViewers {
  readonly #options: TakenViewersOptions;
  readonly #told = new Map<ViewerId, Told>();
  #lastNumber = 0;

  constructor(options: TakenViewersOptions) {
    this.#options = options;
  }

  /** Tells the others that the page is here from this instant on. */
  tell(viewerId: ViewerId): void {
    const { publish, replicaId, log, now } = this.#options;
    this.#forgetLost();
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const numbers = this.#told.get(viewerId)?.numbers ?? new Set();
    // At its end, because it is the latest.
    this.#told.delete(viewerId);
    this.#told.set(viewerId, { numbers: numbers.add(number), untilMs: now() + HEARD_BACK_WITHIN_MS });
    const news = JSON.stringify({ viewerId, replicaId, number } satisfies TakenNews);
    publish(news).catch((error: unknown) => {
      // It may be heard all the same, if only the answer got lost.
      this.#settle(viewerId, number);
      log.warn({ err: error, viewerId }, 'other replicas not told of a viewer taken over');
    });
  }

  /** Hears of viewers that others have now. Rejects without Redis. */
  async follow(subscriber: Subscriber, onTaken: (viewerId: ViewerId) => void): Promise<void> {
    await subscriber.subscribe(keys.viewersTaken, (message) => {
      const news = parse(message);
      if (!news) return;
      this.#forgetLost();
      if (news.replicaId === this.#options.replicaId) this.#settle(news.viewerId, news.number);
      else if (!this.#told.has(news.viewerId)) onTaken(news.viewerId);
    });
  }

  #settle(viewerId: ViewerId, number: number | undefined): void {
    const told = this.#told.get(viewerId);
    if (!told || number === undefined) return;
    told.numbers.delete(number);
    if (told.numbers.size === 0) this.#told.delete(viewerId);
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

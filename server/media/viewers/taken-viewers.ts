import { z } from 'zod';
import { ViewerId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import type { Log } from '../ports.ts';

const TakenNews = z.object({ viewerId: ViewerId, replicaId: z.string() });
type TakenNews = z.infer<typeof TakenNews>;

/** News among the replicas: a page has come to another one, which has its viewer from now on. */
export class TakenViewers {
  readonly #options: { redis: Redis; replicaId: string; log: Log };

  constructor(options: { redis: Redis; replicaId: string; log: Log }) {
    this.#options = options;
  }

  /** Tells the others that this replica has the viewer. */
  tell(viewerId: ViewerId): void {
    const { redis, replicaId, log } = this.#options;
    const news = JSON.stringify({ viewerId, replicaId } satisfies TakenNews);
    redis.publish(keys.viewersTaken, news).catch((error: unknown) => {
      log.warn({ err: error, viewerId }, 'other replicas not told of a viewer taken over');
    });
  }

  /** Hears of viewers that others have now. Rejects without Redis. */
  async follow(subscriber: Redis, onTaken: (viewerId: ViewerId) => void): Promise<void> {
    await subscriber.subscribe(keys.viewersTaken, (message) => {
      const news = parse(message);
      if (news && news.replicaId !== this.#options.replicaId) onTaken(news.viewerId);
    });
  }
}

function parse(message: string): TakenNews | undefined {
  try {
    return TakenNews.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}

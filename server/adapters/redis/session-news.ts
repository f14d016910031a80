import { z } from 'zod';
import type { Redis } from './connect.ts';
import type { RedisLog } from './connect-log.ts';
import { keys } from './keys.ts';

/** Tells every replica that a session ended, so that what hangs on it ends everywhere. */
export interface SessionNews extends AsyncDisposable {
  /** `sessionId` is the session's handle, never its cookie. */
  publishEnded(sessionId: string): Promise<void>;
}

const Ended = z.strictObject({ sessionId: z.string().min(1).max(100) });

interface SessionNewsOptions {
  redis: Redis;
  /** A connection of its own: one that listens can do nothing else. Closed with this. */
  subscriber: Redis;
  onEnded: (sessionId: string) => void;
  log: RedisLog;
}

/** Listens until it is disposed. News of a time without Redis are missed: whoever depends on them looks again by itself. */
export async function createSessionNews({
  redis,
  subscriber,
  onEnded,
  log,
}: SessionNewsOptions): Promise<SessionNews> {
  await subscriber.subscribe(keys.sessionsEnded, (message) => {
    const news = parseEnded(message);
    if (news) onEnded(news.sessionId);
    else log.warn({ channel: keys.sessionsEnded }, 'news of a session that cannot be read');
  });
  return {
    publishEnded: async (sessionId) => {
      await redis.publish(keys.sessionsEnded, JSON.stringify({ sessionId } satisfies z.infer<typeof Ended>));
    },
    [Symbol.asyncDispose]: async () => {
      if (subscriber.isOpen) subscriber.destroy();
    },
  };
}

function parseEnded(message: string): z.infer<typeof Ended> | undefined {
  try {
    return Ended.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}

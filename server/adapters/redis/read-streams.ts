import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isCluster, type Redis } from './connect.ts';

const Messages = z.array(z.object({ id: z.string(), message: z.record(z.string(), z.string()) }));
const ReadReply = z.array(z.object({ name: z.string(), messages: Messages })).nullable();

/** What came in some streams, by their keys. */
export type StreamNews = ReadonlyMap<string, z.infer<typeof Messages>>;

interface ReadOptions {
  /** Entries of each stream at most. */
  count: number;
  /** Longest wait for the first entry. */
  waitMs: number;
  /** In a cluster, how often it is asked. */
  pollMs: number;
  signal: AbortSignal;
}

/**
 * Reads streams on from a place in each, and waits for the first entry; empty if none came in time. A command that waits
 * names the streams of one slot only, and keeps the others of its node waiting: in a cluster each stream is asked for itself,
 * again and again. Throws what the connection throws while Redis is away.
 */
export async function readStreams(
  redis: Redis,
  streams: readonly { key: string; id: string }[],
  { count, waitMs, pollMs, signal }: ReadOptions,
): Promise<StreamNews> {
  if (!isCluster(redis)) return toNews(await redis.xRead([...streams], { BLOCK: waitMs, COUNT: count }));
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const replies = await Promise.all(streams.map((stream) => redis.xRead([stream], { COUNT: count })));
    const news = new Map(replies.flatMap((reply) => [...toNews(reply)]));
    if (news.size > 0 || performance.now() >= untilMs || signal.aborted) return news;
    await pause(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

function toNews(reply: unknown): StreamNews {
  return new Map((ReadReply.parse(reply) ?? []).map(({ name, messages }) => [name, messages]));
}

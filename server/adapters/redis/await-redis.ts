import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis, mastersOf, type Redis } from './connect.ts';
import type { RedisLog } from './connect-log.ts';
import { isLoading, judgeRedis, parseRedisFacts, UnsuitableRedisError } from './suitability.ts';

/** How long a start waits for Redis: a large append-only file takes a minute to load. */
const PATIENCE_MS = 120_000;
/** How often the wait says that it still waits. */
const REMINDER_MS = 5_000;
const LOADING_POLL_MS = 250;

interface AwaitOptions {
  url: string;
  name: string;
  log: RedisLog;
  /** @default 120 000 */
  patienceMs?: number;
  signal?: AbortSignal;
}

/**
 * Connects to a Redis that may still be starting, waits until it has its data, and refuses one that may lose the record.
 * Throws {@link UnsuitableRedisError}, or an Error when patience is at its end.
 */
export async function awaitRedis({
  url,
  name,
  log,
  patienceMs = PATIENCE_MS,
  signal,
}: AwaitOptions): Promise<Redis> {
  const where = withoutPassword(url);
  const startedAt = performance.now();
  const waitedSeconds = () => Math.round((performance.now() - startedAt) / 1000);
  const patience = AbortSignal.timeout(patienceMs);
  const given = signal ? AbortSignal.any([signal, patience]) : patience;
  const reminder = setInterval(
    () => log.warn({ redis: where, waitedSeconds: waitedSeconds() }, 'still waiting for redis'),
    REMINDER_MS,
  );
  try {
    const redis = await connectRedis(url, name, log, given);
    try {
      for (const one of await mastersOf(redis)) {
        await hasLoaded(one, given);
        await checkSuitability(one, log);
      }
    } catch (error) {
      if (redis.isOpen) redis.destroy();
      throw error;
    }
    return redis;
  } catch (error) {
    if (!patience.aborted || signal?.aborted) throw error;
    throw new Error(
      `Redis at ${where} did not answer within ${waitedSeconds()} s: is it running, is REDIS_URL right?`,
    );
  } finally {
    clearInterval(reminder);
  }
}

async function hasLoaded(redis: Redis, signal: AbortSignal): Promise<void> {
  while (!redis.isReady || isLoading(await redis.info('persistence'))) {
    await pause(LOADING_POLL_MS, undefined, { signal });
  }
}

async function checkSuitability(redis: Redis, log: RedisLog): Promise<void> {
  const info = await redis.info();
  const config = await readConfig(redis);
  const { refusals, unchecked } = judgeRedis(parseRedisFacts(info, config));
  if (refusals.length > 0) throw new UnsuitableRedisError(refusals);
  for (const { setting, change } of unchecked) {
    log.warn({ setting }, `redis does not let us check ${setting}; make sure of it yourself: ${change}`);
  }
}

/** CONFIG GET, or undefined where it is forbidden (managed Redis). */
async function readConfig(redis: Redis): Promise<Record<string, string> | undefined> {
  try {
    return await redis.configGet(['maxmemory-policy', 'appendonly', 'appendfsync']);
  } catch {
    return undefined;
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

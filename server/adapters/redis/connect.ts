import { createClient, RESP_TYPES } from 'redis';

/** What a connection tells its owner about; `warn` for what heals by itself. */
export interface RedisLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Longest pause between two attempts to reconnect. A console is to be back within 3 s of a restart of Redis. */
const MAX_RECONNECT_DELAY_MS = 500;

/**
 * Opens a connection that reconnects for as long as it is not closed. `url` is `redis://`, `rediss://` or
 * `unix:///path`. Commands issued while Redis is away fail at once instead of queueing without a bound. Waits for the
 * first contact until `signal` aborts; then it gives the connection up and throws the signal's reason.
 */
export async function connectRedis(url: string, name: string, log: RedisLog, signal?: AbortSignal) {
  signal?.throwIfAborted();
  const reconnectStrategy = (attempts: number) =>
    Math.min(20 * 2 ** Math.min(attempts, 6), MAX_RECONNECT_DELAY_MS);
  const client = createClient({
    ...(url.startsWith('unix://')
      ? { socket: { path: url.slice('unix://'.length), tls: false, reconnectStrategy } }
      : { url, socket: { reconnectStrategy } }),
    name,
    disableOfflineQueue: true,
  });
  // Without a listener, node-redis brings the process down when Redis goes away. One line an outage, not one an attempt.
  let away = false;
  client.on('error', (error: Error) => {
    if (!away) log.warn({ redis: name, error: error.message }, 'redis connection lost');
    away = true;
  });
  client.on('ready', () => {
    away = false;
    log.info({ redis: name }, 'redis connection ready');
  });

  const giveUp = Promise.withResolvers<never>();
  const abort = () => {
    client.destroy();
    giveUp.reject(signal?.reason);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([client.connect(), giveUp.promise]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return client;
}

export type Redis = Awaited<ReturnType<typeof connectRedis>>;

/** The same connection, whose replies have strings as the bytes that they are. */
export function withBytes(redis: Redis) {
  return redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
}

/** Closes a connection: politely if Redis is there, at once if it is not. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.isReady) await redis.close();
  else if (redis.isOpen) redis.destroy();
}

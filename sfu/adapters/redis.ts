import { createClient } from 'redis';
import { clusterNodesOf } from '../../config/settings/values.ts';
import { openCluster } from './redis-cluster.ts';

export interface RedisLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Longest pause between two attempts to reconnect: a lease is to be back well before a page gives up. */
const MAX_RECONNECT_DELAY_MS = 500;
/** A connection on which nothing comes back for this long is dead; the lease alone makes an answer due every 1.5 s. */
const SOCKET_TIMEOUT_MS = 5_000;

export interface RedisOptions {
  /** As `RedisUrl` has it. */
  url: string;
  log: RedisLog;
  /** Called after every connect, the first one included. */
  onReady(): void;
}

/**
 * Begins to connect and keeps at it until it is closed; does not wait for the first contact, because a node serves what
 * its grants allow without Redis too. Commands issued while Redis is away fail at once instead of queueing.
 */
export function openRedis({ url, log, onReady }: RedisOptions): Redis {
  const nodes = clusterNodesOf(url);
  if (!nodes) return openOne({ url, log, onReady });
  const socket = { reconnectStrategy, socketTimeout: SOCKET_TIMEOUT_MS };
  // The commands of both are the same, and their types have nothing in common.
  return openCluster({ nodes, socket, log, onReady }) as unknown as Redis;
}

function reconnectStrategy(attempts: number): number {
  return Math.min(20 * 2 ** Math.min(attempts, 6), MAX_RECONNECT_DELAY_MS);
}

function openOne({ url, log, onReady }: RedisOptions) {
  const client = createClient({
    ...(url.startsWith('unix://')
      ? {
          socket: {
            path: url.slice('unix://'.length),
            tls: false,
            reconnectStrategy,
            socketTimeout: SOCKET_TIMEOUT_MS,
          },
        }
      : { url, socket: { reconnectStrategy, socketTimeout: SOCKET_TIMEOUT_MS } }),
    name: 'sfu',
    disableOfflineQueue: true,
  });
  let away = false;
  // Without a listener, node-redis brings the process down. One line an outage, not one an attempt.
  client.on('error', (error: Error) => {
    if (!away) log.warn({ error: error.message }, 'redis connection lost');
    away = true;
  });
  client.on('ready', () => {
    away = false;
    log.info({}, 'redis connection ready');
    onReady();
  });
  // Rejects only when it is closed before the first contact.
  client.connect().catch(() => undefined);
  return client;
}

export type Redis = ReturnType<typeof openOne>;

/** Closes a connection: politely if Redis is there, at once if it is not. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.isReady) await redis.close();
  else if (redis.isOpen) redis.destroy();
}

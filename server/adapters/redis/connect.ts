import { createClient, RESP_TYPES } from 'redis';
import { clusterNodesOf } from '../../../config/settings/values.ts';
import { type Cluster, connectCluster, isWhole, routingKeyOf } from './cluster.ts';
import type { RedisLog } from './connect-log.ts';

/** Longest pause between two attempts to reconnect. A console is to be back within 3 s of a restart of Redis. */
const MAX_RECONNECT_DELAY_MS = 500;

/** When a connection is tried again that was lost, by how often it was tried. Milliseconds. */
function reconnectStrategy(attempts: number): number {
  return Math.min(20 * 2 ** Math.min(attempts, 6), MAX_RECONNECT_DELAY_MS);
}

/**
 * Opens a connection that reconnects for as long as it is not closed. `url` is as `RedisUrl` has it;
 * of a cluster all nodes are connected, and a command goes to the one of its key. Commands issued while Redis is away fail at once instead of queueing without a bound. Waits for the
 * first contact until `signal` aborts; then it gives the connection up and throws the signal's reason.
 */
export async function connectRedis(
  url: string,
  name: string,
  log: RedisLog,
  signal?: AbortSignal,
): Promise<Redis> {
  const nodes = clusterNodesOf(url);
  if (!nodes) return connectOne(url, name, log, signal);
  return asConnection(await connectCluster({ nodes, name, log, reconnectStrategy, signal }));
}

async function connectOne(url: string, name: string, log: RedisLog, signal?: AbortSignal) {
  signal?.throwIfAborted();
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

type Client = Awaited<ReturnType<typeof connectOne>>;

/** The clients of the masters of a cluster. Absent where there is one Redis. */
const MASTERS = Symbol('masters');

/** A connection to Redis, or to all nodes of a cluster. What one command or script touches lies in one slot of it. */
export type Redis = Client & { [MASTERS]?: () => Promise<Client[]> };

/**
 * A cluster under the commands of a single Redis. They are the same, but for what is put together by hand, which is told its
 * node here. The types of the two have nothing in common, so that this is the one place that says they are alike.
 */
function asConnection(cluster: Cluster): Redis {
  const own = {
    sendCommand: { value: (args: string[]) => cluster.sendCommand(routingKeyOf(args), false, args) },
    isReady: { get: () => isWhole(cluster) },
    [MASTERS]: {
      value: () => Promise.all(cluster.masters.map(async (master) => cluster.nodeClient(master))),
    },
  };
  return Object.defineProperties(Object.create(cluster), own) as unknown as Redis;
}

/** Whether keys lie on several nodes, so that no command may touch more than one slot. */
export function isCluster(redis: Redis): boolean {
  return redis[MASTERS] !== undefined;
}

/** Each Redis that has a part of the keys. */
export async function mastersOf(redis: Redis): Promise<Client[]> {
  return (await redis[MASTERS]?.()) ?? [redis];
}

/** The same connection, whose replies have strings as the bytes that they are. */
export function withBytes(redis: Redis) {
  return redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
}

/** Closes a connection: politely if Redis is there, at once if it is not. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.isReady) await redis.close();
  else if (redis.isOpen) redis.destroy();
}

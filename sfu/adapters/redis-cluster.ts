import { setTimeout as pause } from 'node:timers/promises';
import { createCluster } from 'redis';

const FIRST_CONTACT_MS = 500;

interface ClusterOptions {
  /** Nodes by which the others are found, with the name and password that all have. */
  nodes: readonly string[];
  socket: { reconnectStrategy(attempts: number): number; socketTimeout: number };
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  onReady(): void;
}

/**
 * Begins to connect to all masters of a cluster and keeps at it until it is closed, as `openRedis` does to one Redis.
 * Commands issued while the node of their key is away fail at once.
 */
export function openCluster({ nodes, socket, log, onReady }: ClusterOptions) {
  const [first = ''] = nodes;
  const { username, password, protocol } = new URL(first);
  const cluster = createCluster({
    rootNodes: nodes.map((url) => ({ url })),
    defaults: {
      name: 'sfu',
      disableOfflineQueue: true,
      // Nodes that are discovered know nothing of the URLs by which they were.
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      socket: protocol === 'rediss:' ? { tls: true, ...socket } : socket,
    },
  });
  let away = false;
  const lost = (error: Error) => {
    if (!away) log.warn({ error: error.message }, 'redis connection lost');
    away = true;
  };
  const ready = () => {
    if (!cluster.isReady) return;
    away = false;
    log.info({}, 'redis connection ready');
    onReady();
  };
  cluster.on('error', lost);
  cluster.on('node-error', lost);
  // Once for the whole, and again for each node that comes back.
  cluster.on('connect', ready);
  cluster.on('node-ready', ready);

  const closing = new AbortController();
  const connect = async () => {
    while (!closing.signal.aborted) {
      const isConnected = await cluster.connect().then(
        () => true,
        () => false,
      );
      if (isConnected) return;
      await pause(FIRST_CONTACT_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  void connect();
  const own = {
    isReady: {
      get: () => cluster.isReady && cluster.masters.every(({ client }) => client?.isReady ?? true),
    },
    isOpen: { get: () => !closing.signal.aborted },
    close: {
      value: () => {
        closing.abort();
        return cluster.close();
      },
    },
    destroy: {
      value: () => {
        closing.abort();
        if (cluster.isOpen) cluster.destroy();
      },
    },
  };
  return Object.defineProperties(Object.create(cluster) as typeof cluster, own);
}

import { setTimeout as pause } from 'node:timers/promises';
import { createCluster } from 'redis';
import type { RedisLog } from './connect-log.ts';

const FIRST_CONTACT_MS = 250;

interface ClusterOptions {
  /** Nodes by which the others are found, `redis://` or `rediss://`, with the name and password that all have. */
  nodes: readonly string[];
  name: string;
  log: RedisLog;
  reconnectStrategy(attempts: number): number;
  signal?: AbortSignal | undefined;
}

/**
 * Opens connections to all masters of a cluster. Each reconnects for as long as the whole is not closed; commands issued
 * while the node of their key is away fail at once. Waits for the first contact until `signal` aborts.
 */
export async function connectCluster({ nodes, name, log, reconnectStrategy, signal }: ClusterOptions) {
  for (;;) {
    signal?.throwIfAborted();
    const cluster = openCluster({ nodes, name, log, reconnectStrategy });
    const abort = () => cluster.destroy();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await cluster.connect();
      return cluster;
    } catch (error) {
      log.warn({ redis: name, error: String(error) }, 'no node of the redis cluster answers');
      await pause(FIRST_CONTACT_MS, undefined, signal ? { signal } : {});
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}

export type Cluster = Awaited<ReturnType<typeof connectCluster>>;

function openCluster({ nodes, name, log, reconnectStrategy }: Omit<ClusterOptions, 'signal'>) {
  const [first = ''] = nodes;
  const { username, password, protocol } = new URL(first);
  const cluster = createCluster({
    rootNodes: nodes.map((url) => ({ url })),
    defaults: {
      name,
      disableOfflineQueue: true,
      // Nodes that are discovered know nothing of the URLs by which they were.
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      socket: protocol === 'rediss:' ? { tls: true, reconnectStrategy } : { reconnectStrategy },
    },
  });
  const away = new Set<string>();
  const addressOf = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  // Without listeners, node-redis brings the process down. One line an outage, not one an attempt.
  cluster.on('error', (error: Error) =>
    log.warn({ redis: name, error: error.message }, 'redis cluster in trouble'),
  );
  cluster.on('node-error', (error: Error, node: { host: string; port: number }) => {
    if (!away.has(addressOf(node)))
      log.warn({ redis: name, node: addressOf(node), error: error.message }, 'redis node lost');
    away.add(addressOf(node));
  });
  cluster.on('node-ready', (node: { host: string; port: number }) => {
    away.delete(addressOf(node));
    log.info({ redis: name, node: addressOf(node) }, 'redis node ready');
  });
  return cluster;
}

/** The key by which a command that was put together by hand finds its node: that of a script is its first. */
export function routingKeyOf(args: readonly string[]): string | undefined {
  const [command = '', , keyCount = '0', firstKey] = args;
  return /^evalsha$|^eval$/i.test(command) && Number(keyCount) > 0 ? firstKey : undefined;
}

/** Whether every node answers that has a part of the keys, and the one that news come from. */
export function isWhole(cluster: Cluster): boolean {
  const nodes = [...cluster.masters, ...(cluster.pubSubNode ? [cluster.pubSubNode] : [])];
  return cluster.isOpen && nodes.every(({ client }) => client?.isReady ?? true);
}

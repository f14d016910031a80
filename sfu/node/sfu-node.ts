import { randomBytes } from 'node:crypto';
import { availableParallelism, networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import { VartaError } from '#contract/errors.ts';
import type { NodeRecord } from '#contract/registry.ts';
import type { SfuSettings } from '../../config/settings.ts';
import { closeRedis, openRedis } from '../adapters/redis.ts';
import { RegistryStore } from '../adapters/registry-store.ts';
import { Viewers } from '../egress/viewers.ts';
import { parseGrantKeys } from '../grants/grant-keys.ts';
import { createGrantVerifier } from '../grants/verify-grant.ts';
import { EdgeFeeds } from '../ingest/edge/edge-feeds.ts';
import { Feeds } from '../ingest/feeds.ts';
import { openByKind } from '../ingest/origins.ts';
import { PacketPoller } from '../ingest/packet-poller.ts';
import { Mesh } from '../mesh/mesh.ts';
import { chooseIngestAddress, chooseMediaAddress } from '../workers/addresses.ts';
import { WorkerPool } from '../workers/worker-pool.ts';
import { ControlServer } from './control-server.ts';
import { createControlHandlers } from './handlers.ts';
import { Lease } from './lease.ts';
import { createMonitoring, type NodeFigures } from './monitoring.ts';
import { Outbox } from './outbox.ts';

export interface SfuNode extends AsyncDisposable {
  readonly nodeId: string;
  readonly controlUrl: string;
  /** Process ids of the media workers that run now. */
  workerPids(): number[];
  figures(): NodeFigures;
}

/**
 * Starts a node: workers, control port, lease. Disposing it takes leave of the registry, tells the servers, and closes
 * everything, in the reverse order.
 */
export async function startSfuNode(
  settings: Readonly<SfuSettings>,
  { log, now }: { log: Logger; now: () => number },
): Promise<SfuNode> {
  await using owned = new AsyncDisposableStack();
  const nodeId = settings.SFU_NODE_ID ?? `sfu-${randomBytes(4).toString('hex')}`;
  const controlUrl =
    settings.SFU_CONTROL_URL ?? `http://${settings.SFU_CONTROL_HOST}:${settings.SFU_CONTROL_PORT}`;
  const startedAt = new Date(now()).toISOString();
  const interfaces = networkInterfaces();
  const verify = createGrantVerifier({ keys: parseGrantKeys(settings.GRANT_PUBLIC_JWKS), nodeId, now });
  let load = 0;

  const redis = owned.adopt(
    openRedis({
      url: settings.REDIS_URL,
      log,
      onReady: () => {
        lease.handleConnected();
        void outbox.flush();
      },
    }),
    closeRedis,
  );
  const store = new RegistryStore(redis, nodeId, () => outbox.standing());
  const outbox: Outbox = owned.use(new Outbox((batch) => store.write(batch)));
  owned.defer(() => outbox.flush());
  const lease: Lease = new Lease({ store, describe, now, log });
  const control = owned.use(
    new ControlServer({
      verify,
      createHandlers: () => createControlHandlers({ verify, viewers, feeds, edge, assertAcceptsNew }),
      onRequest: createMonitoring(figures),
      log,
    }),
  );
  const pool: WorkerPool = owned.use(
    new WorkerPool({
      workers: settings.SFU_WORKERS ?? availableParallelism(),
      firstPort: settings.SFU_PORT,
      worker: {
        workerBin: settings.MEDIASOUP_WORKER_BIN,
        listen: chooseMediaAddress(settings, interfaces),
        portRange: { min: settings.SFU_INGEST_PORT_MIN, max: settings.SFU_INGEST_PORT_MAX },
      },
      log,
      now,
      onDied: (worker) => {
        feeds.handleWorkerDied(worker);
        viewers.handleWorkerDied(worker);
      },
    }),
  );
  const poller = owned.use(new PacketPoller());
  const mesh = new Mesh();
  const edge: EdgeFeeds = owned.use(
    new EdgeFeeds({
      nodeId,
      listen: chooseIngestAddress(settings, interfaces),
      news: {
        demand: (demand) => outbox.demand(demand),
        release: (release) => outbox.release(release),
        report: (report) => outbox.report({ ...report, nodeId }),
        available: (feedId) => control.emit('feed:available', { nodeId, feedId }),
      },
      isSecured: (feedId) => store.isSecured(feedId),
      log,
      now,
    }),
  );
  const feeds = owned.use(
    new Feeds({
      pool,
      poller,
      open: openByKind({ edge: (feed, worker) => edge.open(feed, worker) }),
      lingerMs: settings.SFU_LINGER_MS,
      now,
      log,
      news: {
        report: (report) => outbox.report({ ...report, nodeId }),
        available: (feedId) => control.emit('feed:available', { nodeId, feedId }),
      },
    }),
  );
  const viewers = owned.use(
    new Viewers({
      nodeId,
      feeds,
      mesh,
      pool,
      now,
      assertAcceptsNew,
      news: {
        viewerClosed: (viewerId, code) => control.emit('viewer:closed', { viewerId, code }),
        tilesClosed: (viewerId, tile) => control.tileClosed(viewerId, tile),
      },
    }),
  );
  await pool.start();
  await control.listen({ host: settings.SFU_CONTROL_HOST, port: settings.SFU_CONTROL_PORT });
  owned.use(lease).start();

  const resources = owned.move();
  return {
    nodeId,
    controlUrl,
    workerPids: () => pool.ready.map(({ pid }) => pid),
    figures,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };

  /** A node that others take for gone must not gather viewers and publishers that nobody would find. */
  function assertAcceptsNew(): void {
    if (lease.lapsed)
      throw new VartaError('store_unavailable', 'This node is cut off and takes on nothing new');
  }

  function figures(): NodeFigures {
    return {
      workersReady: pool.ready.length,
      workersWanted: pool.size,
      viewers: viewers.size,
      consumers: viewers.tiles,
      feeds: feeds.size,
      pipes: mesh.size,
      outbox: outbox.size,
      load,
      registered: !lease.lapsed,
    };
  }

  async function describe(): Promise<NodeRecord> {
    load = await pool.measureLoad();
    return {
      nodeId,
      controlUrl,
      regionId: settings.SFU_REGION ?? null,
      workers: pool.size,
      load,
      viewers: viewers.size,
      feeds: feeds.size,
      draining: false,
      gone: false,
      startedAt,
      at: new Date(now()).toISOString(),
    };
  }
}

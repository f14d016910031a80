import { randomBytes } from 'node:crypto';
import { availableParallelism, networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import { VartaError } from '#contract/errors.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { NodeRecord } from '#contract/registry.ts';
import type { SfuSettings } from '../../config/settings/sfu.ts';
import { RedisHomeStore } from '../adapters/home-store.ts';
import { closeRedis, openRedis } from '../adapters/redis.ts';
import { RegistryStore } from '../adapters/registry-store.ts';
import { Viewers } from '../egress/viewers.ts';
import { Players } from '../egress/whep/players.ts';
import { openEvidence } from '../evidence/open-evidence.ts';
import { parseGrantKeys } from '../grants/grant-keys.ts';
import { createGrantVerifier } from '../grants/verify-grant.ts';
import { EdgeFeeds } from '../ingest/edge/edge-feeds.ts';
import { Feeds } from '../ingest/feeds.ts';
import { Hearing } from '../ingest/hearing.ts';
import { findByHome, openByKind, openCovered } from '../ingest/origins.ts';
import { PacketPoller } from '../ingest/packet-poller.ts';
import type { CameraList } from '../ingest/rtsp/camera-list.ts';
import { CameraPulls } from '../ingest/rtsp/camera-pulls.ts';
import type { Source } from '../ingest/source.ts';
import { MaskedSource } from '../masks/masked-source.ts';
import { Masks } from '../masks/masks.ts';
import { HomeWatch } from '../mesh/home-watch.ts';
import { Homes } from '../mesh/homes.ts';
import { Mesh } from '../mesh/mesh.ts';
import { MeshServer } from '../mesh/mesh-server.ts';
import { Relays } from '../mesh/relays.ts';
import { chooseIngestAddress, chooseMediaAddress, chooseMeshAddress } from '../workers/addresses.ts';
import { WorkerPool } from '../workers/worker-pool.ts';
import { ControlServer } from './control-server.ts';
import { drainNode } from './drain.ts';
import { readFigures } from './figures.ts';
import { createControlHandlers } from './handlers.ts';
import { Isolation } from './isolation.ts';
import { Lease } from './lease.ts';
import { leaseStore } from './lease-store.ts';
import { startLooking } from './looking.ts';
import { createMonitoring, type NodeFigures } from './monitoring.ts';
import { NodeLoad } from './node-load.ts';
import { Outbox } from './outbox.ts';

export interface SfuNode extends AsyncDisposable {
  readonly nodeId: string;
  readonly controlUrl: string;
  /**
   * Takes on nothing new, lets others take what it has, and resolves when nobody is left, when the time is over (ms), or
   * when the signal aborts. The node runs until it is disposed of.
   */
  drain(options: { withinMs: number; signal: AbortSignal }): Promise<void>;
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
  { log, now, cameras = new Map() }: { log: Logger; now: () => number; cameras?: CameraList },
): Promise<SfuNode> {
  await using owned = new AsyncDisposableStack();
  const nodeId = settings.SFU_NODE_ID ?? `sfu-${randomBytes(4).toString('hex')}`;
  const controlUrl =
    settings.SFU_CONTROL_URL ?? `http://${settings.SFU_CONTROL_HOST}:${settings.SFU_CONTROL_PORT}`;
  const startedAt = new Date(now()).toISOString();
  const interfaces = networkInterfaces();
  const keys = parseGrantKeys(settings.GRANT_PUBLIC_JWKS);
  const verify = createGrantVerifier({ keys, nodeId, now });
  let draining = false;

  const redis = owned.adopt(
    openRedis({
      url: settings.REDIS_URL,
      log,
      onReady: () => {
        homes.handleConnected();
        lease.handleConnected();
        void outbox.flush();
      },
    }),
    closeRedis,
  );
  const pulls = owned.use(new CameraPulls(cameras, { now, log }));
  const store = new RegistryStore(redis, {
    nodeId,
    standing: () => ({ ...outbox.standing(), pulls: pulls.feedIds }),
    onNotHome: (feedId) => homes.handleLost(feedId),
  });
  const homes: Homes = new Homes({
    nodeId,
    store: new RedisHomeStore(redis, nodeId),
    pulls: new Set(pulls.feedIds),
    isDraining: () => draining,
    onLost: (feedId) => feeds.handleHomeLost(feedId),
    onGivenUp: (feedId) => edge.handleGivenUp(feedId),
    onDeaf: () => void lease.announce(),
    now,
  });
  owned.defer(() => homes.flush());
  const outbox: Outbox = owned.use(new Outbox((batch) => store.write(batch)));
  owned.defer(() => outbox.flush());
  const lease: Lease = new Lease({ store: leaseStore({ store, homes }), describe, now, log });
  const control = owned.use(
    new ControlServer({
      verify,
      now,
      createHandlers: () =>
        createControlHandlers({
          ...{ verify, viewers, players, feeds, edge, clips, pictures, assertAcceptsNew },
        }),
      mesh: {
        admit: (auth) => meshServer.admit(auth),
        handleConnection: (socket, admitted) => meshServer.handleConnection(socket, admitted),
      },
      onRequest: createMonitoring(() => figures()),
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
  const load = new NodeLoad(pool);
  const meshListen = chooseMeshAddress(settings, interfaces);
  const poller = owned.use(new PacketPoller());
  const mesh = new Mesh();
  const relays: Relays = owned.use(
    new Relays({
      ...{ nodeId, listen: meshListen, homes, now, log },
      onHomeDrains: (home) => feeds.reopening.handleHomeDrains(home),
    }),
  );
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
      onSuccessor: (feedId) => void feeds.reopening.handleSuccessor(feedId),
      onStranger: (feedId) => void feeds.reopening.handleStranger(feedId),
      log,
      now,
    }),
  );
  const masks = owned.use(
    new Masks({
      now,
      onNewer: (feedId, proof) => feeds.showProof(feedId, proof),
      onMasked: (feedId) => feeds.handleMasked(feedId),
    }),
  );
  const cover = async (raw: Source, feed: GrantedFeed): Promise<Source> => {
    masks.note(feed);
    if (!masks.has(feed.id)) return raw;
    return MaskedSource.take(raw, feed, { masks, ffmpegBin: settings.FFMPEG_BIN, now });
  };
  const feeds: Feeds = owned.use(
    new Feeds({
      pool,
      poller,
      homes,
      open: findByHome({
        homes,
        relays,
        masks,
        openHere: openCovered(
          openByKind({ edge: (feed, worker) => edge.open(feed, worker), rtsp: pulls.open }),
          cover,
        ),
      }),
      cover,
      masks,
      lingerMs: settings.SFU_LINGER_MS,
      now,
      log,
      news: {
        report: (report) => outbox.report({ ...report, nodeId }),
        available: (feedId) => control.emit('feed:available', { nodeId, feedId }),
      },
    }),
  );
  owned.use(new HomeWatch({ feeds, homes, now, log }));
  owned.use(new Hearing({ feeds, homes, now, log }));
  const meshServer = owned.use(
    new MeshServer({
      nodeId,
      keys,
      homes,
      onRefused: (error, message) => control.noteRefusal(message, error),
      feeds,
      masks,
      pool,
      listen: meshListen,
      now,
      log,
    }),
  );
  const viewers = owned.use(
    new Viewers({
      nodeId,
      feeds,
      masks,
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
  const players = new Players({ viewers, feeds, mesh });
  const { recorders, clips } = openEvidence(owned, { settings, feeds, pool, log, now });
  const pictures = await startLooking(owned, { settings, nodeId, feeds, masks, redis, log, now });
  const figures = () =>
    readFigures({
      ...{ pool, load, viewers, players, feeds, mesh, relays, meshServer, homes, outbox, lease },
      ...{ recorders, clips },
      keyframes: pictures && { ...pictures.counts },
    });
  await pool.start();
  await control.listen({ host: settings.SFU_CONTROL_HOST, port: settings.SFU_CONTROL_PORT });
  owned.use(
    new Isolation({
      isLinked: () => control.servers > 0,
      hasLapsed: () => lease.lapsed,
      onAlone: () => feeds.publications.endAll(),
      now,
    }),
  );
  owned.use(lease).start();

  const resources = owned.move();
  return {
    nodeId,
    controlUrl,
    workerPids: () => pool.ready.map(({ pid }) => pid),
    figures,
    drain: (options) =>
      drainNode(options, {
        hasOtherNode: () => homes.hasOtherNode(),
        letOthersTake: async () => {
          draining = true;
          feeds.drain();
          await lease.announce();
        },
        left: () => ({
          viewers: viewers.size,
          relays: meshServer.relays,
          publications: feeds.publications.size,
        }),
        log,
      }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };

  /** A node that others take for gone must not gather viewers and publishers that nobody would find. */
  function assertAcceptsNew(): void {
    if (lease.lapsed)
      throw new VartaError('store_unavailable', 'This node is cut off and takes on nothing new');
    if (draining) throw new VartaError('shutting_down', 'This node is to be left');
  }

  function describe(): NodeRecord {
    return {
      nodeId,
      controlUrl,
      mesh: { url: controlUrl, address: meshListen.announcedAddress ?? meshListen.ip },
      regionId: settings.SFU_REGION ?? null,
      workers: pool.size,
      load: load.load,
      viewers: viewers.size,
      feeds: feeds.size,
      draining,
      deaf: homes.saysDeaf,
      gone: false,
      startedAt,
      at: new Date(now()).toISOString(),
    };
  }
}

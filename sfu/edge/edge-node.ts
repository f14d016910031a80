import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { FeedId } from '#contract/ids.ts';
import { LAYERS } from '#contract/nation.ts';
import type { EdgeSettings } from '../../config/settings/edge.ts';
import { PacketPoller } from '../ingest/packet-poller.ts';
import type { CameraList } from '../ingest/rtsp/camera-list.ts';
import { CameraPulls } from '../ingest/rtsp/camera-pulls.ts';
import { WorkerPool } from '../workers/worker-pool.ts';
import type { Camera } from './camera.ts';
import { readFacilityKey } from './facility-key.ts';
import { FeedUplinks } from './feed-uplinks.ts';
import { RtpCamera } from './rtp-camera.ts';
import type { RtpList } from './rtp-list.ts';
import { RtspCamera } from './rtsp-camera.ts';
import { ServerLink } from './server-link.ts';
import type { UplinkFigures } from './uplink.ts';

/** How often it is seen to that workers live and demands stand; milliseconds. */
const TICK_MS = 1_000;

export interface EdgeNode extends AsyncDisposable {
  readonly feedIds: readonly FeedId[];
  readonly connected: boolean;
  workerPids(): number[];
  /** What goes over the uplink, by feed; only feeds that are wanted. */
  figures(): Promise<ReadonlyMap<FeedId, UplinkFigures>>;
}

/** Starts an edge: workers, the cameras' ports, the connection to the servers. */
export async function startEdgeNode(
  settings: Readonly<EdgeSettings>,
  { log, now, rtp, rtsp }: { log: Logger; now: () => number; rtp: RtpList; rtsp: CameraList },
): Promise<EdgeNode> {
  await using owned = new AsyncDisposableStack();
  const pool: WorkerPool = owned.use(
    new WorkerPool({
      workers: settings.SFU_WORKERS ?? availableParallelism(),
      firstPort: 0,
      worker: {
        workerBin: settings.MEDIASOUP_WORKER_BIN,
        listen: undefined,
        portRange: { min: settings.EDGE_UPLINK_PORT_MIN, max: settings.EDGE_UPLINK_PORT_MAX },
      },
      log,
      now,
      onDied: (worker) => {
        for (const camera of rtpCameras) camera.handleWorkerDied(worker);
      },
    }),
  );
  const poller = owned.use(new PacketPoller());
  const rtpCameras = Array.from(rtp, ([feedId, streams]) =>
    owned.use(new RtpCamera({ feedId, streams, pool, ip: settings.EDGE_CAMERA_ADDRESS, poller, now, log })),
  );
  const pulls = owned.use(new CameraPulls(rtsp, { now, log }));
  const cameras: Camera[] = [...rtpCameras];
  for (const [feedId, { streams }] of rtsp) {
    const layers = LAYERS.filter((layer) => streams[layer]);
    // One that sends by itself need not be pulled.
    if (!rtp.has(feedId)) cameras.push(new RtspCamera({ feedId, layers, pool, openPull: pulls.open }));
  }
  const uplinks: FeedUplinks = owned.use(
    new FeedUplinks({
      cameras,
      ip: settings.EDGE_UPLINK_ADDRESS,
      maxBps: settings.EDGE_UPLINK_MAX_BPS,
      say: (sending) => link.say(sending),
      now,
      log,
    }),
  );
  await pool.start();
  for (const camera of rtpCameras) void camera.start();
  const link: ServerLink = owned.use(
    new ServerLink({
      serverUrl: settings.EDGE_SERVER_URL,
      facilityId: settings.EDGE_FACILITY_ID,
      feedIds: uplinks.feedIds,
      readKey: () => readFacilityKey(settings),
      onConnected: () => uplinks.handleConnected(),
      onDisconnected: () => uplinks.handleDisconnected(),
      onDemand: (demand) => uplinks.handleDemand(demand),
      onRelease: (feedId) => uplinks.handleRelease(feedId),
      log,
    }),
  );
  const timer = setInterval(() => uplinks.handleTime(), TICK_MS);
  owned.defer(() => clearInterval(timer));

  const resources = owned.move();
  return {
    feedIds: uplinks.feedIds,
    get connected() {
      return link.connected;
    },
    workerPids: () => pool.ready.map(({ pid }) => pid),
    figures: () => uplinks.figures(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

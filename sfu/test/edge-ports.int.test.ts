import { createSocket } from 'node:dgram';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { openEdgePort } from '../ingest/edge/edge-port.ts';
import { RestingPorts } from '../ingest/edge/resting-ports.ts';
import { WorkerPool } from '../workers/worker-pool.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { findFreePorts } from './fixtures/ports.ts';
import { startTestNode } from './fixtures/test-node.ts';
import { encodeTestVideo } from './fixtures/video.ts';

let owned = new AsyncDisposableStack();
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

const PORTS = 5;
const LISTEN = { ip: '127.0.0.1' };

async function startWorker() {
  const min = await findFreePorts(PORTS);
  const pool = owned.use(
    new WorkerPool({
      workers: 1,
      firstPort: 0,
      worker: {
        workerBin: process.env.MEDIASOUP_WORKER_BIN,
        listen: undefined,
        portRange: { min, max: min + PORTS - 1 },
      },
      log: pino({ level: 'silent' }),
      now: Date.now,
      onDied: () => undefined,
    }),
  );
  await pool.start();
  return pool.leastLoaded();
}

it('a port to which somebody may still be sending is given to nobody else while another is free', async () => {
  const worker = await startWorker();
  const resting = new RestingPorts(() => 0);
  const used = new Set<number>();
  for (let opened = 0; opened < PORTS; opened += 1) {
    const transport = await openEdgePort(worker, { listen: LISTEN, resting }, 'rtp');
    used.add(transport.tuple.localPort);
    transport.close();
  }
  expect(used.size).toBe(PORTS);
  // All of them rest: one of them is better than none.
  const last = await openEdgePort(worker, { listen: LISTEN, resting }, 'rtp');
  expect(used.has(last.tuple.localPort)).toBe(true);
  const others = Array.from({ length: PORTS - 1 }, () =>
    openEdgePort(worker, { listen: LISTEN, resting }, 'rtp'),
  );
  await Promise.all(others);
  await expect(openEdgePort(worker, { listen: LISTEN, resting }, 'rtp')).rejects.toMatchObject({
    code: 'limit_reached',
  });
});

it('a feed whose port somebody else has taken is asked for on another before it counts as lost', async () => {
  const node = owned.use(await startTestNode());
  const camera = owned.use(new Camera(await encodeTestVideo()));
  camera.cut = true;
  await connectCameras(node.redis, { 'cell-1': camera });
  const viewer = await HeadlessViewer.join(node, 'viewer-one');
  await viewer.watch(['cell-1']);
  const taken = await eventually('the demand', () => camera.demand?.target);

  const stranger = createSocket('udp4');
  owned.defer(() => void stranger.close());
  const packet = Buffer.from('80e00001000000000000002a00', 'hex');
  // What is in the port's queue first is heard first.
  await new Promise((resolve) => stranger.send(packet, taken.port, taken.ip, resolve));
  camera.cut = false;

  const closed = ({ consumers }: { consumers: { code: string }[] }) => consumers[0]?.code === 'feed_not_live';
  await node.control.heard('viewer:consumers-closed', closed);
  await node.control.heard('feed:available');
  await viewer.watch(['cell-1']);
  await node.reaches('cell-1', 'live');
  expect(camera.demand?.target.port).not.toBe(taken.port);
  expect((await node.reports('cell-1')).map(({ state }) => state)).not.toContain('lost');
});

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { observer } from 'mediasoup';
import type { Transport } from 'mediasoup/types';
import { z } from 'zod';
import type { Figure } from '../../bench/report.ts';
import { Camera, connectCameras } from '../test/fixtures/camera.ts';
import { eventually } from '../test/fixtures/eventually.ts';
import { HeadlessViewer } from '../test/fixtures/headless-viewer.ts';
import { startTestNode } from '../test/fixtures/test-node.ts';
import { encodeTestVideo } from '../test/fixtures/video.ts';

const FEED = 'cell-1';
const UNWATCHED_MS = 20_000;
const WATCHED_MS = 2_000;

/**
 * Media bytes of an on-demand feed while nobody watches it: before anybody has, and again after its last viewer. Counted
 * at the camera and at every media port of the node; beside that, no port may wait for a camera, and none be asked.
 */
export async function measureUnwatched(): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const ports = owned.use(meterTransports());
  const node = owned.use(await startTestNode({ SFU_STILLS_EVERY_MS: '10000' }));
  const camera = owned.use(new Camera(await encodeTestVideo()));
  await connectCameras(node.redis, { [FEED]: camera });
  const during = async (ms: number) => {
    const before = { packets: camera.totalPackets, bytes: await ports.receivedBytes() };
    await delay(ms);
    return {
      packets: camera.totalPackets - before.packets,
      bytes: (await ports.receivedBytes()) - before.bytes,
    };
  };

  const never = await during(UNWATCHED_MS / 2);
  const viewer = await HeadlessViewer.join(node, 'viewer-bench');
  await viewer.watch([FEED]);
  await node.reaches(FEED, 'live');
  const watched = await during(WATCHED_MS);
  const port = camera.demand?.target.port ?? 0;
  if (watched.bytes === 0 || !isOpen(port)) throw new Error('a watched feed is not counted either');
  await viewer.leave();
  await node.reaches(FEED, 'idle');
  await eventually('the camera is released', () => camera.demand === undefined);
  const after = await during(UNWATCHED_MS / 2);
  if (never.packets + after.packets > 0 || camera.demand || isOpen(port))
    throw new Error('a camera sends, is asked for, or has a port that waits for it, and nobody watches');
  return [
    {
      id: 'unwatched-bytes',
      figure: never.bytes + after.bytes,
      note: `${UNWATCHED_MS / 1_000} s, half of them after a viewer, who had ${watched.bytes} B in ${WATCHED_MS / 1_000} s; no packet of the camera, no port open, no demand`,
    },
  ];
}

/** Whether any process of this machine has the UDP port open. */
function isOpen(port: number): boolean {
  const name = port.toString(16).toUpperCase().padStart(4, '0');
  return new RegExp(`^ *\\d+: [\\dA-F]+:${name} `, 'm').test(readFileSync('/proc/net/udp', 'utf8'));
}

/** What has come in at all media ports of nodes of this process; transports that have closed count no more. */
function meterTransports(): Disposable & { receivedBytes(): Promise<number> } {
  const transports = new Set<Transport>();
  const onWorker: Parameters<typeof observer.on<'newworker'>>[1] = (worker) => {
    worker.observer.on('newrouter', (router) => {
      router.observer.on('newtransport', (transport) => {
        transports.add(transport);
        transport.observer.once('close', () => transports.delete(transport));
      });
    });
  };
  observer.on('newworker', onWorker);
  return {
    receivedBytes: async () => {
      const stats = await Promise.all([...transports].map((transport) => transport.getStats()));
      return z
        .array(z.object({ bytesReceived: z.number() }))
        .parse(stats.flat())
        .reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
    },
    [Symbol.dispose]: () => void observer.off('newworker', onWorker),
  };
}

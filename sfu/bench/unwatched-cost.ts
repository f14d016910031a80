import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../../bench/report.ts';
import { ServerWay } from '../test/fixtures/edge.ts';
import { EdgeWorld } from '../test/fixtures/edge-world.ts';
import { eventually } from '../test/fixtures/eventually.ts';
import { HeadlessViewer } from '../test/fixtures/headless-viewer.ts';
import { meterStock } from '../test/fixtures/stock.ts';
import { startTestNode, type TestNode } from '../test/fixtures/test-node.ts';
import { encodeTestVideo } from '../test/fixtures/video.ts';

const FEEDS = 2_000;
const AT_ONCE = 100;
const IDLE_MS = 60_000;

/** What an on-demand feed costs while nobody watches it: memory that it leaves behind, and talk of its facility. */
export async function measureUnwatchedCost(): Promise<Figure[]> {
  return [await measureMemory(), await measureTalk()];
}

/** Bytes that each of many feeds leaves in node, workers and Redis when it was watched once and nobody watches it now. */
async function measureMemory(): Promise<Figure> {
  await using owned = new AsyncDisposableStack();
  const stock = owned.use(meterStock());
  const node = owned.use(await startTestNode({ SFU_LINGER_MS: '0', SFU_STILLS_EVERY_MS: '0' }));
  const take = async () => {
    const { memory } = await stock.take();
    const redis = /used_memory:(\d+)/.exec(await node.client.info('memory'))?.[1];
    return { heap: memory.heap * 2 ** 20, workers: memory.workers * 2 ** 20, redis: Number(redis) };
  };
  await watchOnce(node, 'warm', FEEDS);
  const before = await take();
  await watchOnce(node, 'then', FEEDS);
  const after = await take();
  const left = {
    heap: Math.round((after.heap - before.heap) / FEEDS),
    workers: Math.round((after.workers - before.workers) / FEEDS),
    redis: Math.round((after.redis - before.redis) / FEEDS),
  };
  return {
    id: 'unwatched-memory',
    figure: Math.max(0, left.heap) + Math.max(0, left.workers) + Math.max(0, left.redis),
    note: `each of ${FEEDS} feeds that were watched once and are not any more: ${left.heap} B of the node's heap, ${left.workers} B of its worker, ${left.redis} B of Redis`,
  };
}

async function watchOnce(node: TestNode, run: string, feeds: number): Promise<void> {
  for (let done = 0; done < feeds; done += AT_ONCE) {
    const viewer = await HeadlessViewer.join(node, `viewer-${run}-${done}`);
    await viewer.watch(Array.from({ length: AT_ONCE }, (_, index) => `${run}-${done + index}`));
    await viewer.leave();
    await eventually('all are let go', () => node.node.figures().feeds === 0);
  }
}

/** Bytes a minute on the connection of an edge to its server while nobody watches any of its feeds, both ways. */
async function measureTalk(): Promise<Figure> {
  await using owned = new AsyncDisposableStack();
  const world = await EdgeWorld.create({ owned, video: await encodeTestVideo() });
  const { way } = world;
  if (!(way instanceof ServerWay)) throw new Error('there is another way in between');
  await world.startNode('sfu-home');
  await world.startEdge();
  const before = way.bytes;
  await delay(IDLE_MS);
  const bytes = way.bytes - before;
  return {
    id: 'unwatched-control',
    figure: Math.round((bytes * 60_000) / IDLE_MS),
    note: `an edge of 2 feeds to its server, after ${before} B to connect; the same for any number of feeds`,
  };
}

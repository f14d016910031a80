import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Layer } from '#contract/nation.ts';
import type { Figure } from '../../bench/report.ts';
import { Camera, connectCameras } from '../test/fixtures/camera.ts';
import { eventually } from '../test/fixtures/eventually.ts';
import { startTestNode, type TestNode } from '../test/fixtures/test-node.ts';
import { encodeTestVideo } from '../test/fixtures/video.ts';

const FEEDS = 4;
const PHASE_MS = 15_000;
const SETTLE_MS = 4_000;
const REGION = { x: 0.7, y: 0.3, width: 0.28, height: 0.6 };
/** Clock ticks of /proc in a second (USER_HZ). */
const TICK_MS = 10;

interface Cost {
  /** Of a core, for each feed: node, worker and ffmpeg. */
  percent: number;
  /** Resident memory of one ffmpeg, in MB. */
  ffmpegMb: number;
}

/** What it costs to cover a part of a watched feed, in each layer: a node that does against one that forwards the same. */
export async function measureMasksCost(): Promise<Figure[]> {
  const costs: Partial<Record<Layer, Cost>> = {};
  for (const layer of ['low', 'high'] as const) {
    const plain = await measure(layer, false);
    const masked = await measure(layer, true);
    costs[layer] = { percent: masked.percent - plain.percent, ffmpegMb: masked.ffmpegMb };
  }
  const say = ({ percent, ffmpegMb }: Cost) => `${percent.toFixed(2)} %, ffmpeg ${ffmpegMb.toFixed(0)} MB`;
  const note = Object.entries(costs)
    .map(([layer, cost]) => `${layer}: ${say(cost)}`)
    .join('; ');
  console.log(`  masks, of a core for each watched feed: ${note}`);
  return [{ id: 'mask-cpu-high', figure: Math.round(10 * (costs.high?.percent ?? 0)) / 10, note }];
}

async function measure(layer: Layer, isMasked: boolean): Promise<Cost> {
  await using owned = new AsyncDisposableStack();
  const node = owned.use(await startTestNode({ SFU_STILLS_EVERY_MS: '0' }));
  const video = await encodeTestVideo();
  const feeds = Array.from({ length: FEEDS }, (_, index) => ({
    id: `bench-feed-${index}`,
    ...(isMasked ? { mask: { regions: [REGION], version: 1 } } : {}),
  }));
  await connectCameras(
    node.redis,
    Object.fromEntries(feeds.map(({ id }) => [id, owned.use(new Camera(video))])),
  );
  const viewerId = 'viewer-bench';
  const grant = () => node.authority.view(viewerId, feeds, { exp: Math.floor(Date.now() / 1_000) + 55 });
  const joined = await node.control.ask('viewer:join', { grant: await grant() });
  if (joined.adopted) throw new Error('adopted out of nothing');
  const watched = await node.control.ask('viewer:watch', {
    grant: await grant(),
    rtpCapabilities: joined.routerRtpCapabilities,
    feeds: feeds.map(({ id }) => ({ feedId: id, layer })),
  });
  const consumerIds = watched.feeds.flatMap((one) => (one.ok ? [one.consumer.id] : []));
  await node.control.ask('viewer:resume', { viewerId, consumerIds });
  await eventually('all feeds are live', () => node.node.figures().states.live === FEEDS, {
    withinMs: 30_000,
  });
  await delay(SETTLE_MS);
  const before = cpuMs(node);
  await delay(PHASE_MS);
  const percent = (100 * (cpuMs(node) - before)) / PHASE_MS / FEEDS;
  const sizes = ffmpegsOf(process.pid).map(residentMb);
  return { percent, ffmpegMb: sizes.reduce((sum, mb) => sum + mb, 0) / Math.max(1, sizes.length) };
}

/** User and system time of this process, the media workers and the ffmpegs, in milliseconds. */
function cpuMs(node: TestNode): number {
  const pids = [process.pid, ...node.node.workerPids(), ...ffmpegsOf(process.pid)];
  return TICK_MS * pids.reduce((sum, pid) => sum + ticksOf(pid), 0);
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return (fields[11] ?? 0) + (fields[12] ?? 0);
}

/** The ffmpegs that this process has started and that run. */
function ffmpegsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return children.filter((child) => {
    try {
      return readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('ffmpeg');
    } catch {
      return false;
    }
  });
}

function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) / 1_024;
}

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Camera, connectCameras } from '../test/fixtures/camera.ts';
import { eventually } from '../test/fixtures/eventually.ts';
import { HeadlessViewer } from '../test/fixtures/headless-viewer.ts';
import { paintArea, toVideo, type Video } from '../test/fixtures/sample-video.ts';
import { startTestNode, type TestNode } from '../test/fixtures/test-node.ts';

const FEEDS = 64;
const VIDEOS = 8;
/** How long is measured: three stills of each feed. */
export const PHASE_MS = 30_000;
/** Before it is measured: the feeds are live, and the first stills of all of them are done. */
const SETTLE_MS = 8_000;
/** Clock ticks of /proc in a second (USER_HZ). */
const TICK_MS = 10;

export interface Cpu {
  /** Node and its worker, in milliseconds. */
  node: number;
  /** ffmpeg processes that have ended. */
  ffmpeg: number;
  decoded: number;
}

/** What the cameras of a measurement show. */
export async function paintVideos(): Promise<Video[]> {
  const videos: Video[] = [];
  for (let index = 0; index < VIDEOS; index++) videos.push(await toVideo(paintArea(index * 37)));
  return videos;
}

/** What 64 feeds that are watched cost a node with these settings, in one phase. */
export async function measureWatching(
  videos: readonly Video[],
  settings: Record<string, string>,
): Promise<Cpu> {
  await using owned = new AsyncDisposableStack();
  const node = owned.use(await startTestNode(settings));
  const feedIds = Array.from({ length: FEEDS }, (_, index) => `bench-feed-${index}`);
  const cameras = feedIds.map((id, index): [string, Camera] => {
    const video = videos[index % videos.length];
    if (!video) throw new Error('no video');
    return [id, owned.use(new Camera(video))];
  });
  await connectCameras(node.redis, Object.fromEntries(cameras));
  const viewer = await HeadlessViewer.join(node, 'viewer-bench');
  await viewer.watch(feedIds);
  await eventually('all feeds are live', () => node.node.figures().states.live === FEEDS, {
    withinMs: 30_000,
  });
  await delay(SETTLE_MS);
  await viewer.renew(feedIds);
  const before = readCpu(node);
  await delay(PHASE_MS);
  const after = readCpu(node);
  return {
    node: after.node - before.node,
    ffmpeg: after.ffmpeg - before.ffmpeg,
    decoded: after.decoded - before.decoded,
  };
}

function readCpu(node: TestNode): Cpu {
  const own = readTicks(process.pid);
  const workers = node.node.workerPids().map((pid) => readTicks(pid).own);
  return {
    node: TICK_MS * (own.own + workers.reduce((sum, ticks) => sum + ticks, 0)),
    ffmpeg: TICK_MS * own.children,
    decoded: node.node.figures().keyframes?.decoded ?? 0,
  };
}

/** User and system time of a process, and of its children that have ended and were waited for (proc(5)). */
function readTicks(pid: number): { own: number; children: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
  return { own: user + system, children: childrenUser + childrenSystem };
}

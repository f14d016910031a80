import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { ClipClient } from './fixtures/clip-client.ts';
import { eventually, passes } from './fixtures/eventually.ts';
import { followTransports, type OpenTransports, shower } from './fixtures/garbage.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { probeVideo } from './fixtures/probe-video.ts';
import { paintArea, toVideo, type Video } from './fixtures/sample-video.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { encodeNoise } from './fixtures/video.ts';

/** What the cameras show. */
const AREAS = { 'cell-a': 40, 'cell-b': 77 } as const;
const RING_S = 4;
/** What clips may take together, in MB: the least that can be set. */
const CLIPS_MB = 16;
/** More than any picture of the largest camera takes, its place in a file counted with it. */
const PICTURE_BYTES = 200_000;

const owned = new AsyncDisposableStack();
/** Threads of rings, oldest first. */
const threads: Worker[] = [];
const viewers: HeadlessViewer[] = [];
/** The node's time stands still here, if it is set; milliseconds since 1970. */
let stoppedAtMs: number | undefined;
let transports: OpenTransports;
let node: TestNode;

beforeAll(async () => {
  const noteThread = (thread: Worker) => {
    if (thread.threadName === 'rings') threads.push(thread);
  };
  process.on('worker', noteThread);
  owned.defer(() => void process.off('worker', noteThread));
  transports = owned.use(followTransports());
  const settings = { SFU_RING_S: String(RING_S), SFU_CLIPS_MB: String(CLIPS_MB) };
  node = owned.use(await startTestNode(settings, undefined, undefined, () => stoppedAtMs ?? Date.now()));
  const videos: Record<string, Video> = { noise: await encodeNoise() };
  for (const [id, area] of Object.entries(AREAS)) videos[id] = await toVideo(paintArea(area));
  await connectCameras(
    node.redis,
    Object.fromEntries(Object.entries(videos).map(([id, video]) => [id, owned.use(new Camera(video))])),
  );
});
afterAll(() => owned.disposeAsync());
afterEach(async () => {
  stoppedAtMs = undefined;
  for (const viewer of viewers.splice(0)) await viewer.leave();
  await eventually('nothing is kept', () => figures().rings === 0 && figures().ringBytes === 0);
});

const figures = () => node.node.figures();

/** Somebody has these on a screen, and they are kept. */
async function watch(viewerId: string, feedIds: readonly string[]): Promise<HeadlessViewer> {
  const viewer = await HeadlessViewer.join(node, viewerId);
  viewers.push(viewer);
  await viewer.watch(feedIds);
  await eventually('they are kept', () => figures().rings === feedIds.length && figures().ringBytes > 0);
  return viewer;
}

describe('when the thread of rings fails', () => {
  test('clips are refused for a moment, those that go on do so, and nobody who watches notices', async () => {
    await watch('viewer-thread', ['cell-a', 'cell-b']);
    const running = new ClipClient(node, 'cell-a');
    const { atMs } = await running.begin({ preMs: 0, postMs: 6_000 });
    const [thread] = threads;
    expect(threads).toHaveLength(1);
    stoppedAtMs = Date.now();
    await thread?.terminate();

    const refused = new ClipClient(node, 'cell-b').begin({ preMs: 2_000, postMs: 1_000 });
    await expect(refused).rejects.toMatchObject({ code: 'no_sfu' });
    await eventually('nothing is kept', () => figures().ringBytes === 0);
    stoppedAtMs = undefined;
    await eventually('it is kept again', () => threads.length === 2 && figures().ringBytes > 0);

    await passes(1_500);
    const later = new ClipClient(node, 'cell-b');
    const begun = await later.begin({ preMs: 2_000, postMs: 500 });
    expect(begun.heldFromMs).toBeGreaterThan(atMs);
    await passes(Math.max(800, atMs + 6_300 - Date.now()));
    for (const [clip, area] of [[later, AREAS['cell-b']] as const, [running, AREAS['cell-a']] as const]) {
      const finished = await clip.finish();
      expect(finished.end).toBe('complete');
      const video = await probeVideo(await clip.read(finished, finished.files.length - 1));
      expect(video).toMatchObject({ decoded: finished.files.at(-1)?.pictures, shows: [area, area] });
      await clip.drop();
    }
    expect(figures()).toMatchObject({ viewers: 1, consumers: 2, workersReady: 1, clips: 0 });
    for (const event of ['viewer:closed', 'viewer:consumers-closed'] as const)
      expect(node.control.news(event)).toEqual([]);
    for (const id of Object.keys(AREAS)) expect((await node.reports(id)).at(-1)?.state).toBe('live');
  });
});

test('garbage on the socket of rings, and on what sends to it, is in no clip', async () => {
  await watch('viewer-garbage', ['cell-a']);
  // What cameras of this facility send is not encrypted.
  const taps = transports.plain().filter(({ srtpParameters }) => srtpParameters !== undefined);
  const [ring] = new Set(taps.map(({ tuple }) => tuple.remotePort ?? 0));
  expect(taps).toHaveLength(1);
  const clip = new ClipClient(node, 'cell-a');
  await clip.begin({ preMs: 1_000, postMs: 3_000 });
  await shower(ring ?? 0, ...taps.map(({ tuple }) => tuple.localPort));
  await passes(3_300);
  const finished = await clip.finish();
  expect(finished).toMatchObject({ end: 'complete', gaps: [] });
  const video = await probeVideo(await clip.read(finished, finished.files.length - 1));
  expect(video).toMatchObject({ decoded: finished.files.at(-1)?.pictures, shows: [40, 40] });
  await clip.drop();
});

test('of a feed that a gate has closed nothing is kept, and what was kept before it is given to nobody', async () => {
  const viewer = await watch('viewer-gate', ['cell-a', 'cell-b']);
  await passes(2_000);
  await viewer.renew(['cell-b']);
  const gatedMs = Date.now();
  expect(figures().rings).toBe(1);
  // Somebody whose grant was signed before the gate: what comes now is all that they could have.
  const clip = new ClipClient(node, 'cell-a');
  const { heldFromMs } = await clip.begin({ preMs: RING_S * 1_000, postMs: 1_500, ifWatched: false });
  expect(heldFromMs).toBeNull();
  await passes(2_000);
  const finished = await clip.finish();
  expect(finished.files.length).toBeGreaterThan(0);
  for (const { fromMs } of finished.files) expect(fromMs).toBeGreaterThanOrEqual(gatedMs);
  await clip.drop();
});

test('clips of cameras that send much end when there is no room, and no other is begun until there is', async () => {
  await watch('viewer-noise', ['noise']);
  const clips = [new ClipClient(node, 'noise'), new ClipClient(node, 'noise')];
  for (const clip of clips) await clip.begin({ preMs: 1_000, postMs: 60_000 });
  const isNearlyFull = () => figures().clipBytes > (CLIPS_MB / 2) * 1_000_000;
  await eventually('they take most of the room', isNearlyFull, { withinMs: 20_000 });
  const another = new ClipClient(node, 'noise');
  await expect(another.begin({ preMs: 0, postMs: 1_000 })).rejects.toMatchObject({ code: 'limit_reached' });
  const isFull = () => figures().clipBytes > CLIPS_MB * 1_000_000 - PICTURE_BYTES;
  await eventually('they take all of it', isFull, { withinMs: 30_000 });
  await passes(1_500);
  expect(figures().clipBytes).toBeLessThanOrEqual(CLIPS_MB * 1_000_000);
  for (const clip of clips) {
    const finished = await clip.finish();
    expect(finished.end).toBe('full');
    const { decoded } = await probeVideo(await clip.read(finished, finished.files.length - 1));
    expect(decoded).toBe(finished.files.at(-1)?.pictures);
    await clip.drop();
  }
  expect(figures()).toMatchObject({ clips: 0, clipBytes: 0 });
  await another.begin({ preMs: 0, postMs: 0 });
  await another.drop();
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClipFinished, clipViewerId } from '#contract/clips.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { ClipClient } from './fixtures/clip-client.ts';
import { eventually, passes } from './fixtures/eventually.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { probeVideo } from './fixtures/probe-video.ts';
import { paintArea, toVideo, type Video } from './fixtures/sample-video.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';

/** What the cameras show. */
const AREAS = { 'cell-a': 40, 'cell-b': 77, 'cell-c': 114 } as const;
const RING_S = 4;

const owned = new AsyncDisposableStack();
let node: TestNode;
let other: TestNode;
let cameras: Record<string, Camera>;

beforeAll(async () => {
  node = owned.use(await startTestNode({ SFU_NODE_ID: 'sfu-home', SFU_RING_S: String(RING_S) }));
  other = owned.use(await startTestNode({ SFU_NODE_ID: 'sfu-other', SFU_RING_S: String(RING_S) }, node));
  const videos: Record<string, Video> = {};
  for (const [id, area] of Object.entries(AREAS)) videos[id] = await toVideo(paintArea(area));
  cameras = Object.fromEntries(
    Object.entries(videos).map(([id, video]) => [id, owned.use(new Camera(video))]),
  );
  await connectCameras(node.redis, cameras);
});
afterAll(() => owned.disposeAsync());

const ringOf = (on: TestNode) => on.node.figures().ringBytes;
const ringsOf = (on: TestNode) => on.node.figures().rings;

const videosOf = ({ files }: ClipFinished) => files.filter(({ kind }) => kind === 'video');

describe('a clip of a feed that is watched', () => {
  test('has what came before its moment and after it, whole, of the right area, and a still of the moment', async () => {
    const viewer = await HeadlessViewer.join(node, 'viewer-one');
    await viewer.watch(['cell-a', 'cell-b']);
    await node.reaches('cell-a', 'live');
    await eventually('both are kept', () => ringsOf(node) === 2 && ringOf(node) > 0);
    await passes(RING_S * 1_000 + 1_500);

    const clip = new ClipClient(node, 'cell-a');
    const { atMs, heldFromMs } = await clip.begin({ preMs: 3_000, postMs: 2_000 });
    expect(heldFromMs).toBeLessThanOrEqual(atMs - 3_000);
    await passes(2_300);
    const finished = await clip.finish();
    expect(finished).toMatchObject({ end: 'complete', gaps: [] });
    const [still, video] = finished.files;
    expect(still).toMatchObject({ kind: 'still', mediaType: 'image/jpeg', width: 320, height: 180 });
    expect(still?.toMs).toBeGreaterThan(atMs - 200);
    expect(still?.toMs).toBeLessThanOrEqual(atMs);
    expect(video?.fromMs).toBeLessThanOrEqual(atMs - 3_000);
    expect(video?.fromMs).toBeGreaterThan(atMs - 4_300);
    expect(video?.toMs).toBeGreaterThan(atMs + 1_700);
    expect(video?.toMs).toBeLessThanOrEqual(atMs + 2_000);

    const seen = await probeVideo(await clip.read(finished, 1));
    expect(seen).toMatchObject({ codec: 'h264', shows: [AREAS['cell-a'], AREAS['cell-a']] });
    expect(seen.frames).toBe(video?.pictures);
    expect(seen.decoded).toBe(seen.frames);
    expect(seen.durationS).toBeGreaterThan(4.6);
    expect(seen.durationS).toBeLessThan(6.5);
    const shown = await probeVideo(await clip.read(finished, 0));
    expect(shown).toMatchObject({ decoded: 1, shows: [AREAS['cell-a'], AREAS['cell-a']] });

    // The ring is bounded: what is older than it says is not there any more.
    const later = new ClipClient(node, 'cell-b');
    const begun = await later.begin({ preMs: 60_000, postMs: 0 });
    expect(begun.atMs - (begun.heldFromMs ?? 0)).toBeLessThan(RING_S * 1_000 + 2_300);
    await Promise.all([clip.drop(), later.drop()]);
    await viewer.leave();
  });

  test('is emptied in the moment in which nobody may see it any more; what another feed has stays', async () => {
    const viewer = await HeadlessViewer.join(node, 'viewer-gate');
    await viewer.watch(['cell-a', 'cell-b']);
    await eventually('both are kept', () => ringsOf(node) === 2);
    await passes(1_500);
    const held = ringOf(node);
    // The area becomes confidential: the next grant does not name it.
    await viewer.renew(['cell-b']);
    expect(ringsOf(node)).toBe(1);
    expect(ringOf(node)).toBeLessThan(held);
    await expect(new ClipClient(node, 'cell-a').begin({ preMs: 4_000, postMs: 0 })).rejects.toMatchObject({
      code: 'feed_not_live',
    });
    // It opens again: not a picture of before.
    const openedMs = Date.now();
    await viewer.renew(['cell-a', 'cell-b']);
    await viewer.watch(['cell-a', 'cell-b']);
    await eventually('both are kept again', () => ringsOf(node) === 2);
    await passes(1_500);
    const clip = new ClipClient(node, 'cell-a');
    expect((await clip.begin({ preMs: 4_000, postMs: 0 })).heldFromMs).toBeGreaterThan(openedMs);
    await clip.drop();
    await viewer.leave();
    await eventually('nothing is kept', () => ringsOf(node) === 0 && ringOf(node) === 0);
  });

  test('is cut where it is said, and outlives the ring that it began with', async () => {
    const viewer = await HeadlessViewer.join(node, 'viewer-cut');
    await viewer.watch(['cell-b']);
    await eventually('it is kept', () => ringOf(node) > 0);
    await passes(2_500);
    const clip = new ClipClient(node, 'cell-b');
    const { atMs } = await clip.begin({ preMs: 2_000, postMs: 10_000 });
    await passes(1_200);
    await viewer.renew([]);
    expect(ringOf(node)).toBe(0);
    const finished = await clip.finish(atMs + 500);
    expect(finished.end).toBe('ended');
    for (const { toMs } of finished.files) expect(toMs).toBeLessThan(atMs + 500);
    const [video] = videosOf(finished);
    const seen = await probeVideo(await clip.read(finished, 1));
    expect(seen).toMatchObject({ decoded: video?.pictures, shows: [AREAS['cell-b'], AREAS['cell-b']] });
    // A gate that is said to have come before: nothing is left, and nothing can be read.
    const nothing = await clip.finish(atMs - 60_000);
    expect(nothing.files).toEqual([]);
    await expect(clip.read({ ...finished }, 0)).rejects.toMatchObject({ code: 'unknown_resource' });
    await clip.drop();
    await viewer.leave();
  });

  test('ends with its grant, if nobody renews it', async () => {
    const viewer = await HeadlessViewer.join(node, 'viewer-grant');
    await viewer.watch(['cell-b']);
    await eventually('it is kept', () => ringOf(node) > 0);
    const clip = new ClipClient(node, 'cell-b');
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const { atMs } = await clip.begin({ preMs: 0, postMs: 20_000 }, { exp });
    await passes(3_500);
    const finished = await clip.finish();
    expect(finished.end).toBe('grant');
    for (const { toMs } of finished.files)
      expect(toMs).toBeLessThanOrEqual(Math.max(exp * 1_000, atMs + 200));
    await clip.drop();
    await viewer.leave();
  });
});

describe('a clip of a feed that nobody watches', () => {
  test('begins with its moment, and the camera stops with its end', async () => {
    await eventually('the camera is idle', () => cameras['cell-c']?.demand === undefined);
    const clip = new ClipClient(node, 'cell-c');
    await expect(clip.begin({ preMs: 2_000, postMs: 2_000 })).rejects.toMatchObject({
      code: 'feed_not_live',
    });
    const { heldFromMs } = await clip.begin({ preMs: 2_000, postMs: 3_000, ifWatched: false });
    expect(heldFromMs).toBeNull();
    await passes(3_300);
    const finished = await clip.finish();
    const [video] = videosOf(finished);
    expect(video?.pictures).toBeGreaterThan(20);
    const seen = await probeVideo(await clip.read(finished, finished.files.length - 1));
    expect(seen.shows).toEqual([AREAS['cell-c'], AREAS['cell-c']]);
    await clip.drop();
    // No still was taken of it for anybody’s wall: nobody had it on a screen.
    expect(ringsOf(node)).toBe(0);
    await eventually('the camera stops', () => cameras['cell-c']?.demand === undefined);
  });
});

describe('a clip of a feed that enters another node', () => {
  test('is taken where the feed is watched, with what came before', async () => {
    const first = await HeadlessViewer.join(node, 'viewer-home');
    await first.watch(['cell-b']);
    await node.reaches('cell-b', 'live');
    const viewer = await HeadlessViewer.join(other, 'viewer-away');
    await viewer.watch(['cell-b']);
    await eventually('it is kept there', () => ringOf(other) > 0);
    await passes(2_500);
    const clip = new ClipClient(other, 'cell-b');
    const { atMs, heldFromMs } = await clip.begin({ preMs: 2_000, postMs: 1_000 });
    expect(heldFromMs).toBeLessThan(atMs - 900);
    await passes(1_300);
    const finished = await clip.finish();
    const seen = await probeVideo(await clip.read(finished, finished.files.length - 1));
    expect(seen.shows).toEqual([AREAS['cell-b'], AREAS['cell-b']]);
    await clip.drop();
    await first.leave();
    await viewer.leave();
  });

  test('and from a node where nobody watches it, that node asks the home', async () => {
    const first = await HeadlessViewer.join(node, 'viewer-home-2');
    await first.watch(['cell-c']);
    await node.reaches('cell-c', 'live');
    const clip = new ClipClient(other, 'cell-c');
    await clip.begin({ preMs: 0, postMs: 2_500, ifWatched: false });
    expect(other.node.figures().relaysIn).toBeGreaterThan(0);
    await passes(2_800);
    const finished = await clip.finish();
    const seen = await probeVideo(await clip.read(finished, finished.files.length - 1));
    expect(seen.shows).toEqual([AREAS['cell-c'], AREAS['cell-c']]);
    await clip.drop();
    await first.leave();
  });
});

test('a grant for somebody else’s clip, for two feeds or for another feed opens nothing', async () => {
  const clipId = randomUUID();
  const times = { preMs: 0, postMs: 1_000, ifWatched: false };
  const begin = async (grant: string) => node.control.ask('clip:begin', { grant, clipId, ...times });
  await expect(begin(await node.authority.view('viewer-one', ['cell-a']))).rejects.toMatchObject({
    code: 'grant_not_covering',
  });
  const two = await node.authority.view(clipViewerId(clipId), ['cell-a', 'cell-b']);
  await expect(begin(two)).rejects.toMatchObject({ code: 'grant_not_covering' });
  await begin(await node.authority.view(clipViewerId(clipId), ['cell-a']));
  const grant = await node.authority.view(clipViewerId(clipId), ['cell-b']);
  await expect(node.control.ask('clip:finish', { grant, clipId, untilMs: null })).rejects.toMatchObject({
    code: 'grant_not_covering',
  });
  await expect(node.control.ask('clip:read', { clipId, file: 0, offset: 0 })).rejects.toMatchObject({
    code: 'unknown_resource',
  });
  await node.control.ask('clip:drop', { clipId });
});

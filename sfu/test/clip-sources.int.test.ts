import { afterEach, expect, test } from 'vitest';
import type { ClipFinished } from '#contract/clips.ts';
import { testFeed, type Viewable } from './fixtures/authority.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { ClipClient } from './fixtures/clip-client.ts';
import { CELL, EdgeWorld, feed } from './fixtures/edge-world.ts';
import { eventually, passes } from './fixtures/eventually.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { probeVideo } from './fixtures/probe-video.ts';
import { fill, paintArea, toVideo } from './fixtures/sample-video.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser } from './fixtures/test-page.ts';

/** Which area the cameras show. */
const AREA = 40;
const RING = { SFU_RING_S: '4' };
/** What is covered, and what is looked at inside of it and beside it: parts of the picture. */
const COVERED = { x: 0.3, y: 0.25, width: 0.4, height: 0.5 };
const INSIDE = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };
const BESIDE = { x: 0.02, y: 0.35, width: 0.2, height: 0.3 };
/** Black, after an encoder has had it. */
const BLACK = 40;

let owned = new AsyncDisposableStack();
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

/** A clip with some seconds from before its moment, of a feed that somebody has watched for so long. */
async function clipOf(
  node: TestNode,
  viewed: Viewable,
  { fillMs = 3_000 } = {},
): Promise<{ finished: ClipFinished; clip: ClipClient }> {
  const viewer = await HeadlessViewer.join(node, 'viewer-one');
  const watch = () => viewer.watch([viewed]).catch(() => undefined);
  await eventually('it can be watched', watch, { withinMs: 30_000, everyMs: 200 });
  await eventually('it is kept', () => node.node.figures().ringBytes > 0, { withinMs: 20_000 });
  await passes(fillMs);
  const clip = new ClipClient(node, viewed);
  const { atMs, heldFromMs } = await clip.begin({ preMs: 2_000, postMs: 1_000 });
  expect(heldFromMs).toBeLessThan(atMs - 900);
  await passes(1_300);
  return { finished: await clip.finish(), clip };
}

test('a clip of VP8 is WebM, of every picture that came', async () => {
  const node = owned.use(await startTestNode(RING));
  const browser = owned.use(await launchTestBrowser());
  const info = testFeed('whip-vp8', { source: 'whip' });
  const { page } = await browser.open();
  const sdpOffer = await page.evaluate(() => window.publisher.offer({ codec: 'video/VP8' }));
  const grant = await node.authority.publish(info);
  const { sdpAnswer } = await node.control.ask('whip:publish', { grant, sdpOffer });
  await page.evaluate((sdp) => window.publisher.answer(sdp), sdpAnswer);
  await node.reaches(info.id, 'live', 20_000);

  const { finished, clip } = await clipOf(node, info);
  const [still, video] = finished.files;
  expect(finished.end).toBe('complete');
  expect(still).toMatchObject({ kind: 'still', mediaType: 'image/jpeg', width: video?.width });
  expect(video).toMatchObject({ kind: 'video', mediaType: 'video/webm' });
  const probed = await probeVideo(await clip.read(finished, 1));
  expect(probed).toMatchObject({ codec: 'vp8', width: video?.width, decoded: video?.pictures });
  expect(probed.durationS).toBeGreaterThan(2);
});

test('a clip of a feed that enters at an edge has what came before its moment, as at any other', async () => {
  const video = await toVideo(paintArea(AREA));
  const world = await EdgeWorld.create({ owned, video, cells: [CELL] });
  const node = await world.startNode('sfu-home', RING);
  const edge = await world.startEdge();
  const { finished, clip } = await clipOf(node, feed(CELL));
  expect(finished).toMatchObject({ end: 'complete', gaps: [] });
  const probed = await probeVideo(await clip.read(finished, finished.files.length - 1));
  expect(probed).toMatchObject({ decoded: finished.files.at(-1)?.pictures, shows: [AREA, AREA] });
  // The uplink has it once, and nothing any more when nobody watches and no clip is made.
  expect([...(await edge.figures()).keys()]).toEqual([CELL]);
  await clip.drop();
  await node.control.ask('viewer:leave', { viewerId: 'viewer-one' });
  await eventually('the uplink is closed', async () => (await edge.figures()).size === 0);
});

test('of a feed of which a part is covered, only what is covered is kept; also when that is said later', async () => {
  const node = owned.use(await startTestNode(RING));
  const bright = await toVideo(paintArea(AREA, fill(180, 4)));
  const camera = owned.use(new Camera(bright));
  await connectCameras(node.redis, { 'cell-1': camera });
  // Somebody has it whole, by a server that has not heard of the mask.
  const first = await HeadlessViewer.join(node, 'viewer-first');
  await first.watch(['cell-1']);
  await eventually('it is kept', () => node.node.figures().ringBytes > 0);
  await passes(1_500);
  const masked = { id: 'cell-1', mask: { regions: [COVERED], version: 1 } };
  const { finished, clip } = await clipOf(node, masked, { fillMs: 1_200 });
  for (const index of finished.files.keys()) {
    const { ends, width } = await probeVideo(await clip.read(finished, index));
    for (const grey of ends) {
      expect(Math.max(...part(grey, width, INSIDE))).toBeLessThan(BLACK);
      expect(Math.min(...part(grey, width, BESIDE))).toBeGreaterThan(2 * BLACK);
    }
  }
  expect(finished.files.map(({ kind }) => kind)).toContain('video');
});

/** The luma of a part of a grey picture. */
function part(grey: Buffer, width: number, { x, y, ...size }: typeof INSIDE): number[] {
  const height = grey.length / width;
  const rows = range(y * height, (y + size.height) * height);
  const columns = range(x * width, (x + size.width) * width);
  return rows.flatMap((row) => columns.map((column) => grey[row * width + column] ?? 0));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.floor(to - from) }, (_, index) => Math.floor(from) + index);
}

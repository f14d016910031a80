import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RESP_TYPES } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FeedFault, FeedHealth } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import { POSTER_MAX_BYTES } from '#contract/posters.ts';
import { POSTER_LIFE_S, SFU_KEYS } from '#contract/registry.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { areaShownIn, fill, paintArea, toVideo, type Video } from './fixtures/sample-video.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';

/** Ten times as often as usual, so that nobody waits for half a minute. */
const EVERY_MS = 1_000;
const AREAS = [3, 40, 77, 114, 151, 188, 225, 262, 299, 336, 373, 410, 447, 484, 521, 558];
const cellOf = (area: number) => `cell-${area}`;
const DAMAGED = 'cell-damaged';
const NAUGHTY = ['cell-black', 'cell-covered', 'cell-frozen', 'cell-settled'] as const;
const UNSEEN = 'cell-unseen';
const SECRET = 'cell-secret';
const HIDDEN = 'cell-hidden';

const owned = new AsyncDisposableStack();
let node: TestNode;
let good: Video;
let cameras: Record<string, Camera>;

beforeAll(async () => {
  node = owned.use(await startTestNode({ SFU_STILLS_EVERY_MS: String(EVERY_MS) }));
  const videos: Record<string, Video> = {};
  for (const area of AREAS) videos[cellOf(area)] = await toVideo(paintArea(area));
  good = await toVideo(paintArea(600));
  videos[DAMAGED] = damage(await toVideo(paintArea(601)));
  const black = await toVideo(paintArea(602, fill(16, 1)));
  videos['cell-black'] = black;
  videos['cell-covered'] = await toVideo(paintArea(603, fill(120, 3)));
  const [still] = paintArea(604);
  videos['cell-frozen'] = await toVideo(Array.from({ length: 120 }, () => still ?? Buffer.alloc(0)));
  cameras = Object.fromEntries(
    [...AREAS.map(cellOf), DAMAGED, ...NAUGHTY, UNSEEN, SECRET, HIDDEN].map((id) => [
      id,
      owned.use(new Camera(videos[id] ?? good)),
    ]),
  );
  await connectCameras(node.redis, cameras);
});
afterAll(() => owned.disposeAsync());

/** Slices whose bits make no sense; parameter sets and packets are as they should be. */
function damage({ low }: Video): Video {
  const pictures = low.map((picture) => ({
    ...picture,
    payloads: picture.payloads.map((payload) => {
      const type = (payload[0] ?? 0) & 0x1f;
      if (payload.length < 200 || (type !== 5 && type !== 28)) return payload;
      return Buffer.from(payload.map((byte, at) => (at > 60 && at % 3 === 0 ? byte ^ 0x5a : byte)));
    }),
  }));
  return { low: pictures, high: pictures };
}

async function posterOf(feedId: FeedId): Promise<{ jpeg: Buffer; at: number } | undefined> {
  const [jpeg, at] = await node.client
    .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    .hmGet(SFU_KEYS.poster(feedId), ['jpeg', 'at']);
  return jpeg && at ? { jpeg, at: Date.parse(at.toString()) } : undefined;
}

const posterFor = (feedId: FeedId, after = 0) =>
  eventually(
    `a still of ${feedId}`,
    async () => {
      const poster = await posterOf(feedId);
      return poster && poster.at > after && poster;
    },
    { withinMs: 20_000, everyMs: 50 },
  );

async function toGrey(jpeg: Buffer): Promise<Buffer> {
  const decoding = promisify(execFile)(
    process.env.FFMPEG_BIN ?? 'ffmpeg',
    ['-v', 'error', '-f', 'mjpeg', '-i', 'pipe:0', '-vf', 'extractplanes=y', '-f', 'rawvideo', '-'],
    { encoding: 'buffer', maxBuffer: 10_000_000 },
  );
  decoding.child.stdin?.end(jpeg);
  return (await decoding).stdout;
}

const faultsOf = async (feedId: FeedId) => (await node.reports(feedId)).at(-1)?.faults ?? [];
const reachesFaults = (feedId: FeedId, faults: FeedFault[]) =>
  eventually(
    `${feedId} has ${faults.join() || 'no fault'}`,
    async () => (await faultsOf(feedId)).join() === faults.join(),
    { withinMs: 30_000, everyMs: 50 },
  );
const keyframes = () => node.node.figures().keyframes ?? {};

describe('stills', () => {
  test('each feed’s shows its own area, with a damaged one among them, and of that one there is none', async () => {
    const wall = await HeadlessViewer.join(node, 'viewer-wall');
    const feedIds = AREAS.map(cellOf);
    await wall.watch([...feedIds.slice(0, 8), DAMAGED, ...feedIds.slice(8)]);
    let newest = 0;
    for (const round of ['first', 'second']) {
      const posters = await Promise.all(AREAS.map((area) => posterFor(cellOf(area), newest)));
      for (const [index, { jpeg, at }] of posters.entries()) {
        expect(areaShownIn(await toGrey(jpeg)), `${round} ${AREAS[index]}`).toBe(AREAS[index]);
        expect(jpeg.length).toBeLessThan(12_000);
        expect(jpeg.length).toBeLessThan(POSTER_MAX_BYTES);
        expect(Date.now() - at).toBeLessThan(20_000);
        newest = Math.max(newest, at);
      }
    }
    expect(keyframes().undecodable).toBeGreaterThan(0);
    expect(await posterOf(DAMAGED)).toBeUndefined();
    const ttl = await node.client.ttl(SFU_KEYS.poster(cellOf(3)));
    expect(ttl).toBeGreaterThan(POSTER_LIFE_S - 60);
    await wall.leave();
  });

  test('are taken of nothing that nobody has on a screen', async () => {
    const viewer = await HeadlessViewer.join(node, 'viewer-hidden');
    const control = await HeadlessViewer.join(node, 'viewer-control');
    await viewer.prepare([HIDDEN]);
    await control.watch([cellOf(3)]);
    await posterFor(cellOf(3), Date.now() + EVERY_MS);
    expect(cameras[HIDDEN]?.totalPackets).toBeGreaterThan(0);
    expect(await posterOf(HIDDEN)).toBeUndefined();
    expect(await posterOf(UNSEEN)).toBeUndefined();
    expect(cameras[UNSEEN]?.totalPackets).toBe(0);

    await control.leave();
    await node.reaches(cellOf(3), 'idle');
    const { taken } = keyframes();
    const requests = cameras[cellOf(3)]?.counts.keyframeRequests;
    await viewer.leave();
    await node.reaches(HIDDEN, 'idle');
    expect(keyframes().taken).toBe(taken);
    expect(cameras[cellOf(3)]?.counts.keyframeRequests).toBe(requests);
  });

  test('that were just taken are thrown away when the right to see them ends', async () => {
    const viewer = await HeadlessViewer.join(node, 'viewer-secret');
    const before = keyframes().taken ?? 0;
    await viewer.watch([SECRET, cellOf(40)]);
    await eventually('both are taken', () => (keyframes().taken ?? 0) >= before + 2, { everyMs: 5 });
    // The area becomes confidential: the next grant does not name it.
    await viewer.renew([cellOf(40)]);
    await posterFor(cellOf(40), Date.now() + EVERY_MS);
    expect(await posterOf(SECRET)).toBeUndefined();
    await viewer.leave();
  });
});

describe('faults', () => {
  test('of black, covered and frozen pictures are told, and go by themselves when the picture is good again', async () => {
    const viewer = await HeadlessViewer.join(node, 'viewer-faults');
    const all = [...NAUGHTY, cellOf(77)];
    await viewer.watch(all);
    await Promise.all([
      reachesFaults('cell-black', ['black']),
      reachesFaults('cell-covered', ['covered']),
      reachesFaults('cell-frozen', ['frozen']),
    ]);
    expect(await faultsOf('cell-settled')).toEqual([]);
    expect(await faultsOf(cellOf(77))).toEqual([]);
    expect(node.node.figures().faults).toEqual({ black: 1, covered: 1, frozen: 1 });

    for (const id of NAUGHTY) cameras[id]?.show(good);
    await viewer.renew(all);
    await Promise.all(NAUGHTY.map((id) => reachesFaults(id, [])));
    for (const id of all) expect((await node.reports(id)).at(-1)?.state).toBe('live');
    await viewer.leave();
  });
});

describe('figures', () => {
  test('are written for feeds that flow, by layer, and go with them', async () => {
    const viewer = await HeadlessViewer.join(node, 'viewer-figures');
    await viewer.watch([cellOf(114)]);
    const read = async () => {
      const json = await node.client.hGet(SFU_KEYS.health('sfu-test'), cellOf(114));
      return json === null ? undefined : FeedHealth.parse(JSON.parse(json));
    };
    const health = await eventually(
      'whole figures',
      async () => {
        const found = await read();
        const [low] = found?.layers ?? [];
        return low && low.fps !== null && low.keyframeIntervalMs !== null ? found : undefined;
      },
      { withinMs: 20_000 },
    );
    expect(health.layers).toHaveLength(1);
    const [low] = health.layers;
    expect(low).toMatchObject({ layer: 'low', fps: 15, loss: 0 });
    expect(low?.bitrateBps).toBeGreaterThan(50_000);
    expect(low?.bitrateBps).toBeLessThan(2_000_000);
    expect(low?.keyframeIntervalMs).toBeLessThanOrEqual(1_100);
    expect(Date.now() - Date.parse(health.lastKeyframeAt ?? '')).toBeLessThan(10_000);
    expect(Date.now() - Date.parse(health.lastFrameAt ?? '')).toBeLessThan(10_000);
    expect(await node.client.pTTL(SFU_KEYS.health('sfu-test'))).toBeGreaterThan(0);
    const metrics = await (await fetch(`${node.node.controlUrl}/metrics`)).text();
    expect(metrics).toMatch(/varta_sfu_feed_states\{state="live"\} [1-9]/);
    expect(metrics).toMatch(/varta_sfu_feed_faults\{fault="black"\} 0/);
    expect(metrics).toMatch(/varta_sfu_still_keyframes\{result="decoded"\} [1-9]/);
    expect(metrics).not.toContain('cell-');

    const camera = cameras[cellOf(114)];
    if (!camera) throw new Error('no camera');
    const cutAt = Date.now();
    camera.cut = true;
    const silent = await eventually(
      'it is known when its last picture came',
      async () => {
        const found = await read();
        return found?.layers.length === 0 ? found : undefined;
      },
      { withinMs: 20_000 },
    );
    expect(Math.abs(Date.parse(silent.lastFrameAt ?? '') - cutAt)).toBeLessThan(2_000);
    camera.cut = false;
    await node.reaches(cellOf(114), 'live');

    await viewer.leave();
    await eventually('they are gone', async () => (await read()) === undefined, { withinMs: 20_000 });
  });
});

test('a node without ffmpeg takes no stills, and does everything else', async () => {
  await using bare = await startTestNode({
    SFU_NODE_ID: 'sfu-bare',
    FFMPEG_BIN: '/nonexistent/ffmpeg',
    SFU_STILLS_EVERY_MS: String(EVERY_MS),
  });
  using camera = new Camera(good);
  await connectCameras(bare.redis, { 'cell-bare': camera });
  const viewer = await HeadlessViewer.join(bare, 'viewer-bare');
  await viewer.watch(['cell-bare']);
  await bare.reaches('cell-bare', 'live');
  const metrics = await (await fetch(`${bare.node.controlUrl}/metrics`)).text();
  expect(metrics).toMatch(/varta_sfu_stills 0/);
  await eventually(
    'figures all the same',
    () => bare.client.hExists(SFU_KEYS.health('sfu-bare'), 'cell-bare').then(Boolean),
    {
      withinMs: 15_000,
    },
  );
});

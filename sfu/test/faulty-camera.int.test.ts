import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FeedHealth } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { testFeed, type Viewable } from './fixtures/authority.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { ClipClient } from './fixtures/clip-client.ts';
import { Distorter } from './fixtures/distortion.ts';
import { CELL, EdgeWorld, feed, OTHER_CELL, play } from './fixtures/edge-world.ts';
import { eventually, passes } from './fixtures/eventually.ts';
import { grantLife } from './fixtures/headless-viewer.ts';
import { type PlayerPage, playerPage } from './fixtures/player-page.ts';
import { probeVideo } from './fixtures/probe-video.ts';
import { paintArea, toVideo, type Video } from './fixtures/sample-video.ts';
import { SecuredCamera } from './fixtures/secured-camera.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';

/** What the garbage is made from; a run that fails names it. */
const SEED = Number(process.env.RTP_FUZZ_SEED ?? 20_261_123);
/** Packets that a faulty camera sends before it sends video only again. */
const PACKETS = 3_000;
/** Within this it plays then, to whoever watched it all the time. Milliseconds. */
const AGAIN_MS = 15_000;
/** What the cameras show: an area of the sample nation. */
const AREA = 40;
const NODE_ID = 'sfu-test';
const RING_S = 4;

/** A feed as grants name it, not by its id alone. */
type Granted = Exclude<Viewable, string>;

/** Two layers as plain RTP, one as plain RTP, one as SRTP, one that is covered in part, and one that has nothing to do with it. */
const FEEDS = {
  plain: { id: 'cell-plain' },
  single: { id: 'cell-single', layers: ['low'], maxLayer: 'low' },
  secured: { id: 'cell-secured', layers: ['low'], maxLayer: 'low' },
  covered: {
    id: 'cell-covered',
    mask: { regions: [{ x: 0.3, y: 0.25, width: 0.4, height: 0.5 }], version: 1 },
  },
  other: { id: 'cell-other' },
} satisfies Record<string, Granted>;

const owned = new AsyncDisposableStack();
/** Threads of rings that were started. */
const threads: Worker[] = [];
let node: TestNode;
let browser: TestBrowser;
let video: Video;
let cameras: Record<string, Camera>;
/** Who watches in the present test. */
let viewerIds: string[] = [];

beforeAll(async () => {
  const noteThread = (thread: Worker) => {
    if (thread.threadName === 'rings') threads.push(thread);
  };
  process.on('worker', noteThread);
  owned.defer(() => void process.off('worker', noteThread));
  const settings = { SFU_NODE_ID: NODE_ID, SFU_STILLS_EVERY_MS: '1000', SFU_RING_S: String(RING_S) };
  const [started, launched, painted] = await Promise.all([
    startTestNode(settings),
    launchTestBrowser(),
    toVideo(paintArea(AREA)),
  ]);
  node = owned.use(started);
  browser = owned.use(launched);
  video = painted;
  const secured = new SecuredCamera(video);
  secured.onSending = async (sending) => {
    const grant = await node.authority.publish(testFeed(sending.feedId, { layers: ['low'] }));
    // A refusal shows: nothing comes then.
    await node.control.send('edge:sending', { grant, sending });
  };
  cameras = { [FEEDS.secured.id]: secured };
  for (const { id } of Object.values(FEEDS)) cameras[id] = owned.use(cameras[id] ?? new Camera(video));
  await node.client.sAdd(SFU_KEYS.secured, FEEDS.secured.id);
  await connectCameras(node.redis, cameras);
});
afterAll(() => owned.disposeAsync());
afterEach(async () => {
  for (const viewerId of viewerIds) await node.control.ask('viewer:leave', { viewerId });
  viewerIds = [];
  await eventually('nobody has anything', () => node.node.figures().consumers === 0);
});

/** A page that sees all of these. */
async function watch(viewerId: string, ...feeds: Granted[]): Promise<TestViewer> {
  const viewer = await TestViewer.join(node, browser, viewerId);
  viewerIds.push(viewerId);
  const ids = feeds.map(({ id }) => id);
  await eventually('all can be watched', async () =>
    (await viewer.watch(feeds, 'low', grantLife())).every(({ ok }) => ok),
  );
  await viewer.resume(...ids);
  await viewer.seesAll(ids, 5, 20_000);
  return viewer;
}

function cameraOf(id: FeedId): Camera {
  const camera = cameras[id];
  if (!camera) throw new Error(`no camera ${id}`);
  return camera;
}

/** They send garbage, the first one thousands of packets of it, and then video only. */
async function beFaulty(...faulty: Camera[]): Promise<void> {
  const [distorter] = faulty.map((camera, index) => {
    const one = new Distorter({
      seed: SEED + index,
      ...(camera instanceof SecuredCamera ? { rtx: () => camera.rtx, jumps: false } : {}),
    });
    camera.distort = one.distort;
    return one;
  });
  await eventually('they have sent it', () => (distorter?.sent ?? 0) >= PACKETS, {
    withinMs: 40_000,
  });
  for (const camera of faulty) camera.distort = undefined;
}

/** What nobody may notice of it: runs `fault`, while somebody watches the other feed. */
async function besides(viewer: TestViewer, fault: () => Promise<void>): Promise<void> {
  const pids = node.node.workerPids();
  const said = (await node.reports(FEEDS.other.id)).length;
  await Promise.all([fault(), viewer.sees(FEEDS.other.id, 30, 20_000)]);
  await viewer.sees(FEEDS.other.id, 10);
  expect(node.node.workerPids()).toEqual(pids);
  const states = (await node.reports(FEEDS.other.id)).slice(said).map(({ state }) => state);
  expect(states.filter((state) => state !== 'live')).toEqual([]);
  expect(threads).toHaveLength(1);
}

/** Still and clip show the feed's picture, and no other. */
async function isKept(of: Granted, since: number): Promise<void> {
  await eventually(
    'a still of it',
    async () => {
      const at = await node.client.hGet(SFU_KEYS.poster(of.id), 'at');
      return at != null && Date.parse(at) > since;
    },
    { withinMs: 20_000 },
  );
  // What is kept from before is gone then.
  await passes(1_000 * (RING_S + 2));
  const clip = new ClipClient(node, of);
  await clip.begin({ preMs: 1_000, postMs: 1_000 });
  await passes(1_500);
  const finished = await clip.finish();
  expect(finished).toMatchObject({ end: 'complete', gaps: [] });
  const shown = await probeVideo(await clip.read(finished, finished.files.length - 1));
  expect(shown).toMatchObject({ decoded: finished.files.at(-1)?.pictures, shows: [AREA, AREA] });
  await clip.drop();
}

describe(`a camera that sends garbage beside its video (RTP_FUZZ_SEED=${SEED})`, () => {
  test.each([
    ['plain RTP', FEEDS.plain],
    ['SRTP', FEEDS.secured],
  ])('as %s is looked at and kept all the same, and plays again', async (_what, of) => {
    const viewer = await watch('viewer-garbage', of, FEEDS.other);
    const running = new ClipClient(node, of);
    await running.begin({ preMs: 0, postMs: 60_000 }, grantLife());
    await passes(2_000);
    await besides(viewer, () => beFaulty(cameraOf(of.id)));
    const cleanAt = Date.now();
    const health = await node.client.hGet(SFU_KEYS.health(NODE_ID), of.id);
    expect(FeedHealth.parse(JSON.parse(health ?? 'null'))).toMatchObject({ feedId: of.id });
    await viewer.sees(of.id, 30, AGAIN_MS);
    await viewer.renew([of, FEEDS.other], grantLife());
    await isKept(of, cleanAt);
    expect((await running.finish()).files.length).toBeGreaterThan(0);
    await running.drop();
  });

  test('whose picture is covered, or goes to a standard player, plays again', async () => {
    const viewer = await watch('viewer-covered', FEEDS.covered, FEEDS.other);
    const player = await startPlayer('player-garbage', FEEDS.plain.id);
    await besides(viewer, () => beFaulty(cameraOf(FEEDS.plain.id), cameraOf(FEEDS.covered.id)));
    // Where nothing can be drawn over nothing is shown, and a page asks again.
    const playsAgain = async () => {
      const [watched] = await viewer.watch([FEEDS.covered, FEEDS.other], 'low', grantLife());
      if (!watched?.ok) return false;
      await viewer.resume(FEEDS.covered.id);
      return viewer.sees(FEEDS.covered.id, 15, 3_000).then(
        () => true,
        () => false,
      );
    };
    await eventually('it plays again', playsAgain, { withinMs: 2 * AGAIN_MS, everyMs: 500 });
    const { frames } = await player.stats();
    await eventually('the player goes on', async () => (await player.stats()).frames > frames + 30, {
      withinMs: AGAIN_MS,
    });
  });

  test('to its edge takes nothing from the other cameras there, and plays again', async () => {
    await using opened = new AsyncDisposableStack();
    const world = await EdgeWorld.create({ owned: opened, video });
    const [home, edge] = [await world.startNode('sfu-home'), await world.startEdge()];
    const watching: TestViewer[] = [];
    for (const id of [CELL, OTHER_CELL]) {
      const viewer = await TestViewer.join(home, browser, `viewer-of-${id}`);
      await play(home, viewer, 'low', id);
      await viewer.renew([feed(id)], grantLife());
      watching.push(viewer);
    }
    const [faulty, other] = watching;
    const pids = [...home.node.workerPids(), ...edge.workerPids()];
    const camera = world.cameras.camera(CELL, 'low');
    await Promise.all([beFaulty(camera), other?.sees(OTHER_CELL, 30, 20_000)]);
    await other?.sees(OTHER_CELL, 10);
    await faulty?.sees(CELL, 30, AGAIN_MS);
    camera.renumber(-5_000);
    await faulty?.sees(CELL, 30, AGAIN_MS);
    expect([...home.node.workerPids(), ...edge.workerPids()]).toEqual(pids);
    expect((await home.reports(OTHER_CELL)).at(-1)?.state).toBe('live');
  });
});

// Restarted within a second, as equipment is that somebody plugs in again: under the SSRC that it was asked for.
test.each([-5_000, 20_000, 40_000])(
  'a camera whose sequence numbers go on %i further plays on',
  async (by) => {
    const viewer = await watch('viewer-jump', FEEDS.plain, FEEDS.single);
    await passes(1_000);
    for (const { id } of [FEEDS.plain, FEEDS.single]) cameraOf(id).renumber(by);
    const jumpedAt = Date.now();
    await passes(500);
    await viewer.seesAll([FEEDS.plain.id, FEEDS.single.id], 30, AGAIN_MS);
    await isKept(FEEDS.plain, jumpedAt);
  },
);

async function startPlayer(viewerId: string, feedId: FeedId): Promise<PlayerPage> {
  const { page } = await browser.open();
  const player = await playerPage(page);
  const { sdpAnswer } = await node.control.ask('whep:play', {
    grant: await node.authority.view(viewerId, [feedId], grantLife()),
    sdpOffer: await player.offer({ audio: false }),
  });
  viewerIds.push(viewerId);
  await player.answer(sdpAnswer);
  await eventually('the player plays', async () => (await player.stats()).frames > 5, { withinMs: 20_000 });
  return player;
}

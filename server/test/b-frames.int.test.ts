import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EdgeSettings } from '../../config/settings/edge.ts';
import { parseSettings } from '../../config/settings/parse.ts';
import { startEdgeNode } from '../../sfu/edge/edge-node.ts';
import { Camera, connectCameras } from '../../sfu/test/fixtures/camera.ts';
import { edgeEnvironment, startFacilityCameras } from '../../sfu/test/fixtures/edge.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { encodeBFrames, encodeTestVideo } from '../../sfu/test/fixtures/video.ts';
import { WatchingPage } from './fixtures/watching-page.ts';
import { startWholeSystem, type WholeSystem } from './fixtures/whole-system.ts';

const FACILITY = 'ua-68-itt-1';
/** A camera of each way in which one can be sent: by itself to an edge, and on demand to a node. */
const BY_EDGE = `${FACILITY}-cell-2`;
const BY_PLAIN_RTP = `${FACILITY}-reception`;
const RIGHT = `${FACILITY}-cell-3`;
const feedOf = (areaId: string) => `${areaId}-cam-1`;

const owned = new AsyncDisposableStack();
let system: WholeSystem;
let browser: TestBrowser;
let plain: Camera;
let right: Awaited<ReturnType<typeof encodeTestVideo>>;

beforeAll(async () => {
  const [bFrames, video] = await Promise.all([encodeBFrames(), encodeTestVideo()]);
  right = video;
  const cameras = owned.use(await startFacilityCameras([feedOf(BY_EDGE)], bFrames));
  plain = owned.use(new Camera(bFrames));
  [system, browser] = await Promise.all([
    // The cameras send one and the same keyframe again and again, which would rightly be told as frozen.
    startWholeSystem({}, { SFU_LINGER_MS: '500', SFU_STILLS_EVERY_MS: '0' }),
    launchTestBrowser(),
  ]);
  owned.use(system);
  owned.use(browser);
  await connectCameras(system.redis, {
    [feedOf(BY_PLAIN_RTP)]: plain,
    [feedOf(RIGHT)]: owned.use(new Camera(video)),
  });
  const key = await system.server.facilityKey(FACILITY);
  const settings = parseSettings(EdgeSettings, edgeEnvironment(system.server.origin, cameras, key));
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
  const sides = { log, now: Date.now, rtp: cameras.list, rtsp: new Map() };
  const edge = owned.use(await startEdgeNode(settings, sides));
  await eventually('the edge is connected', () => edge.connected, { withinMs: 20_000 });
});
afterAll(() => owned.disposeAsync());

/** Waits until an area's feed is live and has, or has not, the fault. */
function tells(page: WatchingPage, areaId: string, hasBFrames: boolean, withinMs = 15_000) {
  const isTold = async () => {
    const { state, faults = [] } = await page.feed(areaId, feedOf(areaId));
    return state === 'live' && faults.includes('b-frames') === hasBFrames;
  };
  return eventually(`${areaId} is live, B-frames told: ${hasBFrames}`, isTold, { withinMs });
}

test.each([
  ['sends to its edge by itself', BY_EDGE],
  ['is sent on demand as plain RTP', BY_PLAIN_RTP],
])('B-frames of a camera that %s are told at its area, and it goes on', async (_way, areaId) => {
  const page = await WatchingPage.open(system.server, browser, 'situation');
  const consumer = await page.watch(feedOf(areaId));
  await tells(page, areaId, true);
  await page.seesMore(consumer, 5);
  await page.unwatch(consumer);
});

test('a camera that is set right has no such fault; one that was put right has it no more', async () => {
  const page = await WatchingPage.open(system.server, browser, 'situation');
  const consumers = [await page.see(feedOf(RIGHT)), await page.watch(feedOf(BY_PLAIN_RTP))];
  await tells(page, BY_PLAIN_RTP, true);
  plain.show(right);
  await tells(page, BY_PLAIN_RTP, false, 40_000);
  const { state, faults } = await page.feed(RIGHT, feedOf(RIGHT));
  expect([state, faults]).toEqual(['live', undefined]);
  for (const consumer of consumers) await page.unwatch(consumer);
});

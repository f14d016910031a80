import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Nation } from '#contract/nation.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { findFreePorts } from '../../sfu/test/fixtures/ports.ts';
import { CAMERA_PASSWORD, CAMERA_USER, RtspCameras } from '../../sfu/test/fixtures/rtsp-cameras.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { WatchingPage } from './fixtures/watching-page.ts';
import { startWholeSystem, type WholeSystem } from './fixtures/whole-system.ts';

const owned = new AsyncDisposableStack();
let cameras: RtspCameras;
let system: WholeSystem;
let browser: TestBrowser;

/** Areas of the sample nation, each with a camera of its own kind here. */
const CAMERAS = {
  'ua-68-itt-1-reception': ['/main', '/sub'],
  'ua-68-itt-1-cell-2': ['/b-frames', '/b-frames'],
  'ua-68-itt-1-cell-3': ['/h265', '/h265'],
  'ua-68-itt-1-cell-4': ['/long-gop', '/long-gop'],
} as const;
const feedOf = (areaId: keyof typeof CAMERAS) => `${areaId}-cam-1`;

beforeAll(async () => {
  cameras = owned.use(await RtspCameras.start(await findFreePorts(1)));
  const folder = await mkdtemp(join(tmpdir(), 'varta-rtsp-'));
  owned.defer(() => rm(folder, { recursive: true }));
  const [NATION_FILE, SFU_CAMERAS_FILE] = [join(folder, 'nation.json'), join(folder, 'cameras.json')];
  await writeFile(NATION_FILE, JSON.stringify(await readNation()));
  await writeFile(join(folder, 'password'), CAMERA_PASSWORD);
  await writeFile(SFU_CAMERAS_FILE, JSON.stringify(listCameras()));
  [system, browser] = await Promise.all([
    startWholeSystem({ NATION_FILE }, { SFU_CAMERAS_FILE, SFU_LINGER_MS: '500' }),
    launchTestBrowser(),
  ]);
  owned.use(system);
  owned.use(browser);
});
afterAll(() => owned.disposeAsync());

/** The sample nation, where some cameras are pulled. */
async function readNation(): Promise<Nation> {
  const file = new URL('../../config/nation/sample-ua.json', import.meta.url);
  // The copy has no outlines beside it.
  const { geometry: _, ...nation } = Nation.parse(JSON.parse(await readFile(file, 'utf8')));
  for (const area of nation.areas)
    if (area.id in CAMERAS) for (const feed of area.feeds) feed.source = 'rtsp';
  return nation;
}

function listCameras() {
  const credentials = { username: CAMERA_USER, passwordFile: 'password' };
  const areas = Object.entries(CAMERAS);
  return Object.fromEntries(
    areas.map(([areaId, [high, low]]) => [
      `${areaId}-cam-1`,
      { high: { url: cameras.url(high) }, low: { url: cameras.url(low) }, credentials },
    ]),
  );
}

describe('a camera that is pulled', () => {
  test('is on the wall while somebody watches, and only then', async () => {
    const areaId = 'ua-68-itt-1-reception';
    const page = await WatchingPage.open(system.server, browser, 'situation');
    expect(await page.feed(areaId, feedOf(areaId))).toMatchObject({ source: 'rtsp', state: 'idle' });
    expect(cameras.lines).toEqual([]);
    const consumer = await page.see(feedOf(areaId), 'high');
    expect((await page.stats(consumer)).width).toBe(640);
    const isLive = async () => (await page.feed(areaId, feedOf(areaId))).state === 'live';
    await eventually('the feed is live', isLive);
    await page.unwatch(consumer);
    await cameras.left();
    const isIdle = async () => (await page.feed(areaId, feedOf(areaId))).state === 'idle';
    await eventually('the feed is idle', isIdle);
  });

  test.each([
    ['ua-68-itt-1-cell-2', 'live', 'b-frames'],
    ['ua-68-itt-1-cell-3', 'lost', 'codec'],
    ['ua-68-itt-1-cell-4', 'live', 'keyframe-interval'],
  ] as const)('%s: what its settings do wrong is told at its area', async (areaId, state, fault) => {
    const page = await WatchingPage.open(system.server, browser, 'situation');
    const consumer = await page.watch(feedOf(areaId));
    const isTold = async () => {
      const feed = await page.feed(areaId, feedOf(areaId));
      return feed.state === state && feed.faults?.includes(fault);
    };
    await eventually('the fault is told', isTold, { withinMs: 15_000 });
    await page.unwatch(consumer);
    await cameras.left();
  });
});

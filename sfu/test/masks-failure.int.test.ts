import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { testFeed } from './fixtures/authority.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { beginLooking, seen } from './fixtures/look.ts';
import { type NodePair, startNodePair } from './fixtures/node-pair.ts';
import { startNodeProcess } from './fixtures/node-process.ts';
import { longestPauseMs, notePaints } from './fixtures/paints.ts';
import { startTestNode } from './fixtures/test-node.ts';
import { launchTestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo, type Picture } from './fixtures/video.ts';

const REGION = { x: 0.3, y: 0.25, width: 0.4, height: 0.5 };
const INSIDE = { x: 0.33, y: 0.3, width: 0.34, height: 0.4 };
const OUTSIDE = { x: 0.02, y: 0.3, width: 0.2, height: 0.4 };
const FEED = 'cell-1';
const MASKED = { id: FEED, mask: { regions: [REGION], version: 1 } };
/** Black, after an encoder and a browser have had it. */
const BLACK = 40;
/** What is promised of any feed. In quiet it is 0.4 s, 0.2 s and 0.4 s. */
const BACK_WITHIN_MS = { worker: 3_000, node: 5_000 };
const LONGEST_PAUSE_MS = 1_000;

let video: Record<Layer, Picture[]>;
let owned = new AsyncDisposableStack();

beforeAll(async () => {
  video = await encodeTestVideo();
});
afterEach(async () => {
  const done = owned;
  owned = new AsyncDisposableStack();
  await done.disposeAsync();
});

async function setUpPair(settings: Record<string, string> = {}): Promise<NodePair> {
  return owned.use(await startNodePair(video, { home: settings, other: settings }));
}

const life = () => ({ exp: Math.floor(Date.now() / 1_000) + 55 });

/** Does what a page does: asks until it is there, and watches it. */
async function show(viewer: TestViewer): Promise<void> {
  const isThere = async () => (await viewer.watch([MASKED], 'low', life()))[0]?.ok === true;
  await eventually('the feed is there', isThere, { withinMs: 20_000, everyMs: 50 });
  await viewer.resume(FEED);
}

/** Somebody who sees it. */
async function join(
  node: Parameters<typeof TestViewer.join>[0],
  pair: Pick<NodePair, 'browser'>,
  id: string,
) {
  const viewer = await TestViewer.join(node, pair.browser, id);
  await show(viewer);
  await viewer.sees(FEED, 5, 20_000);
  return viewer;
}

/** From now on until a picture comes of what is asked for anew, as a page does; milliseconds. */
async function timeUntilBack(viewer: TestViewer): Promise<number> {
  const since = performance.now();
  const before = viewer.consumerId(FEED);
  await eventually(
    'another picture',
    async () => {
      const isThere = (await viewer.watch([MASKED], 'low', life()))[0]?.ok === true;
      return isThere && viewer.consumerId(FEED) !== before;
    },
    { withinMs: 20_000, everyMs: 50 },
  );
  await viewer.resume(FEED);
  await viewer.sees(FEED, 1, 20_000);
  return performance.now() - since;
}

async function expectCovered(viewer: TestViewer): Promise<void> {
  const { page } = viewer.page;
  // What it had before stays on the page, and never moves again.
  await page.evaluate(() => {
    for (const old of document.querySelectorAll('video:not(:last-of-type)')) old.remove();
  });
  await beginLooking(page, { inside: INSIDE, outside: OUTSIDE });
  await eventually('frames to look at', async () => (await seen(page, 'inside')).frames >= 10, {
    withinMs: 20_000,
  });
  expect((await seen(page, 'inside')).brightest).toBeLessThan(BLACK);
  expect((await seen(page, 'outside')).brightest).toBeGreaterThan(2 * BLACK);
}

describe('a feed of which a part is covered', () => {
  it('is back as soon as any other when a worker of its home dies', async () => {
    const pair = await setUpPair();
    await join(pair.home, pair, 'viewer-home');
    const viewer = await join(pair.other, pair, 'viewer-other');
    for (const pid of pair.home.node.workerPids()) process.kill(pid, 'SIGKILL');
    expect(await timeUntilBack(viewer)).toBeLessThan(BACK_WITHIN_MS.worker);
    await expectCovered(viewer);
  });

  it('is back as soon as any other when its home dies', async () => {
    const [node, browser] = await Promise.all([
      startTestNode({ SFU_NODE_ID: 'sfu-left' }),
      launchTestBrowser(),
    ]);
    owned.use(node);
    owned.use(browser);
    const camera = owned.use(new Camera(video));
    await connectCameras(node.redis, { [FEED]: camera });
    const home = owned.use(await startNodeProcess('sfu-home', node));
    await TestViewer.join(home, browser, 'viewer-home').then(show);
    const viewer = await join(node, { browser }, 'viewer-left');
    expect(await node.client.hGet(SFU_KEYS.homes, FEED)).toBe('sfu-home');
    home.child.kill('SIGKILL');
    expect(await timeUntilBack(viewer)).toBeLessThan(BACK_WITHIN_MS.node);
    await expectCovered(viewer);
  });

  it('does not stand still when its home drains and its pages move', async () => {
    const pair = await setUpPair();
    const before = await join(pair.home, pair, 'viewer-moving');
    await notePaints(before.page.page);
    const stop = new AbortController();
    const draining = pair.home.node.drain({ withinMs: 60_000, signal: stop.signal });
    const after = await TestViewer.join(pair.other, pair.browser, 'viewer-moved');
    await notePaints(after.page.page);
    await show(after);
    await after.sees(FEED, 5, 20_000);
    // The page goes on with the one it had until the other moves.
    expect(await longestPauseMs(before.page.page, after.page.page)).toBeLessThan(LONGEST_PAUSE_MS);
    await pair.home.control.ask('viewer:leave', { viewerId: 'viewer-moving' });
    await draining;
    await expectCovered(after);
  });
});

describe('what cannot be covered', () => {
  const feed = { id: 'whip-1', source: 'whip' as const, mask: { regions: [REGION], version: 1 } };

  async function publish({ home, browser }: NodePair, codec: string) {
    const { page } = await browser.open();
    const sdpOffer = await page.evaluate((it) => window.publisher.offer({ codec: it }), codec);
    const grant = await home.authority.publish(testFeed(feed.id, feed));
    const answer = await home.control.send('whip:publish', { grant, sdpOffer });
    if (answer.ok)
      await page.evaluate(
        (sdp) => window.publisher.answer(sdp),
        (answer.result as { sdpAnswer: string }).sdpAnswer,
      );
    return answer;
  }

  it('is refused in VP8: nobody has it, the feed says why, and H.264 takes the fault away', async () => {
    const pair = await setUpPair();
    expect(await publish(pair, 'video/VP8')).toMatchObject({ ok: false, code: 'codec_unsupported' });
    expect((await pair.home.reaches(feed.id, 'lost')).faults).toEqual(['mask']);
    for (const at of ['home', 'other'] as const) {
      const viewer = await TestViewer.join(pair[at], pair.browser, `viewer-${at}`);
      const [watched] = await viewer.watch([feed], 'low', life());
      expect(watched).toMatchObject({ ok: false, code: 'feed_not_live' });
    }
    expect((await publish(pair, 'video/H264')).ok).toBe(true);
    expect((await pair.home.reaches(feed.id, 'live', 20_000)).faults).toBeUndefined();
  });

  it('is not shown where ffmpeg cannot do it, and the feed says why', async () => {
    const pair = await setUpPair({ FFMPEG_BIN: '/bin/false' });
    const viewer = await TestViewer.join(pair.home, pair.browser, 'viewer-one');
    await show(viewer);
    await eventually('it is said', async () => {
      const last = (await pair.home.reports(FEED)).at(-1);
      return last?.faults?.includes('mask');
    });
    await eventually('the camera sends', () => pair.camera.totalPackets > 30);
    expect(await viewer.stats(FEED)).toMatchObject({ frames: 0 });
  });
});

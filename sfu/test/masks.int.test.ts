import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RESP_TYPES } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedMask } from '#contract/grants.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { testFeed } from './fixtures/authority.ts';
import { eventually } from './fixtures/eventually.ts';
import { beginLooking, seen } from './fixtures/look.ts';
import { type NodePair, startNodePair } from './fixtures/node-pair.ts';
import { playerPage } from './fixtures/player-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo } from './fixtures/video.ts';

const FEED = 'cell-1';
/** The middle of the picture; what is looked at lies a little inside of it. */
const REGION = { x: 0.3, y: 0.25, width: 0.4, height: 0.5 };
const INSIDE = { x: 0.33, y: 0.3, width: 0.34, height: 0.4 };
/** To the left of it, where the test picture has colours. */
const OUTSIDE = { x: 0.02, y: 0.3, width: 0.2, height: 0.4 };
const PARTS = { inside: INSIDE, outside: OUTSIDE };
/** Black, after an encoder and a browser have had it. */
const BLACK = 40;
const FRAMES = 30;

const owned = new AsyncDisposableStack();
let pair: NodePair;
let version = 1;

beforeAll(async () => {
  const settings = { SFU_STILLS_EVERY_MS: '1000' };
  pair = owned.use(await startNodePair(await encodeTestVideo(), { home: settings, other: settings }));
}, 60_000);
afterAll(() => owned.disposeAsync());

const masked = (change: Partial<FeedMask> = {}) => ({
  id: FEED,
  mask: { regions: [REGION], version, ...change },
});

/** Somebody whose page decodes the feed. */
async function watch(at: 'home' | 'other', viewerId: string, layer: 'low' | 'high' = 'low') {
  const viewer = await TestViewer.join(pair[at], pair.browser, viewerId);
  await eventually(
    'the feed is there',
    async () => (await viewer.watch([masked()], layer, life()))[0]?.ok === true,
    { withinMs: 20_000, everyMs: 200 },
  );
  await viewer.resume(FEED);
  await viewer.sees(FEED, 5, 20_000);
  await beginLooking(viewer.page.page, PARTS);
  return viewer;
}

const life = () => ({ exp: Math.floor(Date.now() / 1_000) + 55 });
const leave = (at: 'home' | 'other', viewerId: string) => pair[at].control.ask('viewer:leave', { viewerId });

async function expectCovered(viewer: Pick<TestViewer, 'page'>): Promise<void> {
  const { page } = viewer.page;
  await seen(page, 'inside', { anew: true });
  await eventually('frames to look at', async () => (await seen(page, 'inside')).frames >= FRAMES, {
    withinMs: 20_000,
  });
  const [inside, outside] = [await seen(page, 'inside'), await seen(page, 'outside')];
  expect(inside.brightest).toBeLessThan(BLACK);
  // It is the picture, and not darkness.
  expect(outside.dimmest).toBeGreaterThan(2 * BLACK);
}

describe('a feed of which a part is covered', () => {
  it('is so in every frame: at its home, at another node, in both layers, in a player', async () => {
    const near = await watch('home', 'viewer-near');
    const far = await watch('other', 'viewer-far');
    const large = await watch('home', 'viewer-large', 'high');
    await eventually('the large picture', async () => (await large.stats(FEED)).width === 640, {
      withinMs: 20_000,
    });

    const { page } = await pair.browser.open();
    const player = await playerPage(page);
    const sdpOffer = await player.offer({ audio: false });
    const grant = await pair.home.authority.view('player-one', [masked()], life());
    const { sdpAnswer } = await pair.home.control.ask('whep:play', { grant, sdpOffer });
    await player.answer(sdpAnswer);
    await eventually('frames', async () => (await player.stats()).frames > 5, { withinMs: 20_000 });
    await beginLooking(page, PARTS);

    for (const viewer of [near, far, large, { page: { page } } as Pick<TestViewer, 'page'>])
      await expectCovered(viewer);
    await eventually('a still', async () => (await still()) !== undefined, { withinMs: 20_000 });
    const [inside, outside] = await lumaOf((await still()) ?? Buffer.alloc(0));
    expect(inside).toBeLessThan(BLACK);
    expect(outside).toBeGreaterThan(2 * BLACK);
    for (const viewerId of ['viewer-near', 'viewer-large', 'player-one']) await leave('home', viewerId);
    await leave('other', 'viewer-far');
    await eventually('nobody draws over what nobody watches', () => pair.home.node.figures().feeds === 0, {
      withinMs: 20_000,
    });
  }, 120_000);

  it('is uncovered by a newer grant, also from elsewhere, and covered again: by another, or by time', async () => {
    const near = await watch('home', 'viewer-near');
    const far = await watch('other', 'viewer-far');
    await expectCovered(far);
    const isUncovered = async (viewer: TestViewer) => {
      await seen(viewer.page.page, 'inside', { anew: true });
      await eventually('more frames', async () => (await seen(viewer.page.page, 'inside')).frames >= 3, {
        withinMs: 20_000,
      });
      return (await seen(viewer.page.page, 'inside')).dimmest > 2 * BLACK;
    };
    // Only whoever is at the other node brings the news.
    version += 1;
    await far.renew([masked({ liftedUntil: Date.now() + 60_000 })], life());
    await eventually('the picture', () => isUncovered(far), { withinMs: 20_000 });
    expect(await isUncovered(near)).toBe(true);

    // An older word than that does not matter, whichever way it goes.
    version -= 1;
    await near.renew([masked()], life());
    expect(await isUncovered(near)).toBe(true);

    version += 2;
    await far.renew([masked()], life());
    await eventually('it is covered', async () => !(await isUncovered(near)), { withinMs: 20_000 });
    await expectCovered(near);
    await expectCovered(far);

    // A lift that nobody takes back.
    version += 1;
    await near.renew([masked({ liftedUntil: Date.now() + 10_000 })], life());
    await eventually('the picture', () => isUncovered(near), { withinMs: 20_000 });
    await eventually('its time is over', async () => !(await isUncovered(near)), { withinMs: 20_000 });
    await expectCovered(near);
    await expectCovered(far);
    await leave('home', 'viewer-near');
    await leave('other', 'viewer-far');
  }, 120_000);
});

describe('a mask that comes while the feed is shown whole', () => {
  const join = async (
    at: 'home' | 'other',
    viewerId: string,
    feed: Parameters<TestViewer['watch']>[0][0],
  ) => {
    const viewer = await TestViewer.join(pair[at], pair.browser, viewerId);
    const isThere = async () => (await viewer.watch([feed], 'low', life()))[0]?.ok === true;
    await eventually('the feed is there', isThere, { withinMs: 20_000, everyMs: 200 });
    const { id } = typeof feed === 'string' ? { id: feed } : feed;
    await viewer.resume(id);
    await viewer.sees(id, 5, 20_000);
    await beginLooking(viewer.page.page, PARTS);
    return viewer;
  };
  const withMask = <F extends object>(feed: F) => ({ ...feed, mask: { regions: [REGION], version: 0 } });
  const bright = (viewer: TestViewer, part: keyof typeof PARTS) =>
    eventually(`light ${part}`, async () => (await seen(viewer.page.page, part)).brightest > 2 * BLACK, {
      withinMs: 20_000,
    });
  const isClosed = (at: 'home' | 'other', viewerId: string, feedId: string) =>
    pair[at].control.heard(
      'viewer:consumers-closed',
      (it) => it.viewerId === viewerId && it.consumers.some((consumer) => consumer.feedId === feedId),
    );

  it('ends that picture everywhere, and covers the next, also for grants that know of no mask', async () => {
    const feed = { id: 'cell-2' };
    const near = await join('home', 'viewer-whole', feed);
    const far = await join('other', 'viewer-whole-far', feed);
    await Promise.all([bright(near, 'inside'), bright(far, 'inside')]);
    // Only one server has the new nation file, and only somebody at the other node has a grant of it.
    await far.renew([withMask(feed)], life());
    await Promise.all([
      isClosed('home', 'viewer-whole', feed.id),
      isClosed('other', 'viewer-whole-far', feed.id),
    ]);
    await expectCovered(await join('home', 'viewer-stale', feed));
    await expectCovered(await join('other', 'viewer-fresh', withMask(feed)));
    for (const viewerId of ['viewer-whole', 'viewer-stale']) await leave('home', viewerId);
    for (const viewerId of ['viewer-whole-far', 'viewer-fresh']) await leave('other', viewerId);
  }, 120_000);

  it('ends what an encoder publishes, and covers what it publishes next', async () => {
    const feed = { id: 'whip-1', source: 'whip' as const };
    const publish = async () => {
      const { page } = await pair.browser.open();
      const sdpOffer = await page.evaluate(() => window.publisher.offer({ codec: 'video/H264' }));
      const grant = await pair.home.authority.publish(testFeed(feed.id, feed));
      const { sdpAnswer } = await pair.home.control.ask('whip:publish', { grant, sdpOffer });
      await page.evaluate((sdp) => window.publisher.answer(sdp), sdpAnswer);
      await pair.home.reaches(feed.id, 'live');
      return page;
    };
    const first = await publish();
    const before = await join('home', 'viewer-before', feed);
    const far = await join('other', 'viewer-before-far', feed);
    await Promise.all([bright(before, 'inside'), bright(far, 'inside')]);
    // Only somebody at the other node brings the news.
    await far.renew([withMask(feed)], life());
    await Promise.all([
      pair.home.reaches(feed.id, 'lost'),
      isClosed('home', 'viewer-before', feed.id),
      isClosed('other', 'viewer-before-far', feed.id),
    ]);
    await leave('other', 'viewer-before-far');
    await first.close();
    // By a grant of a server that has not heard of it.
    const second = await publish();
    const after = await join('home', 'viewer-after', feed);
    await bright(after, 'outside');
    const { frames, brightest } = await seen(after.page.page, 'inside');
    expect(frames).toBeGreaterThan(0);
    expect(brightest).toBeLessThan(BLACK);
    await second.close();
    for (const viewerId of ['viewer-before', 'viewer-after']) await leave('home', viewerId);
  }, 120_000);
});

async function still(): Promise<Buffer | undefined> {
  const [jpeg] = await pair.home.client
    .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    .hmGet(SFU_KEYS.poster(FEED), ['jpeg']);
  return jpeg ?? undefined;
}

/** The brightest points (luma) of a still inside and outside of the region. */
async function lumaOf(jpeg: Buffer): Promise<[number, number]> {
  const [width, height] = [160, 90];
  const decoding = promisify(execFile)(
    process.env.FFMPEG_BIN ?? 'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      'pipe:0',
      '-vf',
      `scale=${width}:${height}`,
      '-pix_fmt',
      'gray',
      '-f',
      'rawvideo',
      '-',
    ],
    { encoding: 'buffer', maxBuffer: 1_000_000 },
  );
  decoding.child.stdin?.end(jpeg);
  const { stdout } = await decoding;
  const brightest = ({ x, y, width: w, height: h }: typeof INSIDE) => {
    let found = 0;
    for (let row = Math.floor(y * height); row < (y + h) * height; row += 1)
      for (let column = Math.floor(x * width); column < (x + w) * width; column += 1)
        found = Math.max(found, stdout[row * width + column] ?? 0);
    return found;
  };
  return [brightest(INSIDE), brightest(OUTSIDE)];
}

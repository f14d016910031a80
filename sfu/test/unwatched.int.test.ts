import { afterAll, beforeAll, expect, it } from 'vitest';
import { LOOKER } from '#contract/control.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { testFeed } from './fixtures/authority.ts';
import { eventually } from './fixtures/eventually.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';

const FEED = testFeed('whip-unwatched', { source: 'whip' });
const CLOSED = testFeed('whip-closed', { source: 'whip' });
/** Ten times as often as stills are usually taken. */
const EVERY_MS = 1_000;
const SOON = { withinMs: 30_000, everyMs: 50 };

const owned = new AsyncDisposableStack();
let node: TestNode;
let browser: TestBrowser;
beforeAll(async () => {
  [node, browser] = await Promise.all([
    startTestNode({ SFU_STILLS_EVERY_MS: String(EVERY_MS) }),
    launchTestBrowser(),
  ]);
  owned.use(node);
  owned.use(browser);
});
afterAll(() => owned.disposeAsync());

const ask = async (viewerId: string, feed = FEED) =>
  node.control.send('feed:look', { grant: await node.authority.view(viewerId, [feed]), againInMs: EVERY_MS });

/** Asks for looks as servers do, until disposed of. */
function patrol(): Disposable {
  const timer = setInterval(() => void ask(LOOKER), EVERY_MS / 3);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

const taken = () => node.node.figures().keyframes?.taken ?? 0;
const hasFaults = (faults: string[]) =>
  eventually(
    `its faults are ${faults.join() || 'none'}`,
    async () => ((await node.reports(FEED.id)).at(-1)?.faults ?? []).join() === faults.join(),
    SOON,
  );
const hasStill = async () => (await node.client.exists(SFU_KEYS.poster(FEED.id))) === 1;

it('what is published is looked at while nobody watches, when a server asks; only what is wrong is left of it', async () => {
  const { page } = await browser.open();
  const sdpOffer = await page.evaluate(() => window.publisher.offer({ codec: 'video/H264' }));
  const grant = await node.authority.publish(FEED);
  const { sdpAnswer } = await node.control.ask('whip:publish', { grant, sdpOffer });
  await page.evaluate((sdp) => window.publisher.answer(sdp), sdpAnswer);
  await node.reaches(FEED.id, 'live');

  {
    using _ = patrol();
    await hasFaults(['covered']);
  }
  // Nobody asks any more: it is not looked at, and nobody knows how it is.
  const before = taken();
  await hasFaults([]);
  expect(taken()).toBeLessThanOrEqual(before + 1);

  using _ = patrol();
  await hasFaults(['covered']);
  await page.evaluate(() => window.publisher.showSomething());
  await hasFaults([]);
  expect(await hasStill()).toBe(false);

  const viewer = await HeadlessViewer.join(node, 'viewer-one');
  await viewer.watch([FEED]);
  await eventually('a still, now that somebody watches', hasStill, SOON);
  await viewer.leave();
  await page.close();
});

it('of an area that closes nothing is found, though a look was asked for; of others it is', async () => {
  const other = testFeed('whip-open', { source: 'whip' });
  const { page } = await browser.open();
  const { page: otherPage } = await browser.open();
  for (const [feed, from] of [
    [CLOSED, page],
    [other, otherPage],
  ] as const) {
    const sdpOffer = await from.evaluate(() => window.publisher.offer({ codec: 'video/H264' }));
    const grant = await node.authority.publish(feed);
    const { sdpAnswer } = await node.control.ask('whip:publish', { grant, sdpOffer });
    await from.evaluate((sdp) => window.publisher.answer(sdp), sdpAnswer);
    await node.reaches(feed.id, 'live');
  }
  const faultsOf = async (feedId: string) =>
    (await node.reports(feedId)).flatMap(({ faults }) => faults ?? []);
  const askAndClose = async () => {
    const grant = await node.authority.view(LOOKER, [CLOSED, other]);
    void node.control.send('feed:look', { grant, againInMs: EVERY_MS });
    void node.control.send('feed:unlook', { feedIds: [CLOSED.id, 'nowhere'] });
  };
  const timer = setInterval(() => void askAndClose(), EVERY_MS / 3);
  using _ = { [Symbol.dispose]: () => clearInterval(timer) };
  const isFound = async () => (await faultsOf(other.id)).includes('covered');
  await eventually('the other one is found', isFound, SOON);
  expect(await faultsOf(CLOSED.id)).toEqual([]);
  await Promise.all([page.close(), otherPage.close()]);
});

it('nothing is opened for it; no grant of a viewer does for it, nor its grant for a viewer', async () => {
  const { feeds } = node.node.figures();
  expect(await ask(LOOKER, testFeed('cell-1'))).toMatchObject({ ok: true });
  expect(node.node.figures().feeds).toBe(feeds);
  const refused = { ok: false, code: 'grant_not_covering' };
  expect(await ask('viewer-one')).toMatchObject(refused);
  const grant = await node.authority.view(LOOKER, [FEED]);
  expect(await node.control.send('viewer:join', { grant })).toMatchObject(refused);
  expect(await node.control.send('whep:play', { grant, sdpOffer: 'v=0' })).toMatchObject(refused);
});

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { NODE_LEASE_MS, NodeRecord, SFU_KEYS } from '#contract/registry.ts';
import { HOME_STALE_MS } from '../mesh/entry.ts';
import { testFeed } from './fixtures/authority.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { play, startNodePair } from './fixtures/node-pair.ts';
import { type NodeProcess, startNodeProcess } from './fixtures/node-process.ts';
import { openRedisLine } from './fixtures/redis-line.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo, type Picture } from './fixtures/video.ts';

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

/** A node here, and one that is a process of its own and the home of `cell-1`. */
async function setUpProcess(
  settings: Record<string, string> = {},
): Promise<{ home: NodeProcess; node: TestNode; browser: TestBrowser; camera: Camera }> {
  const [node, browser] = await Promise.all([
    startTestNode({ SFU_NODE_ID: 'sfu-left' }),
    launchTestBrowser(),
  ]);
  owned.use(node);
  owned.use(browser);
  const camera = owned.use(new Camera(video));
  await connectCameras(node.redis, { 'cell-1': camera });
  const home = owned.use(await startNodeProcess('sfu-home', node, settings));
  return { home, node, browser, camera };
}

/** Keeps a viewer's grants alive, as its server does. */
function keepAlive(viewer: TestViewer, feeds: Parameters<TestViewer['renew']>[0]): void {
  const timer = setInterval(() => void viewer.renew(feeds).catch(() => undefined), 4_000);
  owned.defer(() => clearInterval(timer));
}

const WHIP = testFeed('whip-1', { source: 'whip' });

/** An encoder in a page publishes `whip-1`. */
async function publish(at: NodeProcess | TestNode, browser: TestBrowser) {
  const { page } = await browser.open();
  const sdpOffer = await page.evaluate((it) => window.publisher.offer(it), { codec: 'video/VP8' });
  const grant = await at.authority.publish(WHIP);
  const { sdpAnswer } = await at.control.ask('whip:publish', { grant, sdpOffer });
  await page.evaluate((sdp) => window.publisher.answer(sdp), sdpAnswer);
  return page;
}

/** Does what a page does: asks again for what ended, and whenever it hears that it can be had, until it sees it. */
async function seesAgain(viewer: TestViewer, withinMs: number): Promise<void> {
  await eventually(
    'the feed can be had again',
    async () => {
      const [watched] = await viewer.watch(['cell-1']);
      return watched?.ok;
    },
    { withinMs, everyMs: 200 },
  );
  await viewer.resume('cell-1');
  await viewer.sees('cell-1', 3, withinMs);
}

/** Twice the bar for a node that is gone: this machine may be busy with other tests. What it takes is said for the reader of the log. */
const BACK_WITHIN_MS = 10_000;
function expectBackSoon(what: string, since: number): void {
  const backMs = performance.now() - since;
  process.stdout.write(`${what}: pictures after ${(backMs / 1_000).toFixed(1)} s\n`);
  expect(backMs, what).toBeLessThan(BACK_WITHIN_MS);
}

const homeOf = (node: TestNode, feedId = 'cell-1') => node.client.hGet(SFU_KEYS.homes, feedId);

describe('the home of a feed', () => {
  it('dies: a node with viewers takes the feed over, and they see it again', async () => {
    const { home, node, browser } = await setUpProcess();
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    const viewer = await TestViewer.join(node, browser, 'viewer-left');
    await play(viewer);
    expect(await homeOf(node)).toBe('sfu-home');
    expect(node.node.figures().relaysIn).toBe(1);

    const diedAt = performance.now();
    home.child.kill('SIGKILL');
    const closed = await node.control.heard('viewer:consumers-closed', () => true, 3_000);
    expect(closed.consumers).toMatchObject([{ feedId: 'cell-1', code: 'internal' }]);
    await node.control.heard('feed:available', ({ feedId }) => feedId === 'cell-1', 3_000);
    await seesAgain(viewer, 20_000);
    expectBackSoon('the home dies', diedAt);
    expect(await homeOf(node)).toBe('sfu-left');
    expect(node.node.figures()).toMatchObject({ homes: 1, relaysIn: 0, nodePipes: 0 });
  });

  it('hangs: it is taken over as soon as its lease is out of date', async () => {
    const { home, node, browser } = await setUpProcess();
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    const viewer = await TestViewer.join(node, browser, 'viewer-left');
    await play(viewer);
    const hungAt = performance.now();
    home.child.kill('SIGSTOP');
    keepAlive(viewer, ['cell-1']);
    await node.control.heard('viewer:consumers-closed', () => true, 8_000);
    await seesAgain(viewer, 20_000);
    expectBackSoon('the home hangs', hungAt);
    expect(await homeOf(node)).toBe('sfu-left');

    // It goes on and learns that the feed is not its any more; what it demands does not turn the camera away.
    home.child.kill('SIGCONT');
    await home.control.heard('viewer:consumers-closed', () => true, 10_000).catch(() => undefined);
    await eventually('it has given the feed up', async () => {
      const figures = (await (await home.get('/healthz')).json()) as { homes: number };
      return figures.homes === 0;
    });
    expect(await homeOf(node)).toBe('sfu-left');
    await viewer.sees('cell-1');
  });

  it('does not answer at all: nobody waits long for it, others not at all, and it is taken over when it is out of date', async () => {
    const node = owned.use(await startTestNode());
    const nobody = createServer(() => undefined).listen(0, '127.0.0.1');
    owned.defer(() => void nobody.close());
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const own = NodeRecord.parse(JSON.parse((await node.client.get(SFU_KEYS.node('sfu-test'))) ?? ''));
    const record = JSON.stringify({ ...own, nodeId: 'sfu-silent', mesh: { url, address: '127.0.0.1' } });
    const lease = (value: number) =>
      node.client.set(SFU_KEYS.node('sfu-silent'), record, { expiration: { type: 'PX', value } });
    await lease(60_000);
    await node.client.hSet(SFU_KEYS.homes, { 'cell-1': 'sfu-silent', 'cell-2': 'sfu-silent' });

    const viewer = await HeadlessViewer.join(node, 'viewer-one');
    const watch = async () => {
      const since = performance.now();
      const answer = await viewer.prepare(['cell-1', 'cell-2']).catch((error: Error) => error.message);
      return { answer, ms: performance.now() - since };
    };
    const first = await watch();
    expect(first.answer).toContain('no_sfu');
    expect(first.ms).toBeLessThan(2_000);
    expect((await watch()).ms).toBeLessThan(500);
    // Its lease goes on for another 1.5 s: it has not been renewed for 3.5 s.
    await eventually(
      'they are taken over',
      async () => {
        await lease(1_500);
        return Array.isArray((await watch()).answer);
      },
      { everyMs: 200 },
    );
    expect(node.node.figures()).toMatchObject({ homes: 2, relaysIn: 0 });
  });

  it('that is published is not taken over: its encoder has to come again, wherever, and is then soon seen', async () => {
    const { home, node, browser } = await setUpProcess();
    await publish(home, browser);
    const viewer = await TestViewer.join(node, browser, 'viewer-left');
    await viewer.watch([WHIP]);
    await viewer.resume('whip-1');
    await viewer.sees('whip-1');
    home.child.kill('SIGKILL');
    await node.control.heard('viewer:consumers-closed');
    expect(await viewer.watch([WHIP])).toMatchObject([{ ok: false, code: 'no_sfu' }]);
    // Until its record is stale, a node that does not answer might have the encoder still.
    await eventually('it is held for dead', async () => {
      const leaseMs = await node.client.pTTL(SFU_KEYS.node('sfu-home'));
      return NODE_LEASE_MS - leaseMs >= HOME_STALE_MS;
    });
    const told = () => node.control.news('feed:available').filter(({ feedId }) => feedId === 'whip-1').length;
    const toldBefore = told();
    const comesAgainAt = performance.now();
    await publish(node, browser);
    await eventually('pages are told to ask again', () => told() > toldBefore, { everyMs: 20 });
    await viewer.watch([WHIP]);
    await viewer.resume('whip-1');
    await viewer.sees('whip-1', 3);
    expectBackSoon('the encoder comes again', comesAgainAt);
    expect(await homeOf(node, 'whip-1')).toBe('sfu-left');
  });
});

describe('a node that is cut off from Redis', () => {
  it('takes nothing new, loses its homes to who needs them, and gives way when it is back', async () => {
    const base = owned.use(await startTestNode({ SFU_NODE_ID: 'sfu-base' }));
    const browser = owned.use(await launchTestBrowser());
    const cameras = { 'cell-1': owned.use(new Camera(video)), 'cell-2': owned.use(new Camera(video)) };
    await connectCameras(base.redis, cameras);
    const line = owned.use(await openRedisLine(base.redis.url));
    const cut = owned.use(await startTestNode({ SFU_NODE_ID: 'sfu-cut', REDIS_URL: line.url }, base));
    const viewer = await TestViewer.join(cut, browser, 'viewer-cut');
    await play(viewer);
    keepAlive(viewer, ['cell-1', 'cell-2']);
    expect(await homeOf(base)).toBe('sfu-cut');

    line.cut();
    // What is not there yet nobody can say the home of; what flows goes on.
    expect(await viewer.watch(['cell-1', 'cell-2'])).toMatchObject([
      { ok: true },
      { ok: false, code: 'store_unavailable' },
    ]);
    await viewer.sees('cell-1');
    await eventually('it knows that it is cut off', () => !cut.node.figures().registered, {
      withinMs: 8_000,
    });
    const grant = await cut.authority.view('viewer-new', []);
    expect(await cut.control.send('viewer:join', { grant })).toMatchObject({ code: 'store_unavailable' });
    await eventually('its record is gone', async () => !(await base.client.exists(SFU_KEYS.node('sfu-cut'))));

    const near = await TestViewer.join(base, browser, 'viewer-near');
    await play(near);
    keepAlive(near, ['cell-1']);
    expect(await homeOf(base)).toBe('sfu-base');

    line.mend();
    await eventually('it is back', () => cut.node.figures().registered);
    await cut.control.heard('feed:available', ({ feedId }) => feedId === 'cell-1');
    await seesAgain(viewer, 8_000);
    expect(await homeOf(base)).toBe('sfu-base');
    expect(cut.node.figures()).toMatchObject({ homes: 0, relaysIn: 1 });
    await near.sees('cell-1');
  });
});

describe('a node that is cut off from Redis and from the servers', () => {
  it('ends what is published there as soon as nobody can watch it any more, so that encoders come again elsewhere', async () => {
    const base = owned.use(await startTestNode({ SFU_NODE_ID: 'sfu-base' }));
    const browser = owned.use(await launchTestBrowser());
    const line = owned.use(await openRedisLine(base.redis.url));
    let skippedMs = 0;
    const now = () => Date.now() + skippedMs;
    const settings = { SFU_NODE_ID: 'sfu-cut', REDIS_URL: line.url };
    const cut = owned.use(await startTestNode(settings, base, undefined, now));
    const encoder = await publish(cut, browser);
    await cut.reaches('whip-1', 'live');

    line.cut();
    await eventually('it knows that it is cut off', () => !cut.node.figures().registered, {
      withinMs: 8_000,
    });
    await eventually('its record is gone', async () => !(await base.client.exists(SFU_KEYS.node('sfu-cut'))));
    // A server is connected: its viewers go on.
    expect(cut.node.figures().states).toEqual({ live: 1 });
    cut.control.socket.close();
    const state = () => encoder.evaluate(() => window.publisher.state());
    expect(await state()).toBe('connected');
    skippedMs = 15_000;
    await eventually('the encoder hears of it', async () => (await state()) !== 'connected');
    expect(cut.node.figures().states).toEqual({ lost: 1 });

    await publish(base, browser);
    const viewer = await TestViewer.join(base, browser, 'viewer-base');
    await viewer.watch([WHIP]);
    await viewer.resume('whip-1');
    await viewer.sees('whip-1');
    line.mend();
    await eventually('it has given the feed up', () => cut.node.figures().feeds === 0);
    expect(await homeOf(base, 'whip-1')).toBe('sfu-base');
  });
});

describe('a node that drains', () => {
  it('says so at once, takes on nothing new, and loses its feeds to who needs them elsewhere', async () => {
    const { home, other, browser } = owned.use(await startNodePair(video));
    const moving = await TestViewer.join(home, browser, 'viewer-moving');
    await play(moving);
    const stop = new AbortController();
    let drained = false;
    const draining = home.node.drain({ withinMs: 60_000, signal: stop.signal }).then(() => {
      drained = true;
    });
    await eventually('its record says so', async () => {
      const json = await home.client.get(SFU_KEYS.node('sfu-home'));
      return json !== null && NodeRecord.parse(JSON.parse(json)).draining;
    });
    const grant = await home.authority.view('viewer-new', []);
    expect(await home.control.send('viewer:join', { grant })).toMatchObject({ code: 'shutting_down' });

    // The same page on the other node, which makes the feed its own.
    const moved = await TestViewer.join(other, browser, 'viewer-moved');
    await play(moved);
    expect(await homeOf(home)).toBe('sfu-other');
    expect(other.node.figures()).toMatchObject({ homes: 1, relaysIn: 0 });
    expect(drained).toBe(false);
    await home.control.ask('viewer:leave', { viewerId: 'viewer-moving' });
    await draining;
    expect(home.node.figures()).toMatchObject({ viewers: 0, feeds: 0, homes: 0 });
    await moved.sees('cell-1');
    expect(await homeOf(home)).toBe('sfu-other');
  });

  it('hands over what only others watch', async () => {
    const { home, other, browser } = owned.use(await startNodePair(video));
    const near = await TestViewer.join(home, browser, 'viewer-near');
    await play(near);
    const far = await TestViewer.join(other, browser, 'viewer-far');
    await play(far);
    await near.unwatch('cell-1');
    expect(home.node.figures()).toMatchObject({ relaysOut: 1, homes: 1 });

    const quiet = await HeadlessViewer.join(other, 'viewer-quiet');
    const [former] = await quiet.watch(['cell-1']);

    const draining = home.node.drain({ withinMs: 60_000, signal: new AbortController().signal });
    await other.control.heard('feed:available', ({ feedId }) => feedId === 'cell-1');
    expect(await homeOf(home)).toBe('sfu-other');
    // It goes on coming from there for a moment, and who asks again has what comes here now beside it.
    const [next] = await quiet.watch(['cell-1']);
    expect(next).not.toBe(former);
    expect(other.control.news('viewer:consumers-closed')).toEqual([]);
    await play(far);
    await other.control.heard('viewer:consumers-closed', ({ consumers }) =>
      consumers.some(({ consumerId, code }) => consumerId === former && code === 'feed_not_live'),
    );
    expect(await quiet.watch(['cell-1'])).toEqual([next]);
    await home.control.ask('viewer:leave', { viewerId: 'viewer-near' });
    await draining;
  });

  it('as a process: SIGTERM, and it ends when nobody is left', async () => {
    const { home, node, browser } = await setUpProcess({ SFU_DRAIN_MS: '60000' });
    const viewer = await TestViewer.join(home, browser, 'viewer-home');
    await play(viewer);
    home.child.kill('SIGTERM');
    await eventually('its record says so', async () => {
      const json = await node.client.get(SFU_KEYS.node('sfu-home'));
      return json !== null && NodeRecord.parse(JSON.parse(json)).draining;
    });
    await viewer.sees('cell-1');
    await home.control.ask('viewer:leave', { viewerId: 'viewer-home' });
    expect(await home.exited).toEqual([0, null]);
    expect(await node.client.hLen(SFU_KEYS.homes)).toBe(0);
  });

  it('as a process: ends at the deadline, or at once when it is told a second time', async () => {
    const { home, browser } = await setUpProcess({ SFU_DRAIN_MS: '60000' });
    const viewer = await TestViewer.join(home, browser, 'viewer-home');
    home.child.kill('SIGTERM');
    await eventually('it drains', async () => {
      const grant = await home.authority.view('viewer-new', []);
      const refusal = await home.control.send('viewer:join', { grant });
      return !refusal.ok && refusal.code === 'shutting_down';
    });
    expect(home.child.exitCode).toBeNull();
    home.child.kill('SIGTERM');
    expect(await home.exited).toEqual([0, null]);
    expect(home.control.news('viewer:closed')).toMatchObject([
      { viewerId: viewer.viewerId, code: 'shutting_down' },
    ]);

    const beside = owned.use(await startTestNode());
    const short = owned.use(await startNodeProcess('sfu-short', beside, { SFU_DRAIN_MS: '500' }));
    await TestViewer.join(short, browser, 'viewer-short');
    short.child.kill('SIGTERM');
    expect(await short.exited).toEqual([0, null]);
  });
});

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { NodeRecord, SFU_KEYS } from '#contract/registry.ts';
import { testFeed } from './fixtures/authority.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { OBS } from './fixtures/offers.ts';
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
  await owned.disposeAsync();
  owned = new AsyncDisposableStack();
});

async function setUp(
  workers: number,
  cameraIds: string[],
): Promise<{ node: TestNode; browser: TestBrowser; cameras: Record<string, Camera> }> {
  const [node, browser] = await Promise.all([
    startTestNode({ SFU_WORKERS: String(workers) }),
    launchTestBrowser(),
  ]);
  owned.use(node);
  owned.use(browser);
  const cameras = Object.fromEntries(cameraIds.map((id) => [id, owned.use(new Camera(video))]));
  await connectCameras(node.redis, cameras);
  return { node, browser, cameras };
}

/** Watches and resumes one feed until its picture moves. */
async function play(viewer: TestViewer, feedId: string, withinMs = 10_000): Promise<void> {
  await viewer.watch([feedId]);
  await viewer.resume(feedId);
  await viewer.sees(feedId, 3, withinMs);
}

describe('two workers', () => {
  it('bring a feed to viewers on both, across once, and for no longer than somebody is there', async () => {
    const { node, browser, cameras } = await setUp(2, ['cell-1']);
    const viewers = [];
    for (const id of ['viewer-one', 'viewer-two', 'viewer-three', 'viewer-four']) {
      viewers.push(await TestViewer.join(node, browser, id));
    }
    for (const viewer of viewers) await play(viewer, 'cell-1');
    // Viewers go to the worker with the least to do, so two are on each; the feed came in once and crosses once.
    expect(node.node.figures()).toMatchObject({ viewers: 4, consumers: 4, feeds: 1, pipes: 1 });
    expect(cameras['cell-1']?.counts.demands).toBeLessThanOrEqual(2);

    for (const viewer of viewers) await viewer.unwatch('cell-1');
    expect(node.node.figures()).toMatchObject({ consumers: 0, pipes: 0 });
    await eventually('the release', () => cameras['cell-1']?.counts.releases === 1);
    for (const viewer of viewers.slice(0, 2)) await play(viewer, 'cell-1');
    expect(node.node.figures().pipes).toBe(1);
  });

  it('carry layers across: the far viewer changes between them as the near one does', async () => {
    const { node, browser } = await setUp(2, ['cell-1']);
    const near = await TestViewer.join(node, browser, 'viewer-near');
    const far = await TestViewer.join(node, browser, 'viewer-far');
    await play(near, 'cell-1');
    await play(far, 'cell-1');
    await far.prefer('cell-1', 'high');
    await eventually('the large picture', async () => (await far.stats('cell-1')).width === 640);
    await far.prefer('cell-1', 'low');
    await eventually('the small picture', async () => (await far.stats('cell-1')).width === 320);
    expect(node.node.figures().pipes).toBe(1);
  });
});

describe('feeds that encoders publish', () => {
  /** Publishes a feed; gives the place of the worker that has taken it, told by its port, and how to end it. */
  async function publish(node: TestNode, feedId: string) {
    const feed = testFeed(feedId, { source: 'whip' });
    const grant = await node.authority.publish(feed);
    const { sdpAnswer, resourceId } = await node.control.ask('whip:publish', { grant, sdpOffer: OBS });
    const [, port] = /^a=candidate:\S+ 1 udp \d+ \S+ (\d+) /im.exec(sdpAnswer) ?? [];
    const end = () => node.control.ask('whip:stop', { grant, resourceId });
    return { worker: Number(port) - node.settings.SFU_PORT, end };
  }

  /** Publishes so many feeds, one after another. */
  async function publishAll(node: TestNode, count: number, name = 'whip') {
    const published = [];
    for (let index = 0; index < count; index += 1) published.push(await publish(node, `${name}-${index}`));
    return published;
  }

  it('are spread evenly over the workers; what has become free is filled first', async () => {
    const node = owned.use(await startTestNode({ SFU_WORKERS: '3' }));
    const published = await publishAll(node, 9);
    const workers = published.map(({ worker }) => worker);
    expect(workers.toSorted()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    for (const { worker, end } of published) if (worker === 1) await end();
    const more = await publishAll(node, 3, 'more');
    expect(more.map(({ worker }) => worker)).toEqual([1, 1, 1]);
    expect(node.node.figures().feeds).toBe(9);
  });

  it('leave the worker alone that has a viewer, until the others have as much to do', async () => {
    const node = owned.use(await startTestNode({ SFU_WORKERS: '2' }));
    const grant = await node.authority.view('viewer-one', []);
    await node.control.ask('viewer:join', { grant });
    const workers = (await publishAll(node, 18)).map(({ worker }) => worker);
    // A viewer weighs as much as 16 feeds, and is on the first of two that have nothing to do.
    expect(workers).toEqual([...Array.from({ length: 16 }, () => 1), 0, 1]);
  });
});

describe('a worker that dies', () => {
  it('takes its viewers along and no others; they come back, and so do their pictures', async () => {
    const { node, browser } = await setUp(2, ['cell-1', 'cell-2']);
    const first = await TestViewer.join(node, browser, 'viewer-one');
    const second = await TestViewer.join(node, browser, 'viewer-two');
    await play(first, 'cell-1');
    await play(second, 'cell-2');
    const [before] = await Promise.all([node.node.workerPids()]);

    for (const pid of before.slice(0, 1)) process.kill(pid, 'SIGKILL');
    const closed = await node.control.heard('viewer:closed', () => true, 2_000);
    expect(closed.code).toBe('internal');
    expect(node.control.news('viewer:closed')).toHaveLength(1);
    const [hit, spared] = closed.viewerId === 'viewer-one' ? [first, second] : [second, first];
    const feedId = hit === first ? 'cell-1' : 'cell-2';
    await spared.sees(feedId === 'cell-1' ? 'cell-2' : 'cell-1', 3);

    const back = await TestViewer.join(node, browser, hit.viewerId);
    await play(back, feedId, 15_000);
    await eventually('a new worker', () => node.node.workerPids().length === 2);
    expect(node.node.workerPids()).not.toEqual(before);
    expect(new Set(node.node.workerPids()).size).toBe(2);
  });

  it('ends the feeds that came in there for viewers elsewhere, with a reason to ask again', async () => {
    const { node, browser } = await setUp(2, ['cell-1']);
    const first = await TestViewer.join(node, browser, 'viewer-one');
    const pidsByWeight = node.node.workerPids();
    const second = await TestViewer.join(node, browser, 'viewer-two');
    await play(first, 'cell-1');
    await play(second, 'cell-1');
    // The first viewer's worker is the one that had more to do when there was only that viewer.
    process.kill(pidsByWeight.at(-1) ?? 0, 'SIGKILL');
    expect(await node.control.heard('viewer:closed')).toMatchObject({ viewerId: 'viewer-one' });
    expect(await node.control.heard('viewer:consumers-closed')).toMatchObject({
      viewerId: 'viewer-two',
      consumers: [{ feedId: 'cell-1', code: 'internal' }],
    });
    await play(second, 'cell-1');
    expect(node.node.figures().pipes).toBe(0);
  });

  it('is the only one and comes back', async () => {
    const { node, browser } = await setUp(1, ['cell-1']);
    await play(await TestViewer.join(node, browser, 'viewer-one'), 'cell-1');
    for (let round = 0; round < 3; round += 1) {
      const [pid = 0] = node.node.workerPids();
      process.kill(pid, 'SIGKILL');
      await eventually('another worker', () => (node.node.workerPids()[0] ?? pid) !== pid, {
        withinMs: 3_000,
      });
    }
    await play(await TestViewer.join(node, browser, 'viewer-one'), 'cell-1');
  });

  it('leaves a published feed lost until its encoder publishes again', async () => {
    const { node, browser } = await setUp(1, []);
    const { page } = await browser.open();
    const feed = testFeed('whip-1', { source: 'whip' });
    const publish = async () => {
      const sdpOffer = await page.evaluate((it) => window.publisher.offer(it), { codec: 'video/VP8' });
      const { sdpAnswer } = await node.control.ask('whip:publish', {
        grant: await node.authority.publish(feed),
        sdpOffer,
      });
      await page.evaluate((sdp) => window.publisher.answer(sdp), sdpAnswer);
      await node.reaches('whip-1', 'live');
    };
    await publish();
    process.kill(node.node.workerPids()[0] ?? 0, 'SIGKILL');
    await node.reaches('whip-1', 'lost', 2_000);
    await eventually('another worker', () => node.node.workerPids().length === 1);
    await publish();
  });

  it('is one that hangs: the node is there throughout, and what the other worker has goes on', async () => {
    const { node, browser } = await setUp(2, ['cell-1', 'cell-2']);
    const hit = await TestViewer.join(node, browser, 'viewer-one');
    // The one that has more to do is the first viewer's.
    const hung = node.node.workerPids().at(-1) ?? 0;
    const spared = await TestViewer.join(node, browser, 'viewer-two');
    await play(hit, 'cell-1');
    await play(spared, 'cell-2');
    process.kill(hung, 'SIGSTOP');
    const leasesMs: number[] = [];
    await eventually(
      'another worker in its place',
      async () => {
        leasesMs.push(await node.client.pTTL(SFU_KEYS.node('sfu-test')));
        const pids = node.node.workerPids();
        return pids.length === 2 && !pids.includes(hung);
      },
      // Tiles are to be back within 3 s; the rest is for a machine that has other things to do.
      { withinMs: 4_000 },
    );
    // A heartbeat is 1.5 s of the 5 s; the rest is for such a machine as well.
    expect(Math.min(...leasesMs)).toBeGreaterThan(2_000);
    expect(node.control.news('viewer:closed')).toMatchObject([{ viewerId: 'viewer-one' }]);
    await spared.sees('cell-2');
    expect(node.control.news('viewer:consumers-closed')).toEqual([]);
    expect(await node.client.hGet(SFU_KEYS.homes, 'cell-2')).toBe('sfu-test');
  });

  it('is not one that stands still for a moment', async () => {
    const { node, browser } = await setUp(1, ['cell-1']);
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await play(viewer, 'cell-1');
    const pids = node.node.workerPids();
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const stoppedAt = Date.now();
    await eventually('it has not answered for a while', () => Date.now() - stoppedAt > 600);
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    await viewer.sees('cell-1', 30);
    expect(node.node.workerPids()).toEqual(pids);
    expect(node.control.news('viewer:closed')).toEqual([]);
  });

  it('is one that hangs, and is the only one', async () => {
    const { node, browser } = await setUp(1, ['cell-1']);
    await play(await TestViewer.join(node, browser, 'viewer-one'), 'cell-1');
    const [pid = 0] = node.node.workerPids();
    process.kill(pid, 'SIGSTOP');
    await node.control.heard('viewer:closed', (it) => it.viewerId === 'viewer-one', 3_000);
    await eventually('another worker', () => (node.node.workerPids()[0] ?? pid) !== pid);
    await play(await TestViewer.join(node, browser, 'viewer-one'), 'cell-1');
  });
});

describe('Redis', () => {
  it('may go: what is watched goes on; it may come back: everything is said again', async () => {
    const { node, browser } = await setUp(1, ['cell-1', 'cell-2']);
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    await viewer.watch(['cell-1', 'cell-2']);
    await viewer.resume('cell-1', 'cell-2');
    await Promise.all([viewer.sees('cell-1'), viewer.sees('cell-2')]);
    await node.reaches('cell-2', 'live');
    await eventually('a record of what it does', async () => {
      const record = NodeRecord.parse(JSON.parse((await node.client.get(SFU_KEYS.node('sfu-test'))) ?? ''));
      expect(record).toMatchObject({ nodeId: 'sfu-test', workers: 1, gone: false, draining: false });
      return record.viewers === 1 && record.feeds === 2;
    });

    await node.redis.kill();
    const keepAlive = setInterval(() => void viewer.renew(['cell-1', 'cell-2']), 2_000);
    await eventually('the node knows that it is cut off', () => !node.node.figures().registered, {
      withinMs: 15_000,
    });
    await viewer.sees('cell-1');
    const grant = await node.authority.view('viewer-two', []);
    expect(await node.control.send('viewer:join', { grant })).toMatchObject({ code: 'store_unavailable' });
    await viewer.unwatch('cell-2');
    await eventually('the feed is let go', () => node.node.figures().feeds === 1);
    expect(node.node.figures().outbox).toBeGreaterThan(0);

    await node.redis.start();
    await eventually('the lease holds again', () => node.node.figures().registered);
    const client = await node.redis.connect();
    const demands = await client.hKeys(SFU_KEYS.demands('sfu-test'));
    expect(demands).toEqual(['cell-1']);
    await eventually('nothing waits', () => node.node.figures().outbox === 0);
    const feeds = await client.hKeys(SFU_KEYS.feeds('sfu-test'));
    expect(feeds).toEqual(['cell-1']);
    clearInterval(keepAlive);
    await viewer.sees('cell-1');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo, type Picture } from './fixtures/video.ts';

let node: TestNode;
let browser: TestBrowser;
let video: Record<Layer, Picture[]>;
const owned = new AsyncDisposableStack();
let cameras: Record<string, Camera>;

beforeAll(async () => {
  [node, browser, video] = await Promise.all([startTestNode(), launchTestBrowser(), encodeTestVideo()]);
  owned.use(node);
  owned.use(browser);
  cameras = Object.fromEntries(
    ['cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5', 'cell-6'].map((id) => [
      id,
      owned.use(new Camera(video)),
    ]),
  );
  await connectCameras(node.redis, cameras);
});
afterAll(() => owned.disposeAsync());

const camera = (id: string): Camera => {
  const found = cameras[id];
  if (!found) throw new Error(`no camera ${id}`);
  return found;
};

describe('a feed on demand', () => {
  it('sends nothing unwatched, plays when watched, and stops after its last viewer', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-one');
    expect(camera('cell-1').totalPackets).toBe(0);

    const [watched] = await viewer.watch(['cell-1']);
    expect(watched).toMatchObject({ ok: true, feedId: 'cell-1' });
    await viewer.resume('cell-1');
    await viewer.sees('cell-1', 10);
    expect(await node.reaches('cell-1', 'live')).toMatchObject({ layers: ['low'], nodeId: 'sfu-test' });
    expect((await viewer.stats('cell-1')).width).toBe(320);
    expect(camera('cell-1').counts.packets.high).toBe(0);
    expect(await node.client.hExists(SFU_KEYS.feeds('sfu-test'), 'cell-1')).toBe(1);

    await viewer.unwatch('cell-1');
    await eventually('the release', () => camera('cell-1').counts.releases === 1);
    await node.reaches('cell-1', 'idle');
    expect((await node.demands()).has('cell-1')).toBe(false);
    expect(await node.client.hExists(SFU_KEYS.feeds('sfu-test'), 'cell-1')).toBe(0);
    const sent = camera('cell-1').totalPackets;
    await node.client.ping();
    expect(camera('cell-1').totalPackets).toBe(sent);
    expect((await node.reports('cell-1')).map(({ state }) => state)).toEqual(['connecting', 'live', 'idle']);
  });

  it('asks the camera for a keyframe when another viewer comes', async () => {
    const first = await TestViewer.join(node, browser, 'viewer-early');
    await first.watch(['cell-1']);
    await first.resume('cell-1');
    await first.sees('cell-1', 10);
    const { keyframeRequests } = camera('cell-1').counts;
    const second = await TestViewer.join(node, browser, 'viewer-late');
    await second.watch(['cell-1']);
    await second.resume('cell-1');
    await eventually('the request', () => camera('cell-1').counts.keyframeRequests > keyframeRequests);
    await second.sees('cell-1');
    await Promise.all([first.unwatch('cell-1'), second.unwatch('cell-1')]);
    await node.reaches('cell-1', 'idle');
  });

  it('asks only for the layers that tiles want, and changes over without a gap', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-two');
    await viewer.watch(['cell-2'], 'low');
    await viewer.resume('cell-2');
    await viewer.sees('cell-2');
    const low = camera('cell-2').demand?.layers;
    expect(low).toMatchObject([
      { layer: 'low', wanted: true },
      { layer: 'high', wanted: false },
    ]);

    await viewer.prefer('cell-2', 'high');
    await eventually('the large picture', async () => (await viewer.stats('cell-2')).width === 640);
    await eventually(
      'low is not asked for any more',
      () => camera('cell-2').demand?.layers[0]?.wanted === false,
    );
    await viewer.sees('cell-2');

    await viewer.prefer('cell-2', 'low');
    await eventually('the small picture', async () => (await viewer.stats('cell-2')).width === 320);
    await eventually(
      'high is not asked for any more',
      () => camera('cell-2').demand?.layers[1]?.wanted === false,
    );
    expect(camera('cell-2').demand?.layers.map(({ ssrc }) => ssrc)).toEqual(low?.map(({ ssrc }) => ssrc));
  });

  it('costs nothing while its only tile is hidden, and comes back to the same consumer', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-three');
    await viewer.watch(['cell-3']);
    await viewer.resume('cell-3');
    await viewer.sees('cell-3');

    await viewer.pause('cell-3');
    await eventually('nothing is asked for', () =>
      camera('cell-3').demand?.layers.every(({ wanted }) => !wanted),
    );
    await node.reaches('cell-3', 'idle');
    expect(
      node.control.news('viewer:consumers-closed').filter(({ viewerId }) => viewerId === 'viewer-three'),
    ).toEqual([]);

    await viewer.resume('cell-3');
    await viewer.sees('cell-3');
    await node.reaches('cell-3', 'live');
  });

  it('starts when its first consumer is made, before that is resumed, and stops when it never is', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-four');
    await viewer.watch(['cell-4']);
    await eventually('packets of a paused feed', () => camera('cell-4').totalPackets > 0);
    await eventually('they stop', () => camera('cell-4').demand?.layers.every(({ wanted }) => !wanted));
  });

  it('is told as stalled and lost when its equipment falls silent, and gets a new port for it to come back', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-five');
    await viewer.watch(['cell-5']);
    await viewer.resume('cell-5');
    await viewer.sees('cell-5');
    await node.reaches('cell-5', 'live');
    const port = camera('cell-5').demand?.target.port;

    camera('cell-5').cut = true;
    await node.reaches('cell-5', 'stalled', 5_000);
    const keepAlive = setInterval(() => void viewer.renew(['cell-5']), 3_000);
    await node.reaches('cell-5', 'lost', 10_000);
    const closed = await node.control.heard('viewer:consumers-closed', (it) => it.viewerId === 'viewer-five');
    expect(closed.consumers).toMatchObject([{ feedId: 'cell-5', code: 'feed_not_live' }]);
    await node.control.heard('feed:available', (it) => it.feedId === 'cell-5');

    camera('cell-5').restart();
    camera('cell-5').cut = false;
    await viewer.watch(['cell-5']);
    await viewer.resume('cell-5');
    await viewer.sees('cell-5');
    clearInterval(keepAlive);
    expect(camera('cell-5').demand?.target.port).not.toBe(port);
    expect((await node.reports('cell-5')).map(({ state }) => state)).toEqual([
      ...['connecting', 'live', 'stalled', 'lost', 'live'],
    ]);
  });

  it('never gives a viewer a higher layer than its grant allows, not even when only that one flows', async () => {
    const [free, capped] = await Promise.all([
      TestViewer.join(node, browser, 'viewer-six'),
      TestViewer.join(node, browser, 'viewer-seven'),
    ]);
    await free.watch(['cell-6'], 'high');
    await free.resume('cell-6');
    await free.sees('cell-6');
    await capped.watch([{ id: 'cell-6', maxLayer: 'low' }], 'high');
    await capped.resume('cell-6');
    await capped.sees('cell-6', 10);
    expect((await capped.stats('cell-6')).width).toBe(320);
    await capped.prefer('cell-6', 'high');
    await capped.sees('cell-6', 10);
    expect((await capped.stats('cell-6')).width).toBe(320);
    expect((await free.stats('cell-6')).width).toBe(640);
  });
});

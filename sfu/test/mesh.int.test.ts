import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
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

interface Pair {
  home: TestNode;
  other: TestNode;
  browser: TestBrowser;
  camera: Camera;
}

/** Two nodes on one Redis, a camera `cell-1` in a facility. */
async function setUp(settings: Record<string, string> = {}): Promise<Pair> {
  const [home, browser] = await Promise.all([
    startTestNode({ SFU_NODE_ID: 'sfu-home', ...settings }),
    launchTestBrowser(),
  ]);
  owned.use(home);
  owned.use(browser);
  const other = owned.use(await startTestNode({ SFU_NODE_ID: 'sfu-other', ...settings }, home));
  const camera = owned.use(new Camera(video));
  await connectCameras(home.redis, { 'cell-1': camera });
  return { home, other, browser, camera };
}

async function play(viewer: TestViewer, feedId = 'cell-1', layer: Layer = 'low'): Promise<void> {
  await viewer.watch([feedId], layer);
  await viewer.resume(feedId);
  await viewer.sees(feedId, 5);
}

describe('a feed that enters one node', () => {
  it('is seen by viewers of another one, crosses once, and no longer than somebody is there', async () => {
    const { home, other, browser, camera } = await setUp();
    await play(await TestViewer.join(home, browser, 'viewer-home'));
    const viewers = [];
    for (const id of ['viewer-one', 'viewer-two', 'viewer-three'])
      viewers.push(await TestViewer.join(other, browser, id));
    for (const viewer of viewers) await play(viewer);
    expect(home.node.figures()).toMatchObject({ homes: 1, relaysOut: 1, relaysIn: 0, nodePipes: 1 });
    expect(other.node.figures()).toMatchObject({
      ...{ homes: 0, relaysOut: 0, relaysIn: 1, nodePipes: 1 },
      ...{ viewers: 3, consumers: 3, feeds: 1 },
    });
    expect(await home.client.hGet(SFU_KEYS.homes, 'cell-1')).toBe('sfu-home');
    // The camera was asked by its home alone.
    expect((await other.demands()).size).toBe(0);
    expect(camera.counts.releases).toBe(0);

    for (const viewer of viewers) await viewer.unwatch('cell-1');
    await eventually('the relay ends', () => home.node.figures().relaysOut === 0);
    expect(home.node.figures()).toMatchObject({ nodePipes: 0, feeds: 1 });
    await eventually('nothing is left over there', () => other.node.figures().nodePipes === 0);
    expect(other.node.figures()).toMatchObject({ feeds: 0, relaysIn: 0 });
  });
});

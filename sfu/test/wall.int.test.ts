import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';
import { encodeTestVideo } from './fixtures/video.ts';

const TILES = Array.from({ length: 64 }, (_, index) => `cell-${index + 1}`);

let node: TestNode;
let browser: TestBrowser;
let cameras: Record<string, Camera>;
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  const [started, launched, video] = await Promise.all([
    startTestNode(),
    launchTestBrowser(),
    encodeTestVideo(),
  ]);
  node = owned.use(started);
  browser = owned.use(launched);
  cameras = Object.fromEntries(TILES.map((id) => [id, owned.use(new Camera(video))]));
  await connectCameras(node.redis, cameras);
});
afterAll(() => owned.disposeAsync());

describe('a wall of 64 tiles', () => {
  it('is asked for in one message, plays in every tile, and is given up in one', async () => {
    const viewer = await TestViewer.join(node, browser, 'viewer-wall');
    const watched = await viewer.watch(TILES);
    expect(watched.map(({ ok, feedId }) => [ok, feedId])).toEqual(TILES.map((id) => [true, id]));
    expect((await node.demands()).size).toBe(64);
    await viewer.resume(...TILES);
    const renewal = setInterval(() => void viewer.renew(TILES), 3_000);
    await viewer.seesAll(TILES, 15, 30_000).finally(() => clearInterval(renewal));
    expect(node.node.figures()).toMatchObject({ viewers: 1, feeds: 64, consumers: 64, pipes: 0 });

    await viewer.unwatch(...TILES);
    await eventually('every camera is released', () =>
      TILES.every((id) => cameras[id]?.counts.releases === 1),
    );
    expect(node.node.figures()).toMatchObject({ feeds: 0, consumers: 0 });
  });
});

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { HeadlessViewer } from './fixtures/headless-viewer.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { encodeTestVideo, type Picture } from './fixtures/video.ts';

/** Desks and displays of the whole country, when all of them open the same alarm. */
const CROWD = 300;

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

const joinAll = (node: TestNode) =>
  Promise.all(
    Array.from({ length: CROWD }, (_, index) => HeadlessViewer.join(node, `viewer-of-crowd-${index}`)),
  );

describe('three hundred viewers at the same moment', () => {
  it('get a feed that nobody had before: it is opened once, and crosses to the other worker once', async () => {
    const node = owned.use(await startTestNode({ SFU_WORKERS: '2' }));
    const camera = owned.use(new Camera(video));
    await connectCameras(node.redis, { 'cell-1': camera });
    const crowd = await joinAll(node);
    const watched = await Promise.all(crowd.map((viewer) => viewer.watch(['cell-1'])));
    expect(new Set(watched.flat()).size).toBe(CROWD);
    expect(node.node.figures()).toMatchObject({ viewers: CROWD, consumers: CROWD, feeds: 1, pipes: 1 });
  });

  it('are all told that a feed is not there as soon as the first of them is', async () => {
    const node = owned.use(await startTestNode());
    // Its edge is away: who asks for it waits 1.5 s for that.
    await node.client.sAdd(SFU_KEYS.secured, 'cell-1');
    const crowd = await joinAll(node);
    const begun = performance.now();
    const answers = await Promise.allSettled(crowd.map((viewer) => viewer.prepare(['cell-1'])));
    const reasons = answers.map((it) => it.status === 'rejected' && String(it.reason));
    expect(new Set(reasons)).toEqual(new Set(['Error: cell-1: feed_not_live']));
    // One after another they would wait for seven and a half minutes.
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});

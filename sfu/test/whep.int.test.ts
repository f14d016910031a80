import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { playerPage } from './fixtures/player-page.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { encodeTestVideo } from './fixtures/video.ts';

let node: TestNode;
let browser: TestBrowser;
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  const [started, launched, video] = await Promise.all([
    startTestNode(),
    launchTestBrowser(),
    encodeTestVideo(),
  ]);
  node = owned.use(started);
  browser = owned.use(launched);
  const cameras = Object.fromEntries(
    ['cell-1', 'cell-2', 'cell-3'].map((id) => [id, owned.use(new Camera(video))]),
  );
  await connectCameras(node.redis, cameras);
});
afterAll(() => owned.disposeAsync());

/** A page that plays one feed as any WebRTC page would: offer, answer, nothing of ours. */
async function play(
  viewerId: string,
  feedId: string,
  options: { layer?: 'low' | 'high'; audio?: boolean } = {},
) {
  const { page } = await browser.open();
  const player = await playerPage(page);
  const sdpOffer = await player.offer({ audio: options.audio ?? true });
  const grant = await node.authority.view(viewerId, [feedId]);
  const { layer } = options;
  const playing = await node.control.ask('whep:play', { grant, sdpOffer, ...(layer ? { layer } : {}) });
  await player.answer(playing.sdpAnswer);
  return { player, page, sdpOffer, ...playing };
}

describe('a standard player', () => {
  it('gets decoded frames under its own payload type, and the layer that it asks for', async () => {
    const { player, sdpAnswer, sdpOffer } = await play('player-one', 'cell-1');
    await eventually('frames', async () => (await player.stats()).frames > 10, { withinMs: 15_000 });
    await eventually('the large picture', async () => (await player.stats()).width === 640, {
      withinMs: 15_000,
    });
    const offered = [...sdpOffer.matchAll(/a=rtpmap:(\d+) H264/g)].map(([, number]) => number);
    const answered = /m=video \d+ \S+ (\d+)\r\n/.exec(sdpAnswer)?.[1];
    expect(offered).toContain(answered);
    expect((await player.stats()).payloadType).toBe(Number(answered));
    expect(node.node.figures().viewers).toBe(1);
    await node.control.ask('viewer:leave', { viewerId: 'player-one' });
    await eventually('the player is told', async () => (await player.state()) !== 'connected');
  });
});

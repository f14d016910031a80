import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playerOffer } from '../../server/test/fixtures/player-offer.ts';
import { testFeed } from './fixtures/authority.ts';
import { Camera, connectCameras } from './fixtures/camera.ts';
import { eventually } from './fixtures/eventually.ts';
import { overRelay, startLossyRelay } from './fixtures/lossy-relay.ts';
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

/** The lines of an offer that a player sends after an ICE restart. */
function toFragment(sdpOffer: string): string {
  const [ufrag, pwd] = ['ice-ufrag', 'ice-pwd'].map((name) => new RegExp(`a=${name}:.*`).exec(sdpOffer)?.[0]);
  return `${ufrag?.trim()}\r\n${pwd?.trim()}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n`;
}

/** The answer with our end as the fragment says it. */
function withFragment(sdpAnswer: string, fragment: string): string {
  const lineOf = (name: string) => new RegExp(`a=${name}:.*`).exec(fragment)?.[0] ?? '';
  return sdpAnswer
    .replaceAll(/a=ice-ufrag:.*/g, lineOf('ice-ufrag'))
    .replaceAll(/a=ice-pwd:.*/g, lineOf('ice-pwd'));
}

describe('a standard player', () => {
  it('gets decoded frames under its own payload type, and the highest layer unless it asks for less', async () => {
    const { player, sdpAnswer, sdpOffer } = await play('player-one', 'cell-1');
    await eventually('frames', async () => (await player.stats()).frames > 10);
    await eventually('the large picture', async () => (await player.stats()).width === 640);
    const offered = [...sdpOffer.matchAll(/a=rtpmap:(\d+) H264/g)].map(([, number]) => number);
    const answered = /m=video \d+ \S+ (\d+)\r\n/.exec(sdpAnswer)?.[1];
    expect(offered).toContain(answered);
    expect((await player.stats()).payloadType).toBe(Number(answered));

    const small = await play('player-two', 'cell-1', { layer: 'low', audio: false });
    await eventually('the small picture', async () => (await small.player.stats()).width === 320);
    expect(node.node.figures()).toMatchObject({ viewers: 2, consumers: 2, dialects: 1 });

    for (const viewerId of ['player-one', 'player-two']) await node.control.ask('viewer:leave', { viewerId });
    await eventually('the player is told', async () => (await player.state()) !== 'connected');
    expect(node.node.figures()).toMatchObject({ viewers: 0, consumers: 0, dialects: 0 });
  });

  it('may restart ICE, and only with the present tag', async () => {
    const { player, resourceId, sdpAnswer, iceTag } = await play('player-ice', 'cell-1');
    await eventually('frames', async () => (await player.stats()).frames > 5);
    const base = { viewerId: 'player-ice', resourceId };
    const fragment = toFragment(await player.restart());
    const restarted = await node.control.ask('whep:patch', { ...base, fragment });
    expect(restarted.iceTag).not.toBe(iceTag);
    await player.answer(withFragment(sdpAnswer, restarted.fragment ?? ''));
    const { frames } = await player.stats();
    await eventually('it goes on', async () => (await player.stats()).frames > frames + 10);
    expect(await player.state()).toBe('connected');

    expect(await node.control.send('whep:patch', { ...base, iceTag, fragment })).toMatchObject({
      code: 'precondition_failed',
    });
    expect(await node.control.ask('whep:patch', { ...base, iceTag: restarted.iceTag, fragment })).toEqual({
      iceTag: restarted.iceTag,
      fragment: null,
    });
    expect(await node.control.send('whep:patch', { ...base, resourceId: 'another', fragment })).toMatchObject(
      {
        code: 'unknown_resource',
      },
    );
    await node.control.ask('viewer:leave', { viewerId: 'player-ice' });
    expect(await node.control.send('whep:patch', { ...base, fragment })).toMatchObject({
      code: 'unknown_resource',
    });
  });

  it('ends whole when its grant does not name the feed any more, and by itself when it says goodbye', async () => {
    const { player } = await play('player-grant', 'cell-2');
    await eventually('frames', async () => (await player.stats()).frames > 5);
    const sinceMs = Date.now();
    await node.control.ask('viewer:renew', { grant: await node.authority.view('player-grant', []) });
    expect(
      await node.control.heard('viewer:closed', ({ viewerId }) => viewerId === 'player-grant'),
    ).toMatchObject({ code: 'grant_not_covering' });
    await eventually('it is told', async () => (await player.state()) !== 'connected');
    expect(((await player.stats()).lastPacketAt ?? 0) - sinceMs).toBeLessThan(250);

    const other = await play('player-goodbye', 'cell-2');
    await eventually('frames', async () => (await other.player.stats()).frames > 5);
    await other.player.close();
    await node.control.heard('viewer:closed', ({ viewerId }) => viewerId === 'player-goodbye');
    expect(node.node.figures()).toMatchObject({ viewers: 0, dialects: 0 });
  });

  it('gets lost packets again, under their own numbers', async () => {
    const { page } = await browser.open();
    const player = await playerPage(page);
    const { sdpAnswer } = await node.control.ask('whep:play', {
      grant: await node.authority.view('player-lossy', ['cell-2']),
      sdpOffer: await player.offer({ audio: true }),
    });
    expect(sdpAnswer).toMatch(/a=rtcp-fb:\d+ nack\r\n/);
    const port = Number(/a=candidate:\S+ 1 udp \d+ \S+ (\d+)/.exec(sdpAnswer)?.[1]);
    await using relay = await startLossyRelay(port, { every: 12 });
    await player.answer(overRelay(sdpAnswer, relay));
    await eventually('much is lost on the way', () => relay.lost >= 30, { withinMs: 30_000 });
    const { frames, packetsLost, nacks } = await player.stats();
    expect(nacks).toBeGreaterThan(10);
    // What is asked for at this moment is on its way.
    expect(packetsLost).toBeLessThan(relay.lost / 3);
    await eventually('it goes on', async () => (await player.stats()).frames > frames + 15);
    await node.control.ask('viewer:leave', { viewerId: 'player-lossy' });
    await page.close();
  });

  it('is refused with a code, and leaves nothing behind', async () => {
    const offer = playerOffer();
    const send = async (sdpOffer: string, feeds = ['cell-3']) =>
      node.control.send('whep:play', { grant: await node.authority.view('player-bad', feeds), sdpOffer });
    expect(await send('v=0\r\nnonsense')).toMatchObject({ code: 'offer_unusable' });
    expect(await send(offer.replaceAll('recvonly', 'sendonly'))).toMatchObject({ code: 'offer_unusable' });
    expect(await send(offer.replace('H264', 'H265'))).toMatchObject({ code: 'codec_unsupported' });
    expect(await send(offer.replaceAll(/sha-256 .*/g, 'sha-256 nothing'))).toMatchObject({
      code: 'offer_unusable',
    });
    expect(await send(offer, ['cell-1', 'cell-2'])).toMatchObject({ code: 'grant_not_covering' });
    expect(await send(offer, [])).toMatchObject({ code: 'grant_not_covering' });
    const whip = { id: 'nobody-publishes', source: 'whip' as const };
    const grant = await node.authority.view('player-bad', [whip]);
    expect(await node.control.send('whep:play', { grant, sdpOffer: offer })).toMatchObject({
      code: 'feed_not_live',
    });
    expect(node.node.figures()).toMatchObject({ viewers: 0, consumers: 0, dialects: 0 });
  });

  it('that never gets through is given up, and its grant may be renewed as long as it likes', async () => {
    const grant = await node.authority.view('player-mute', ['cell-3']);
    await node.control.ask('whep:play', { grant, sdpOffer: playerOffer() });
    expect(node.node.figures()).toMatchObject({ viewers: 1, dialects: 1 });
    const renewing = setInterval(async () => {
      const renewal = await node.authority.view('player-mute', ['cell-3']);
      await node.control.send('viewer:renew', { grant: renewal });
    }, 5_000);
    using _ = { [Symbol.dispose]: () => clearInterval(renewing) };
    expect(
      await node.control.heard('viewer:closed', ({ viewerId }) => viewerId === 'player-mute', 40_000),
    ).toMatchObject({ code: 'unknown_viewer' });
    expect(node.node.figures()).toMatchObject({ viewers: 0, dialects: 0 });
  });

  it('of VP8 plays what an encoder publishes in VP8', async () => {
    const publisher = await browser.open();
    const sdpOffer = await publisher.page.evaluate(() => window.publisher.offer({ codec: 'video/VP8' }));
    const feed = testFeed('whip-vp8', { source: 'whip' });
    const published = await node.control.ask('whip:publish', {
      grant: await node.authority.publish(feed),
      sdpOffer,
    });
    await publisher.page.evaluate((sdp) => window.publisher.answer(sdp), published.sdpAnswer);
    await node.reaches('whip-vp8', 'live');
    const { page } = await browser.open();
    const player = await playerPage(page);
    const playing = await node.control.ask('whep:play', {
      grant: await node.authority.view('player-vp8', [{ id: feed.id, source: 'whip' }]),
      sdpOffer: await player.offer({ audio: true }),
    });
    expect(playing.sdpAnswer).toContain('VP8/90000');
    await player.answer(playing.sdpAnswer);
    await eventually('frames', async () => (await player.stats()).frames > 10);
    // The publisher says goodbye: the feed ends, and the player with it.
    await publisher.page.evaluate(() => window.publisher.stop());
    await node.control.heard('viewer:closed', ({ viewerId }) => viewerId === 'player-vp8', 20_000);
    await Promise.all([publisher.page.close(), page.close()]);
  });
});

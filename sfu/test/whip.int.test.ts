import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFeed } from './fixtures/authority.ts';
import { eventually } from './fixtures/eventually.ts';
import { type LossyRelay, overRelay, startLossyRelay } from './fixtures/lossy-relay.ts';
import { FFMPEG, OBS, OBS_HEVC } from './fixtures/offers.ts';
import { FINGERPRINT } from './fixtures/sdp-lines.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';
import { launchTestBrowser, type TestBrowser } from './fixtures/test-page.ts';
import { TestViewer } from './fixtures/test-viewer.ts';

let node: TestNode;
let browser: TestBrowser;
const owned = new AsyncDisposableStack();
/** What the node has logged. */
const logged: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });

beforeAll(async () => {
  [node, browser] = await Promise.all([startTestNode({}, undefined, log), launchTestBrowser()]);
  owned.use(node);
  owned.use(browser);
});
afterAll(() => owned.disposeAsync());

const whip = (id: string) => testFeed(id, { source: 'whip' });
const view = (id: string) => ({ ...whip(id), maxLayer: 'high' as const });
const send = async (id: string, sdpOffer: string) =>
  node.control.send('whip:publish', { grant: await node.authority.publish(whip(id)), sdpOffer });

interface OnTheWay {
  offer?(sdp: string): string;
  answer?(sdp: string): Promise<string>;
}

/** A page that publishes its canvas; its offer and the answer to it may be changed on the way. */
async function publish(
  id: string,
  options: { codec: string; layers?: number },
  { offer = (sdp) => sdp, answer = async (sdp) => sdp }: OnTheWay = {},
) {
  const { page } = await browser.open();
  const sdpOffer = await page.evaluate((it) => window.publisher.offer(it), options);
  const grant = await node.authority.publish(whip(id));
  const published = await node.control.ask('whip:publish', { grant, sdpOffer: offer(sdpOffer) });
  await page.evaluate((sdp) => window.publisher.answer(sdp), await answer(published.sdpAnswer));
  return { page, ...published };
}

describe('WHIP', () => {
  it.each(['video/H264', 'video/VP8'])('takes %s from a browser, and viewers see it', async (codec) => {
    const id = `whip-${codec.slice(6).toLowerCase()}`;
    const viewer = await TestViewer.join(node, browser, `viewer-${id}`);
    expect(await viewer.watch([view(id)])).toMatchObject([{ ok: false, feedId: id, code: 'feed_not_live' }]);

    const { page, resourceId, sdpAnswer } = await publish(id, { codec });
    expect(sdpAnswer).toContain(`${codec.slice(6)}/90000`);
    await node.control.heard('feed:available', (it) => it.feedId === id);
    expect(await node.reaches(id, 'live')).toMatchObject({ layers: ['low'], facilityId: 'facility-1' });
    await viewer.watch([view(id)]);
    await viewer.resume(id);
    await viewer.sees(id, 10);

    const stop = await node.authority.publish(whip(id));
    expect(await node.control.send('whip:stop', { grant: stop, resourceId: 'another' })).toMatchObject({
      code: 'unknown_resource',
    });
    await node.control.ask('whip:stop', { grant: stop, resourceId });
    await node.reaches(id, 'idle');
    expect(
      await node.control.heard('viewer:consumers-closed', (it) => it.viewerId === viewer.viewerId),
    ).toMatchObject({ consumers: [{ feedId: id, code: 'feed_not_live' }] });
    await page.close();
  });

  it('takes the smallest and the largest of three simulcast layers', async () => {
    const id = 'whip-three-layers';
    const { page, sdpAnswer } = await publish(id, { codec: 'video/VP8', layers: 3 });
    expect(sdpAnswer).toMatch(/a=simulcast:recv q;f\r\n/);
    const hasBoth = async () => (await node.reaches(id, 'live')).layers.length === 2;
    await eventually('both layers', hasBoth, { withinMs: 15_000 });
    const viewer = await TestViewer.join(node, browser, `viewer-${id}`);
    await viewer.watch([view(id)], 'low');
    await viewer.resume(id);
    await eventually('the smallest picture', async () => (await viewer.stats(id)).width === 240);
    await viewer.renew([view(id)]);
    await viewer.prefer(id, 'high');
    const isLarge = async () => (await viewer.stats(id)).width === 960;
    await eventually('the largest picture', isLarge, { withinMs: 15_000 });
    await viewer.sees(id, 10);
    await page.close();
  });

  it('asks for lost packets again, and gets them', async () => {
    const id = 'whip-lossy';
    let relay: LossyRelay | undefined;
    const answer = async (sdp: string) => {
      const port = Number(/a=candidate:\S+ 1 udp \d+ \S+ (\d+)/.exec(sdp)?.[1]);
      relay = owned.use(await startLossyRelay(port, { every: 12, of: 'there' }));
      return overRelay(sdp, relay);
    };
    const { page } = await publish(id, { codec: 'video/H264' }, { answer });
    const viewer = await TestViewer.join(node, browser, `viewer-${id}`);
    await node.reaches(id, 'live');
    await viewer.watch([view(id)]);
    await viewer.resume(id);
    await viewer.sees(id, 10);
    await eventually('much is lost on the way', () => (relay?.lost ?? 0) >= 30, { withinMs: 30_000 });
    const { asked, sent } = await page.evaluate(() => window.publisher.repeated());
    expect(asked).toBeGreaterThan(10);
    expect(sent).toBeGreaterThan(10);
    await viewer.sees(id, 15);
    await page.close();
  });

  it.each(['video/H264', 'video/VP8'])(
    'takes two simulcast layers of %s, and gives each tile the one that it asks for',
    async (codec) => {
      const id = `whip-layers-${codec.slice(6).toLowerCase()}`;
      const { page, sdpAnswer } = await publish(id, { codec, layers: 2 });
      expect(sdpAnswer).toMatch(/a=simulcast:recv q;f/);
      const viewer = await TestViewer.join(node, browser, `viewer-${id}`);
      const hasBoth = async () => (await node.reaches(id, 'live')).layers.length === 2;
      await eventually('both layers', hasBoth, { withinMs: 15_000 });
      await viewer.watch([view(id)], 'low');
      await viewer.resume(id);
      await eventually('the small picture', async () => (await viewer.stats(id)).width === 320);
      await viewer.sees(id, 10);
      await viewer.renew([view(id)]);
      await viewer.prefer(id, 'high');
      const isLarge = async () => (await viewer.stats(id)).width === 640;
      await eventually('the large picture', isLarge, { withinMs: 15_000 });
      await viewer.sees(id, 10);
      await viewer.prefer(id, 'low');
      await eventually('the small one again', async () => !(await isLarge()), { withinMs: 15_000 });
      await viewer.sees(id, 10);
      await page.close();
    },
  );

  it('keeps others out while the publisher lives, and lets the next one in when it has vanished', async () => {
    const first = await publish('whip-busy', { codec: 'video/VP8' });
    await node.reaches('whip-busy', 'live');
    expect(await send('whip-busy', OBS)).toMatchObject({ ok: false, code: 'feed_busy' });

    await first.page.evaluate(() => window.publisher.stop());
    await node.reaches('whip-busy', 'lost');
    const second = await publish('whip-busy', { codec: 'video/VP8' });
    await node.reaches('whip-busy', 'live');
    expect(second.resourceId).not.toBe(first.resourceId);
    const grant = await node.authority.publish(whip('whip-busy'));
    expect(await node.control.send('whip:stop', { grant, resourceId: first.resourceId })).toMatchObject({
      code: 'unknown_resource',
    });
    await Promise.all([first.page.close(), second.page.close()]);
  });

  it('answers encoders that send audio as well, and gives up on those that never get through', async () => {
    for (const [id, offer] of [
      ['whip-obs', OBS],
      ['whip-ffmpeg', FFMPEG],
    ] as const) {
      const reply = await send(id, offer);
      expect(reply).toMatchObject({ ok: true });
      await node.reaches(id, 'connecting');
    }
    const lost = await node.reaches('whip-obs', 'lost', 15_000);
    expect(lost.layers).toEqual([]);
    expect(await send('whip-obs', OBS)).toMatchObject({ ok: true });
  });

  it('says when encryption could not be agreed, for as long as nobody has mended it', async () => {
    const id = 'whip-dtls';
    const offer = (sdp: string) => sdp.replaceAll(/(a=fingerprint:sha-256) [\dA-F:]+/g, `$1 ${FINGERPRINT}`);
    const first = await publish(id, { codec: 'video/VP8' }, { offer });
    expect(await node.reaches(id, 'lost')).toMatchObject({ faults: ['dtls'] });
    const warnings = logged.map((line) => JSON.parse(line) as { feedId?: string; fault?: string });
    expect(warnings.filter(({ feedId }) => feedId === id)).toMatchObject([{ fault: 'dtls' }]);

    // An encoder that has failed says goodbye as well.
    const grant = await node.authority.publish(whip(id));
    await node.control.ask('whip:stop', { grant, resourceId: first.resourceId });
    expect((await node.reports(id)).at(-1)).toMatchObject({ state: 'lost', faults: ['dtls'] });

    const second = await publish(id, { codec: 'video/VP8' });
    expect(await node.reaches(id, 'live')).not.toHaveProperty('faults');
    await Promise.all([first.page.close(), second.page.close()]);
  });

  it.each([
    ['what is no SDP', 'v=0\r\nnonsense', 'offer_unusable'],
    ['H.265', OBS_HEVC, 'codec_unsupported'],
    ['a broken certificate', OBS.replace(/sha-256 .*/, 'sha-256 nothing'), 'offer_unusable'],
  ])('refuses %s with a code, and leaves nothing behind', async (_what, offer, code) => {
    const before = node.node.figures().feeds;
    expect(await send('whip-bad', offer)).toMatchObject({ ok: false, code });
    expect(node.node.figures().feeds).toBe(before);
    expect(await node.reports('whip-bad')).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { GstPublisher, type GstSettings } from './fixtures/gst-publisher.ts';
import { WatchingPage } from './fixtures/watching-page.ts';
import { startWholeSystem, type WholeSystem } from './fixtures/whole-system.ts';

const owned = new AsyncDisposableStack();
let system: WholeSystem;
let browser: TestBrowser;
beforeAll(async () => {
  [system, browser] = await Promise.all([startWholeSystem(), launchTestBrowser()]);
  owned.use(system);
  owned.use(browser);
});
afterAll(() => owned.disposeAsync());

/** Areas of the sample nation that wait for an encoder. */
const feedOf = (facilityId: string, area: string) => {
  const areaId = `${facilityId}-${area}`;
  return { facilityId, areaId, feedId: `${areaId}-cam-1` };
};
const publish = async (feed: ReturnType<typeof feedOf>, settings: GstSettings) =>
  new GstPublisher({
    url: `${system.server.origin}/whip/${feed.feedId}`,
    key: await system.server.facilityKey(feed.facilityId),
    settings,
  });

describe('GStreamer webrtcbin', () => {
  test.each([
    ['constrained-baseline', 'tune=zerolatency speed-preset=ultrafast', feedOf('ua-05-itt-1', 'corridor')],
    ['main', 'bframes=0 speed-preset=ultrafast cabac=true', feedOf('ua-07-itt-2', 'corridor')],
    ['high', 'bframes=0 speed-preset=ultrafast cabac=true dct8x8=true', feedOf('ua-09-itt-1', 'reception')],
  ])('publishes H.264 %s, and a wall decodes it', async (profile, encoder, feed) => {
    await using encoderProcess = await publish(feed, { encoder, caps: `profile=${profile}` });
    const { status, headers } = await encoderProcess.answered();
    expect(status).toBe(201);
    expect(headers.Location).toMatch(new RegExp(`^/whip/${feed.feedId}/sfu-test\\.`));
    await encoderProcess.connected();
    const page = await WatchingPage.open(system.server, browser, 'situation');
    const consumer = await page.see(feed.feedId);
    await page.seesMore(consumer, 30);
    expect((await page.stats(consumer)).width).toBe(320);
    expect(await page.feed(feed.areaId, feed.feedId)).toMatchObject({ state: 'live' });
    expect(await encoderProcess.stop()).toBe(200);
    const isIdle = async () => (await page.feed(feed.areaId, feed.feedId)).state === 'idle';
    await eventually('the feed is idle', isIdle);
  });

  test('with B-frames is put out within seconds, and then told which setting to change', async () => {
    const feed = feedOf('ua-12-itt-4', 'corridor');
    const settings = { encoder: 'bframes=2 b-adapt=false speed-preset=ultrafast', caps: 'profile=main' };
    const page = await WatchingPage.open(system.server, browser, 'situation');
    await using first = await publish(feed, settings);
    expect((await first.answered()).status).toBe(201);
    const isFaulty = async () => {
      const { state, faults } = await page.feed(feed.areaId, feed.feedId);
      return state === 'lost' && faults?.includes('b-frames');
    };
    await eventually('the fault is told', isFaulty, { withinMs: 15_000 });
    expect(await first.stop()).toBe(200);
    expect(await isFaulty()).toBe(true);
    await using second = await publish(feed, settings);
    const { status, body } = await second.answered();
    expect([status, JSON.parse(body)]).toMatchObject([
      406,
      { code: 'codec_unsupported', detail: expect.stringMatching(/B-frames.*bframes=0/) },
    ]);
  });
});

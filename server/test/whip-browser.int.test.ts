import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { type EncoderBrowser, launchEncoderBrowser } from './fixtures/encoder-page.ts';
import { WatchingPage } from './fixtures/watching-page.ts';
import { startWholeSystem, type WholeSystem } from './fixtures/whole-system.ts';

const FACILITY = 'ua-05-itt-1';
const AREA = 'ua-05-itt-1-corridor';
const FEED = 'ua-05-itt-1-corridor-cam-1';

/** Where there is none: the browser is to be told of it, and gets through without. */
const TURN = { urls: ['turn:127.0.0.1:9?transport=udp'], username: 'somebody', credential: 'something' };

const owned = new AsyncDisposableStack();
let system: WholeSystem;
let encoders: EncoderBrowser;
let browser: TestBrowser;
beforeAll(async () => {
  [system, encoders, browser] = await Promise.all([
    startWholeSystem({ WHIP_WHEN_BUSY: 'replace', ICE_SERVERS: JSON.stringify([TURN]) }),
    launchEncoderBrowser(),
    launchTestBrowser(),
  ]);
  owned.use(system);
  owned.use(encoders);
  owned.use(browser);
});
afterAll(() => owned.disposeAsync());

/** A browser on another site that publishes its camera with the library whip-whep. */
async function publish({ audio }: { audio: boolean }) {
  const page = await encoders.open();
  const key = await system.server.facilityKey(FACILITY);
  const options = { url: `${system.server.origin}/whip/${FEED}`, key, audio };
  const requests: string[] = [];
  page.on('response', (response) => {
    requests.push(`${response.request().method()} ${response.status()}`);
  });
  await page.evaluate((it) => window.encoder.publish(it), options);
  await eventually('it is connected', async () => {
    return (await page.evaluate(() => window.encoder.state())) === 'connected';
  });
  return { page, requests };
}

describe('a browser with a WHIP client that others wrote', () => {
  test('publishes its camera with sound from another site, adds candidates, restarts ICE, and stops', async () => {
    const { page, requests } = await publish({ audio: true });
    const watching = await WatchingPage.open(system.server, browser, 'situation');
    const consumer = await watching.see(FEED);
    await watching.seesMore(consumer, 20);
    expect(await watching.feed(AREA, FEED)).toMatchObject({ state: 'live', layers: ['low'] });
    expect(requests).toEqual(expect.arrayContaining(['POST 201', 'PATCH 204']));
    expect(requests.filter((one) => / [45]/.test(one))).toEqual([]);

    expect(await page.evaluate(() => window.encoder.iceServers())).toMatchObject([TURN]);

    const restarted = await page.evaluate(() => window.encoder.restart());
    expect(restarted.status).toBe(200);
    expect(restarted.after).not.toBe(restarted.before);
    // The browser has gone over to the new generation, and the picture has gone on.
    await eventually('the new generation is in use', async () => {
      const { remoteUfrag } = await page.evaluate(() => window.encoder.pair());
      return remoteUfrag === restarted.after;
    });
    await watching.seesMore(consumer, 20);

    await page.evaluate(() => window.encoder.stop());
    await eventually('the feed is idle', async () => (await watching.feed(AREA, FEED)).state === 'idle');
    expect(requests).toContain('DELETE 200');
    await page.close();
  });

  test('takes the place of another one where the newest wins, and the wall sees it', async () => {
    const first = await publish({ audio: false });
    const watching = await WatchingPage.open(system.server, browser, 'situation');
    await watching.see(FEED);
    const second = await publish({ audio: false });
    await watching.see(FEED);
    await eventually('the first one is out', async () => {
      return (await first.page.evaluate(() => window.encoder.state())) !== 'connected';
    });
    await second.page.evaluate(() => window.encoder.stop());
    await Promise.all([first.page.close(), second.page.close()]);
  });
});

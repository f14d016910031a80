import { afterAll, beforeAll, expect, test } from 'vitest';
import { AreaView } from '#contract/areas.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { startWholeSystem, type WholeSystem } from './fixtures/whole-system.ts';

const FACILITY = 'ua-05-itt-1';
const AREA = 'ua-05-itt-1-corridor';
const FEED = 'ua-05-itt-1-corridor-cam-1';

const owned = new AsyncDisposableStack();
let system: WholeSystem;
let browser: TestBrowser;
beforeAll(async () => {
  [system, browser] = await Promise.all([
    startWholeSystem({ FEED_LOOK_S: '1' }, { SFU_STILLS_EVERY_MS: '1000' }),
    launchTestBrowser(),
  ]);
  owned.use(system);
  owned.use(browser);
});
afterAll(() => owned.disposeAsync());

test('a camera that somebody has covered is found though it is on no wall, and so is that it is uncovered', async () => {
  const { page } = await browser.open();
  const offer = await page.evaluate(() => window.publisher.offer({ codec: 'video/VP8' }));
  const published = await fetch(`${system.server.origin}/whip/${FEED}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await system.server.facilityKey(FACILITY)}`,
      'content-type': 'application/sdp',
    },
    body: offer,
  });
  const answer = await published.text();
  expect(published.status, answer).toBe(201);
  await page.evaluate((sdp) => window.publisher.answer(sdp), answer);

  const caller = await system.server.signIn('situation');
  const becomes = (state: string) =>
    eventually(
      `the feed is ${state}`,
      async () => {
        const { feeds } = AreaView.parse((await caller.get(`/api/v1/areas/${AREA}`)).body);
        return feeds.find(({ id }) => id === FEED)?.state === state;
      },
      { withinMs: 40_000 },
    );
  await becomes('faulty');
  await page.evaluate(() => window.publisher.showSomething());
  await becomes('live');
  expect((await caller.get(`/api/v1/feeds/${FEED}/poster.jpg`)).status).toBe(404);
  expect(system.sfu.figures()).toMatchObject({ viewers: 0, consumers: 0 });
  await page.close();
});

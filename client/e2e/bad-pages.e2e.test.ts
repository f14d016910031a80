import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openSession } from './fixtures/api.ts';
import { enrolScreen, showsAreas } from './fixtures/display-screens.ts';
import { systemForFile } from './fixtures/started.ts';
import { plainCells, sampleNation } from './fixtures/tiles.ts';

const HOUR_MS = 3_600_000;

const varta = systemForFile();

test('a path that is no page is a page that says so to people, and a problem to programs', async () => {
  await using console = await varta.signIn('situation');
  const { page } = console;
  const reply = await page.goto(`${varta.system.url}/wall/of/yesterday`);
  expect(reply?.status()).toBe(404);
  await page.getByText('Такої сторінки немає').waitFor();
  await page.getByRole('link', { name: 'До стіни' }).click();
  await page.locator('[data-area-id]').first().waitFor();
  const asked = await fetch(`${varta.system.url}/wall/of/yesterday`);
  expect(asked.headers.get('content-type')).toContain('application/problem+json');
  const api = await page.goto(`${varta.system.url}/api/v1/nothing`);
  expect(api?.headers()['content-type']).toContain('application/problem+json');
});

test.each([
  ['an area that was removed', 'situation', '/?area=ua-68-itt-99-cell-1', 'Такої зони немає'],
  ['an area that one may not see', 'duty-68', '/?area=ua-05-itt-1-cell-1', 'Такої зони немає'],
  [
    'a layout that is gone',
    'situation',
    '/?layout=11111111-1111-4111-8111-111111111111',
    'Такої розкладки немає',
  ],
  ['a page that one’s role does not have', 'duty-68', '/admin', 'Ваша роль не передбачає'],
  ['a case that there is not', 'situation', '/cases/ua-68-itt-1/no-such-case', 'немає'],
])('a link to %s says so', async (_, user, path, words) => {
  await using console = await varta.signIn(user, { path });
  await console.page.getByText(words).first().waitFor();
});

/** Turns a page's clock. */
const turnClock = (ms: number) => async (page: Page) => {
  await page.addInitScript((off) => {
    const { now } = Date;
    Date.now = () => now() + off;
  }, ms);
};

/** The page says that it is as late as it is, and calls no picture old. */
async function tellsTheTime(page: Page): Promise<void> {
  await page.locator('[data-area-id][data-state="live"]').first().waitFor({ timeout: 60_000 });
  expect(await page.locator('[data-fresh="frozen"]').count()).toBe(0);
  const shown = await page.getByTestId('data-age').textContent();
  const kyiv = (atMs: number) =>
    new Date(atMs).toLocaleTimeString('uk', {
      timeZone: 'Europe/Kyiv',
      hour: '2-digit',
      minute: '2-digit',
    });
  expect([kyiv(Date.now()), kyiv(Date.now() - 60_000)]).toContain(/(\d\d:\d\d):\d\d/.exec(shown ?? '')?.[1]);
}

test.each([-HOUR_MS, HOUR_MS])(
  'a machine whose clock is %d ms wrong shows the server’s time, and no picture is called old',
  async (ms) => {
    await using console = await varta.signIn('situation', {
      path: '/?region=UA-68&feedSource=edge&kind=cell&grid=4',
      prepare: turnClock(ms),
    });
    await tellsTheTime(console.page);
  },
);

test.each([-HOUR_MS, HOUR_MS])(
  'a display whose clock is %d ms wrong changes with the others, and shows the server’s time',
  async (ms) => {
    const session = await openSession(varta.system.url, 'situation');
    const { page, id } = await enrolScreen(varta.browser, {
      url: varta.system.url,
      session,
      name: `Годинник ${ms}`,
      prepare: turnClock(ms),
    });
    const areaIds = sampleNation()
      .areas.filter(
        ({ kind, feeds, privacy }) =>
          kind === 'cell' && privacy !== 'forbidden-when-occupied' && feeds[0]?.source === 'edge',
      )
      .slice(0, 2)
      .map((area) => area.id);
    const scene = (name: string) => ({ name, rows: 1, columns: 2, fill: { kind: 'areas', areaIds } });
    const scenes = [scene('Перша'), scene('Друга')];
    await session.post('/api/v1/displays/push', { displayIds: [id], scenes, dwellS: 5 });
    // Neither an hour early nor an hour late.
    for (const name of ['Перша', 'Друга', 'Перша'])
      await page.locator(`[data-scene="${name}"]`).waitFor({ timeout: 15_000 });
    await tellsTheTime(page);
    await page.context().close();
  },
);

/** Frames that the wall's videos have shown together. */
const framesOf = (page: Page) =>
  page
    .locator('main video')
    .evaluateAll((videos) =>
      videos
        .filter((video) => video instanceof HTMLVideoElement)
        .reduce((sum, video) => sum + video.getVideoPlaybackQuality().totalVideoFrames, 0),
    );

test('a page whose code does not come takes neither wall nor alarms, and comes when it is asked for again', async () => {
  const code = '**/assets/MapPage*';
  await using console = await varta.signIn('situation', {
    path: '/?region=UA-68&feedSource=edge&kind=cell&grid=4',
    prepare: async (page) => {
      await page.route(code, (route) => route.abort());
    },
  });
  const { page } = console;
  const goTo = (name: string) => page.getByRole('link', { name, exact: true }).click();
  const alarm = page.locator('#alarm-list article').first();
  const live = page.locator('[data-area-id][data-state="live"]').first();
  await live.waitFor({ timeout: 60_000 });
  await alarm.waitFor();

  await goTo('Мапа');
  const fault = page.locator('[data-page-fault="missing"]', {
    hasText: 'Цю сторінку не вдалося завантажити',
  });
  await fault.waitFor();
  expect(await alarm.isVisible()).toBe(true);

  await goTo('Стіна');
  await live.waitFor({ timeout: 60_000 });
  const before = await framesOf(page);
  await expect.poll(() => framesOf(page), { timeout: 30_000 }).toBeGreaterThan(before + 20);

  await goTo('Мапа');
  await fault.waitFor();
  await page.unroute(code);
  await fault.getByRole('button', { name: 'Спробувати ще раз' }).click();
  const map = page.locator('section[data-map][data-open="true"]');
  await map.locator('canvas').first().waitFor({ timeout: 60_000 });
  // Its styles have come, too.
  expect(await map.evaluate((section) => getComputedStyle(section).position)).toBe('absolute');
  expect(await alarm.isVisible()).toBe(true);
});

test('a display that fails says so, and is loaded anew by itself', async () => {
  const session = await openSession(varta.system.url, 'situation');
  const { page, id } = await enrolScreen(varta.browser, { url: varta.system.url, session, name: 'Помилка' });
  await page.getByText('На цей екран ще нічого не виведено').waitFor();
  // What only a scene needs fails, until the page is loaded anew.
  await page.evaluate(() => {
    window.ResizeObserver = class extends ResizeObserver {
      constructor() {
        super(() => {});
        throw new Error('a fault of the program');
      }
    };
  });
  const areaIds = plainCells(2);
  const loaded = page.waitForEvent('load', { timeout: 60_000 });
  const scenes = [{ name: 'Дві камери', rows: 1, columns: 2, fill: { kind: 'areas', areaIds } }];
  await session.post('/api/v1/displays/push', { displayIds: [id], scenes, dwellS: 30 });
  await page.getByText('Цей екран зупинився через помилку').waitFor();
  await loaded;
  await showsAreas(page, areaIds, 'after the page was loaded anew');
  await page.context().close();
});

import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import { DisplayList } from '#contract/displays.ts';
import { openSession, type Session } from './fixtures/api.ts';
import type { Console } from './fixtures/browser.ts';
import { enrolScreen, showsAreas } from './fixtures/display-screens.ts';
import { mapIsDrawn } from './fixtures/map-pixels.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';
import { sampleNation } from './fixtures/tiles.ts';

const { areas } = sampleNation();
const cells = areas.filter(
  ({ kind, feeds, privacy }) =>
    kind === 'cell' && privacy !== 'forbidden-when-occupied' && feeds[0]?.source === 'edge',
);
const [first = '', second = '', third = '', fourth = ''] = cells.map(({ id }) => id);

const varta = systemForFile();
let session: Session;
let desk: Console;
let context: BrowserContext;
let screen: Page;

beforeAll(async () => {
  session = await openSession(varta.system.url, 'situation');
  desk = await varta.signIn('situation', { path: '/displays' });
  context = await varta.browser.newContext({ viewport: { width: 1920, height: 1080 } });
  screen = await context.newPage();
  await screen.goto(`${varta.system.url}/display`);
});

const shows = (areaIds: readonly string[], when: string) => showsAreas(screen, areaIds, when);
const displays = async () => DisplayList.parse(await (await session.get('/api/v1/displays')).json()).items;
const scene = (name: string, areaIds: readonly string[]) => ({
  name,
  rows: 1,
  columns: 2,
  fill: { kind: 'areas', areaIds },
});
const push = async (scenes: object[], dwellS = 30) => {
  const [display] = await displays();
  const reply = await session.post('/api/v1/displays/push', { displayIds: [display?.id], scenes, dwellS });
  expect(await reply.json()).toMatchObject({ items: [{ displayId: display?.id }] });
};

test('a fresh screen is paired from the console, and shows what is pushed', async () => {
  const code = (await screen.getByTestId('pairing-code').textContent()) ?? '';
  await desk.page.getByRole('button', { name: 'Додати екран' }).first().click();
  const dialog = desk.page.getByRole('dialog');
  await dialog.getByLabel('Код на екрані').fill(code.toLowerCase());
  await dialog.getByLabel('Назва').fill('Ліва стіна');
  await dialog.getByRole('button', { name: 'Додати екран' }).click();
  await screen.getByText('На цей екран ще нічого не виведено').waitFor();
  const [display] = await displays();
  expect(new URL(screen.url()).pathname).toBe(`/display/${display?.id}`);

  await push([scene('Дві камери', [first, second])]);
  await shows([first, second], 'after the push');
  // The console knows it from the display itself.
  await desk.page
    .locator('[data-display-id] [data-health="well"]', { hasText: 'Наживо 2 з 2' })
    .waitFor({ timeout: 40_000 });
});

/** Areas of the tiles on a page, by their places. */
const inPlaces = (page: Page) =>
  page
    .locator('[data-area-id][data-slot]')
    .evaluateAll((tiles) =>
      (tiles as HTMLElement[])
        .toSorted((a, b) => Number(a.dataset.slot) - Number(b.dataset.slot))
        .map(({ dataset }) => dataset.areaId),
    );

test('from the console by hand: the page that the wall was turned to is put on the display, area by area', async () => {
  const { page } = desk;
  await page.goto(`${varta.system.url}/?grid=3x2&feedSource=edge&kind=cell`);
  const isFull = () => eventually('six tiles', 30_000, async () => (await inPlaces(page)).length === 6);
  await isFull();
  const firstPage = await inPlaces(page);
  await page.keyboard.press('PageDown');
  await eventually('the wall is turned', 30_000, async () =>
    (await inPlaces(page)).every((id) => !firstPage.includes(id)),
  );
  await isFull();
  const seen = await inPlaces(page);
  await page.getByRole('navigation', { name: 'Розділи' }).getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Екрани' }).click();
  await page.locator('[data-display-id]').getByRole('button', { name: 'Вивести' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Назва сцени').fill('Зі стіни');
  await dialog.getByRole('button', { name: 'Вивести' }).click();
  await screen.locator('[data-scene="Зі стіни"] [data-area-id]').nth(5).waitFor();
  expect(await inPlaces(screen)).toEqual(seen);
});

test('a display comes back with the same scene after a reload, and after the server was killed', async () => {
  await push([scene('Дві камери', [first, second])]);
  await shows([first, second], 'before');
  await screen.reload();
  await shows([first, second], 'after a reload');
  const server = varta.system.processOf('server');
  process.kill(server?.pid ?? -1, 'SIGKILL');
  await eventually('the server is another one', 30_000, async () => {
    const now = varta.system.processOf('server');
    return now !== undefined && now.pid !== server?.pid && (await varta.system.ready());
  });
  await shows([first, second], 'after a kill of the server');
});

test('a display without a network says so, is seen to be away, and comes back by itself', async () => {
  await push([scene('Дві камери', [first, second])]);
  await shows([first, second], 'before');
  const card = desk.page.locator('[data-display-id]');
  await card.locator('img').first().waitFor({ timeout: 60_000 });
  await context.setOffline(true);
  await screen
    .getByTestId('data-age')
    .getByText(/^немає зв’язку з /)
    .waitFor({ timeout: 60_000 });
  await card.locator('[data-health="away"]').waitFor({ timeout: 60_000 });
  await card.locator('[data-away]', { hasText: /^Не озивається з (\d+ \S+ о )?\d\d:\d\d:\d\d$/ }).waitFor();
  expect(await card.locator('img').count()).toBe(0);
  await context.setOffline(false);
  await shows([first, second], 'after the network was away');
  await card.locator('[data-health="well"]', { hasText: 'Наживо 2 з 2' }).waitFor({ timeout: 40_000 });
  expect(await card.locator('[data-away]').count()).toBe(0);
});

test('a tour goes on by itself; an alarm holds its cell until somebody acknowledges', async () => {
  const flagId = crypto.randomUUID();
  await push([scene('Перша', [first, second]), scene('Друга', [third, fourth])], 5);
  await screen.locator('[data-scene="Друга"]').waitFor();
  await screen.locator('[data-scene="Перша"]').waitFor();
  await session.post('/api/v1/flags', {
    id: flagId,
    areaId: first,
    category: 'medical',
    severity: 1,
    note: '',
  });
  // In both scenes its place keeps it.
  for (const name of ['Друга', 'Перша', 'Друга'])
    await screen.locator(`[data-scene="${name}"] [data-held] [data-area-id="${first}"]`).waitFor();
  expect(await screen.locator(`[data-scene="Друга"] [data-area-id="${third}"]`).count()).toBe(0);
  await session.post(`/api/v1/flags/${flagId}/transitions`, { to: 'acknowledged', version: 1 });
  await screen.locator(`[data-scene="Друга"] [data-area-id="${third}"]`).waitFor();
  await screen.locator(`[data-scene="Друга"] [data-area-id="${first}"]`).waitFor({ state: 'detached' });
});

test('a map is drawn once for its tour; an alarm comes beside it, and goes when somebody acknowledges', async () => {
  const flagId = crypto.randomUUID();
  const map = {
    name: 'Країна',
    rows: 2,
    columns: 4,
    fill: { kind: 'map', filter: NO_FILTER, measure: 'state' },
  };
  await push([map, scene('Дві камери', [first, second])], 3_600);
  const box = screen.locator('[data-scene="Країна"] [data-scene-map="state"][data-open="true"]');
  await mapIsDrawn(screen);
  expect(await screen.locator('[data-area-id][data-state]').count()).toBe(0);
  await screen.locator('[data-scene-map] canvas').evaluate((canvas) => canvas.setAttribute('data-first', ''));

  await session.post('/api/v1/flags', {
    id: flagId,
    areaId: first,
    category: 'medical',
    severity: 1,
    note: '',
  });
  const held = screen.locator(`[data-scene="Країна"] [data-held] [data-area-id="${first}"]`);
  await held.waitFor();
  const [mapBox, tileBox] = [await box.boundingBox(), await held.boundingBox()];
  expect((mapBox?.x ?? 0) + (mapBox?.width ?? Infinity)).toBeLessThanOrEqual(tileBox?.x ?? 0);
  await session.post(`/api/v1/flags/${flagId}/transitions`, { to: 'acknowledged', version: 1 });
  await held.waitFor({ state: 'detached' });
  expect((await box.boundingBox())?.width).toBe(1920);

  for (const [step, name] of [
    ['next', 'Дві камери'],
    ['previous', 'Країна'],
  ]) {
    const [display] = await displays();
    const body = { version: display?.show?.version, step };
    expect((await session.post(`/api/v1/displays/${display?.id}/tour`, body)).ok).toBe(true);
    await screen.locator(`[data-scene="${name}"]`).waitFor();
  }
  await box.locator('canvas[data-first]').waitFor();
});

test('on a display that consents an alarm of level 1 takes the first place, until somebody acknowledges', async () => {
  const [display] = await displays();
  if (!display) throw new Error('there is no display');
  const { name, place, diagonalInches, distanceM } = display;
  const placing = (spot: boolean) =>
    session.post(`/api/v1/displays/${display.id}/placing`, { name, place, diagonalInches, distanceM, spot });
  await push([scene('Дві камери', [first, second])]);
  await screen.locator('[data-scene="Дві камери"]').waitFor();
  const raise = async () => {
    const id = crypto.randomUUID();
    await session.post('/api/v1/flags', { id, areaId: third, category: 'medical', severity: 1, note: '' });
    return id;
  };
  const flagId = await raise();
  expect((await placing(true)).ok).toBe(true);
  await screen.locator(`[data-held] [data-area-id="${third}"][data-slot="0"]`).waitFor();
  await shows([third, second], 'while the alarm calls');
  await session.post(`/api/v1/flags/${flagId}/transitions`, { to: 'acknowledged', version: 1 });
  await screen.locator(`[data-area-id="${first}"][data-slot="0"]`).waitFor();
  await screen.locator(`[data-area-id="${third}"]`).waitFor({ state: 'detached' });
  await placing(false);
});

test('a tour is made by hand on the console, kept, and put on the display', async () => {
  const { page } = desk;
  await page.goto(`${varta.system.url}/displays/tours`);
  await page.getByRole('button', { name: 'Новий тур' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Назва туру').fill('Нічний обхід');
  for (const text of [first, second]) {
    await dialog.getByRole('button', { name: 'Нова сцена' }).click();
    await dialog.getByLabel('Зона на місці 1').fill(text);
    await dialog
      .locator('button', { hasText: /^Камера \d+, / })
      .last()
      .click();
  }
  await dialog.getByRole('button', { name: 'Раніше: Сцена 2' }).click();
  await dialog.getByRole('button', { name: 'Зберегти тур' }).click();
  await page.locator('[data-tour="Нічний обхід"]', { hasText: 'Сцена 2 → Сцена 1' }).waitFor();
  await page.goto(`${varta.system.url}/displays`);
  await page.locator('[data-display-id]').getByRole('button', { name: 'Вивести' }).click();
  await dialog.getByLabel('Збережений тур').check();
  await dialog.getByLabel(/^Нічний обхід/).check();
  await dialog.getByRole('button', { name: 'Вивести' }).click();
  await screen.locator(`[data-scene="Сцена 2"] [data-area-id="${second}"]`).waitFor();
});

test('a display that is revoked while it plays gets its last packet within a second, and says so', async () => {
  await push([scene('Дві камери', [first, second])]);
  await shows([first, second], 'before it is revoked');
  const [display] = await displays();
  // Frames of the videos themselves, also when their tiles are gone already.
  const lastMs = screen.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const videos = [...document.querySelectorAll('video')];
        const frames = () =>
          videos.reduce((sum, video) => sum + video.getVideoPlaybackQuality().totalVideoFrames, 0);
        let seen = frames();
        let atMs = Date.now();
        const timer = setInterval(() => {
          const now = frames();
          if (now !== seen) atMs = Date.now();
          seen = now;
          if (Date.now() - atMs < 3_000) return;
          clearInterval(timer);
          resolve(atMs);
        }, 20);
      }),
  );
  const revokedMs = Date.now();
  expect((await session.post(`/api/v1/displays/${display?.id}/revocation`, { reason: 'e2e' })).ok).toBe(true);
  await screen.getByText('Цей екран відкликано').waitFor();
  expect((await lastMs) - revokedMs).toBeLessThan(1_000);
  await screen.reload();
  await screen.getByText('Цей екран відкликано').waitFor();
  expect(await displays()).toEqual([]);
});

test('a display that is revoked while its link is away says so when the link comes back', async () => {
  let isAway = true;
  const prepare = (page: Page) =>
    page.routeWebSocket('**/socket.io/**', (socket) => {
      if (isAway) void socket.close();
      else socket.connectToServer();
    });
  const { id, page } = await enrolScreen(varta.browser, {
    url: varta.system.url,
    session,
    name: 'Без зв’язку',
    prepare,
  });
  expect((await session.post(`/api/v1/displays/${id}/revocation`, { reason: 'e2e' })).ok).toBe(true);
  expect(await page.getByText('Цей екран відкликано').count()).toBe(0);
  isAway = false;
  await page.getByText('Цей екран відкликано').waitFor();
});

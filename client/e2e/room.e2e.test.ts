import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import { DisplayList } from '#contract/displays.ts';
import { openSession, type Session } from './fixtures/api.ts';
import type { Console } from './fixtures/browser.ts';
import {
  enrolScreen,
  movingAreas,
  PX_PER_MM,
  SCREEN_PX,
  type Screen,
  showsAreas,
} from './fixtures/display-screens.ts';
import { mapIsDrawn, readMap } from './fixtures/map-pixels.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';
import { sampleNation } from './fixtures/tiles.ts';

const areaIds = sampleNation()
  .areas.filter(
    ({ kind, feeds, privacy }) =>
      kind === 'cell' && privacy !== 'forbidden-when-occupied' && feeds[0]?.source === 'edge',
  )
  .map(({ id }) => id);

const varta = systemForFile();
let session: Session;
/** Two operators, each at a console of their own. */
let pushes: Console;
let looks: Console;
let screens: readonly Screen[];

beforeAll(async () => {
  session = await openSession(varta.system.url, 'situation');
  const path = '/displays?feedSource=edge&kind=cell';
  pushes = await varta.signIn('situation', { path });
  looks = await varta.signIn('situation', { path });
  screens = await Promise.all(
    ['Ліва', 'Середня', 'Права'].map((name) =>
      enrolScreen(varta.browser, { url: varta.system.url, session, name }),
    ),
  );
});

/** A scene of the wall's first areas, put on all displays by hand. */
async function pushByHand(name: string, columns: number): Promise<void> {
  const { page } = pushes;
  await page.getByRole('button', { name: 'Вивести на екрани' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Назва сцени').fill(name);
  await dialog.getByLabel('Рядків').fill('1');
  await dialog.getByLabel('Стовпців').fill(String(columns));
  await dialog.getByRole('button', { name: 'Вивести', exact: true }).click();
  // It closes when the server has acknowledged.
  await dialog.waitFor({ state: 'detached' });
}

/** Every display shows this scene, and the same areas as the others, each with its own moving picture. */
async function allShow(name: string, columns: number): Promise<void> {
  await eventually(`all displays show ${name}`, 60_000, async () => {
    const shown = await Promise.all(screens.map(({ page }) => movingAreas(page)));
    const scenes = await Promise.all(
      screens.map(({ page }) => page.locator('[data-scene]').getAttribute('data-scene')),
    );
    return (
      scenes.every((scene) => scene === name) &&
      shown.every((areas) => areas.length === columns && areas.join() === shown[0]?.join())
    );
  });
}

/** The other operator sees all of it small, as the displays themselves say. */
async function isSeenSmall(name: string, columns: number): Promise<void> {
  for (const { id } of screens) {
    const card = looks.page.locator(`[data-display-id="${id}"]`);
    await card.getByText(name, { exact: true }).waitFor();
    const live = card.locator('li[data-state="live"]');
    await eventually('the miniature is whole', 40_000, async () => (await live.count()) === columns);
  }
}

test('two consoles and three displays stay in step through a kill of the server', async () => {
  await pushByHand('Перша', 2);
  await allShow('Перша', 2);
  await isSeenSmall('Перша', 2);

  await pushByHand('Друга', 3);
  // Acknowledged, and not a moment more.
  const server = varta.system.processOf('server');
  process.kill(server?.pid ?? -1, 'SIGKILL');
  await eventually('the server is another one', 30_000, async () => {
    const now = varta.system.processOf('server');
    return now !== undefined && now.pid !== server?.pid && (await varta.system.ready());
  });
  await allShow('Друга', 3);
  await isSeenSmall('Друга', 3);

  // Nobody has loaded a page anew.
  await pushByHand('Третя', 1);
  await allShow('Третя', 1);
  await isSeenSmall('Третя', 1);
});

const BEZEL_MM = 60;
/** Where the second display's picture begins, counted from where the first one's does. */
const PITCH_PX = SCREEN_PX.width + BEZEL_MM * PX_PER_MM;

/** Left edges of the tiles that a display of the wall has, by place, in pixels of the whole wall. */
function leftEdges({ page }: Screen, offsetPx: number): Promise<Map<number, number>> {
  return page
    .locator('[data-slot]')
    .evaluateAll((tiles) =>
      tiles.map((tile): [number, number] => [
        Number((tile as HTMLElement).dataset.slot),
        tile.getBoundingClientRect().left,
      ]),
    )
    .then((edges) => new Map(edges.map(([slot, left]) => [slot, left + offsetPx])));
}

/** When the page has this scene, by the machine's clock; asked before it comes. */
function sceneComes(page: Page, name: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (document.querySelector('[data-scene]')?.getAttribute('data-scene') !== wanted) return;
          observer.disconnect();
          resolve(Date.now());
        });
        observer.observe(document.body, { attributes: true, childList: true, subtree: true });
      }),
    name,
  );
}

test('one scene goes over two displays as if the frames between them were a window’s, and changes on both at once', async () => {
  const [left, right] = screens;
  if (!left || !right) throw new Error('no displays');
  const displayIds = [left.id, right.id];
  const kept = await session.post('/api/v1/walls', {
    name: 'Дві поруч',
    places: [displayIds],
    bezelXMm: BEZEL_MM,
    bezelYMm: 0,
    shared: { kind: 'own' },
  });
  const { id: wallId } = (await kept.json()) as { id: string };
  const push = async (name: string) => {
    const fill = { kind: 'areas', areaIds: areaIds.slice(0, 3) };
    const body = { displayIds, wallId, scenes: [{ name, rows: 1, columns: 3, fill }], dwellS: 30 };
    expect((await session.post('/api/v1/displays/push', body)).ok).toBe(true);
  };
  await push('Через дві');
  // The middle one lies behind the frame: either display has its part of it.
  await showsAreas(left.page, areaIds.slice(0, 2), 'on the left');
  await showsAreas(right.page, areaIds.slice(1, 3), 'on the right');
  const [here, there] = await Promise.all([leftEdges(left, 0), leftEdges(right, PITCH_PX)]);
  const [first = 0, second = 0] = [here.get(0), here.get(1)];
  const [secondThere = 0, third = 0] = [there.get(1), there.get(2)];
  expect(Math.abs(second - secondThere)).toBeLessThan(1.5);
  expect(Math.abs(third - second - (second - first))).toBeLessThan(1.5);

  // A busy machine paints one page later than the other now and then: it is to have been together once, and never early.
  let attempt = 0;
  await eventually('both change within 50 ms', 60_000, async () => {
    attempt += 1;
    const name = `Разом ${attempt}`;
    const seen = Promise.all([left, right].map(({ page }) => sceneComes(page, name)));
    await push(name);
    const { items } = DisplayList.parse(await (await session.get('/api/v1/displays')).json());
    const anchorMs = Date.parse(items.find(({ id }) => id === left.id)?.show?.anchorAt ?? '');
    const [one = 0, two = Infinity] = await seen;
    expect(Math.min(one, two)).toBeGreaterThan(anchorMs - 20);
    return Math.abs(one - two) <= 50;
  });
});

test('one map goes over two displays: each draws its part of it, and only the left one has the legend', async () => {
  const [left, right] = screens;
  if (!left || !right) throw new Error('no displays');
  const displayIds = [left.id, right.id];
  const kept = await session.post('/api/v1/walls', {
    name: 'Мапа на двох',
    places: [displayIds],
    bezelXMm: 0,
    bezelYMm: 0,
    shared: { kind: 'own' },
  });
  const { id: wallId } = (await kept.json()) as { id: string };
  const fill = { kind: 'map', filter: NO_FILTER, measure: 'space' };
  const body = { displayIds, wallId, scenes: [{ name: 'Країна', rows: 2, columns: 4, fill }], dwellS: 30 };
  expect((await session.post('/api/v1/displays/push', body)).ok).toBe(true);
  await Promise.all([left, right].map(({ page }) => mapIsDrawn(page)));
  const legends = [left, right].map(({ page }) => page.locator('[data-legend="space"]').count());
  expect(await Promise.all(legends)).toEqual([1, 0]);
  // Where they meet, what the one ends with goes on in the other; letters and slanting lines are another pixel further.
  await eventually('the picture goes on over the seam', 30_000, async () => {
    const [one, other] = await Promise.all([left, right].map(({ page }) => readMap(page)));
    if (!one || !other || new Set(one.rightEdge).size < 6) return false;
    const isOther = (value: number, at: number) => Math.abs(value - (other.leftEdge[at] ?? 0)) > 8;
    return one.rightEdge.filter(isOther).length < one.rightEdge.length / 20;
  });
});

test('a step at the console is one of the whole wall: both displays go to the next scene at once, pause, and are cleared', async () => {
  const [left, right] = screens;
  if (!left || !right) throw new Error('no displays');
  const displayIds = [left.id, right.id];
  const name = 'Тур на двох';
  const kept = await session.post('/api/v1/walls', {
    name,
    places: [displayIds],
    bezelXMm: 0,
    bezelYMm: 0,
    shared: { kind: 'role', role: 'situation' },
  });
  const { id: wallId } = (await kept.json()) as { id: string };
  const sceneOf = (scene: string, ids: readonly string[]) => ({
    name: scene,
    rows: 1,
    columns: 2,
    fill: { kind: 'areas', areaIds: ids },
  });
  const scenes = [sceneOf('Парна', areaIds.slice(0, 2)), sceneOf('Непарна', areaIds.slice(2, 4))];
  const pushed = await session.post('/api/v1/displays/push', { displayIds, wallId, scenes, dwellS: 3_600 });
  expect(pushed.ok).toBe(true);
  const { page } = looks;
  await page.goto(`${varta.system.url}/displays/walls`);
  const wall = page.locator(`[data-wall="${name}"]`);
  await wall.getByText('Парна · 1 з 2', { exact: true }).waitFor();
  await showsAreas(left.page, areaIds.slice(0, 1), 'on the left');

  let attempt = 0;
  await eventually('both take the step within 50 ms', 60_000, async () => {
    attempt += 1;
    const [scene, words] = attempt % 2 === 1 ? ['Непарна', 'Непарна · 2 з 2'] : ['Парна', 'Парна · 1 з 2'];
    const seen = Promise.all([left, right].map((screen) => sceneComes(screen.page, scene)));
    await wall.getByRole('button', { name: 'Наступна сцена' }).click();
    const [one = 0, two = Infinity] = await seen;
    // What the next step is decided on.
    await wall.getByText(words, { exact: true }).waitFor();
    return Math.abs(one - two) <= 50;
  });

  await wall.getByRole('button', { name: 'Пауза' }).click();
  for (const screen of [left, right]) await screen.page.getByText('пауза').waitFor();
  await wall.getByRole('button', { name: 'Прибрати з усієї стіни' }).click();
  for (const screen of [left, right])
    await screen.page.getByText('На цей екран ще нічого не виведено').waitFor();
});

/** By how much (ms) the displays differ in when they have a scene; asked before it comes. */
async function spreadOf(name: string): Promise<number> {
  const seen = await Promise.all(screens.map(({ page }) => sceneComes(page, name)));
  return Math.max(...seen) - Math.min(...seen);
}

test('a tour of scenes that a filter fills goes on while the server is killed, on all displays at once', async () => {
  const sceneOf = (name: string, place: string[]) => ({
    ...{ name, rows: 1, columns: 2 },
    fill: { kind: 'filter', filter: { ...NO_FILTER, place } },
  });
  const places = { Фільтр: areaIds.slice(0, 2), Другий: areaIds.slice(2, 4) };
  const scenes = Object.entries(places).map(([name, place]) => sceneOf(name, place));
  const displayIds = screens.map(({ id }) => id);
  const comes = spreadOf('Другий');
  const pushed = await session.post('/api/v1/displays/push', { displayIds, scenes, dwellS: 8 });
  expect(pushed.ok).toBe(true);
  await comes;

  const server = varta.system.processOf('server');
  process.kill(server?.pid ?? -1, 'SIGKILL');
  for (const name of ['Фільтр', 'Другий', 'Фільтр']) expect(await spreadOf(name)).toBeLessThan(1_000);
  expect(await varta.system.ready()).toBe(true);
  expect(varta.system.processOf('server')?.pid).not.toBe(server?.pid);
  for (const [name, place] of Object.entries(places)) {
    await eventually(`all displays show what ${name} asks for`, 60_000, async () => {
      const shown = await Promise.all(
        screens.map(async ({ page }) => [
          await page.locator('[data-scene]').getAttribute('data-scene'),
          ...(await movingAreas(page)).sort(),
        ]),
      );
      return shown.every((one) => one.join() === [name, ...place.toSorted()].join());
    });
  }
});

test('a camera that freezes is red within three seconds of its last picture, and says since when', async () => {
  await using wall = await varta.signIn('situation', {
    path: '/?grid=4&feedSource=edge&kind=cell',
  });
  const { page } = wall;
  await eventually('four cameras move', 60_000, async () => (await movingAreas(page)).length === 4);
  // Of each tile how old its last frame was when it went red; frames as the browser presents them.
  const frozen = page.evaluate(() =>
    Promise.all(
      [...document.querySelectorAll<HTMLElement>('[data-area-id][data-state]')].map(
        (tile) =>
          new Promise<number>((resolve) => {
            const video = tile.querySelector('video');
            let lastMs = performance.now();
            const note = (_: number, { presentationTime }: VideoFrameCallbackMetadata) => {
              lastMs = presentationTime;
              video?.requestVideoFrameCallback(note);
            };
            video?.requestVideoFrameCallback(note);
            const observer = new MutationObserver(() => {
              if (!tile.querySelector('[data-fresh="frozen"]')) return;
              observer.disconnect();
              resolve(performance.now() - lastMs);
            });
            observer.observe(tile, { attributes: true, childList: true, subtree: true });
          }),
      ),
    ),
  );
  const cameras = varta.system.processOf('sample')?.pid ?? -1;
  process.kill(cameras, 'SIGSTOP');
  try {
    const ages = await frozen;
    expect(ages).toHaveLength(4);
    expect(Math.max(...ages)).toBeLessThanOrEqual(3_000);
    // Not much before: a picture that stumbles is amber.
    expect(Math.min(...ages)).toBeGreaterThan(2_200);
    expect(await page.locator('[data-fresh="frozen"]').first().textContent()).toMatch(/\d\d:\d\d:\d\d/);
  } finally {
    process.kill(cameras, 'SIGCONT');
  }
  await eventually('the cameras move again', 60_000, async () => (await movingAreas(page)).length === 4);
});

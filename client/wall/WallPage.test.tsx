import '../design/base.css';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { Shell } from '../shell/Shell.tsx';
import {
  sampleArea,
  sampleDelta,
  sampleFlag,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';

const AREAS = Array.from({ length: 6 }, (_, index) =>
  sampleArea({ id: `cell-${index + 1}`, name: { uk: `Камера ${index + 1}`, en: `Cell ${index + 1}` } }),
);

let dispose = () => {};
let before = '';
beforeEach(async () => {
  before = location.href;
  await browserPage.viewport(1600, 900);
});
afterEach(() => {
  dispose();
  history.replaceState(null, '', before);
});

async function showWall(
  url: string,
  world: Parameters<typeof createTestDesk>[0] = {},
  prepare: (node: ReturnType<typeof createTestDesk>['node']) => void = () => {},
) {
  history.replaceState(null, '', url);
  const page = createTestDesk({
    registry: sampleWireRegistry({ areas: AREAS }),
    snapshot: [sampleSnapshot({ areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })) })],
    ...world,
  });
  prepare(page.node);
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <div style={{ height: '100vh' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  const tiles = () =>
    [...document.querySelectorAll<HTMLElement>('[data-area-id][data-state]')]
      .filter((tile) => tile.checkVisibility())
      .map((tile) => tile.dataset.areaId);
  const focused = () => document.activeElement?.closest<HTMLElement>('[data-area-id]')?.dataset.areaId;
  return { ...page, screen, tiles, focused };
}

test('arrows go from tile to tile, page keys turn the page, the URL follows', async () => {
  const { tiles, focused } = await showWall('/?grid=4');
  await expect.poll(tiles).toEqual(['cell-1', 'cell-2', 'cell-3', 'cell-4']);
  await userEvent.keyboard('{ArrowRight}');
  expect(focused()).toBe('cell-1');
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  expect(focused()).toBe('cell-4');
  await userEvent.keyboard('{PageDown}');
  await expect.poll(tiles).toEqual(['cell-5', 'cell-6']);
  expect(location.search).toBe('?grid=4&page=2');
  await userEvent.keyboard('{PageUp}');
  await expect.poll(tiles).toEqual(['cell-1', 'cell-2', 'cell-3', 'cell-4']);
});

test('F raises a flag on the tile that has the focus; while somebody types it is a letter', async () => {
  const { screen, tiles } = await showWall('/?grid=4');
  await expect.poll(tiles).toHaveLength(4);
  await userEvent.keyboard('{ArrowRight}{ArrowRight}f');
  await expect.element(screen.getByRole('dialog').getByText(/Камера 2/)).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => document.querySelector('[role="dialog"]')).toBeNull();
  await screen.getByRole('searchbox').fill('f');
  expect(document.querySelector('[role="dialog"]')).toBeNull();
});

test('two keys raise a flag from a tile, and they may come as fast as a hand is', async () => {
  const { posted, tiles } = await showWall('/?grid=4', { post: () => ({ ok: true, value: sampleFlag() }) });
  await expect.poll(tiles).toHaveLength(4);
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await userEvent.keyboard('f{Enter}');
  await expect.poll(() => posted.length).toBe(1);
  expect(posted[0]).toMatchObject({
    path: '/api/v1/flags',
    body: { areaId: 'cell-2', category: 'other', severity: 2 },
  });
  await expect.poll(() => document.querySelector('[role="dialog"]')).toBeNull();
});

test('F where no tile has the focus raises nothing: not on whatever lies where one was', async () => {
  const { desk, tiles, focused } = await showWall('/?grid=4');
  await expect.poll(tiles).toHaveLength(4);
  await userEvent.keyboard('f');
  expect(desk.view.store.getState().raising).toBeNull();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(focused()).toBe('cell-2');
  desk.view.setFilter({ text: 'камера 6' });
  await expect.poll(tiles).toEqual(['cell-6']);
  await userEvent.keyboard('f');
  expect(desk.view.store.getState().raising).toBeNull();
});

test('F on an alarm, to which T leads, raises a flag where that one is', async () => {
  const { desk, screen, tiles } = await showWall('/?grid=4', {
    snapshot: [sampleSnapshot({ flags: [sampleFlag({ areaId: 'cell-5' })] })],
  });
  await expect.poll(tiles).toHaveLength(4);
  await userEvent.keyboard('{ArrowRight}{ArrowRight}t');
  expect(document.activeElement?.closest('[data-flag-id]')).not.toBeNull();
  await userEvent.keyboard('f');
  expect(desk.view.store.getState().raising).toBe('cell-5');
  await expect.element(screen.getByRole('dialog').getByText(/Камера 5/)).toBeVisible();
});

const { areaId: _, ...WHOLE_FACILITY } = sampleFlag();
const ALIKE = Array.from({ length: 8 }, (_, index) =>
  sampleFlag({ id: `00000000-0000-4000-8000-00000000000${index}`, areaId: `cell-${1 + (index % 6)}` }),
);

test.each([
  ['of a whole facility', [WHOLE_FACILITY]],
  ['that stands for several', ALIKE],
])('F on an alarm %s raises nothing', async (_, flags) => {
  const { desk, tiles } = await showWall('/?grid=4', { snapshot: [sampleSnapshot({ flags })] });
  await expect.poll(tiles).toHaveLength(4);
  await expect.poll(() => document.querySelectorAll('#alarm-list [data-flag-id]').length).toBe(1);
  await userEvent.keyboard('{ArrowRight}t');
  expect(document.activeElement?.closest('[data-flag-id]')).not.toBeNull();
  await userEvent.keyboard('f');
  expect(desk.view.store.getState().raising).toBeNull();
});

test('Enter enlarges, the wall behind lets nothing flow, Escape comes back to the same tile', async () => {
  const { screen, node, tiles, focused } = await showWall('/?grid=4');
  const flowing = () => [...node.consumers].filter(([, { flowing }]) => flowing).map(([id]) => id);
  await expect.poll(flowing).toHaveLength(4);
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{Enter}');
  await expect.element(screen.getByRole('heading', { name: 'Камера 2' })).toBeVisible();
  expect(location.search).toContain('area=cell-2');
  await expect.poll(flowing).toEqual(['cell-2-cam-1']);
  expect(node.consumers.get('cell-2-cam-1')?.layer).toBe('high');
  await userEvent.keyboard('{Escape}');
  await expect.poll(tiles).toHaveLength(4);
  await expect.poll(focused).toBe('cell-2');
  await expect.poll(flowing).toHaveLength(4);
});

test('Escape comes back to the tile of the area that one has gone on to, on its page; each time', async () => {
  const { screen, tiles, focused } = await showWall('/?grid=4');
  await expect.poll(tiles).toHaveLength(4);
  await userEvent.keyboard('{ArrowRight}{End}{Enter}');
  await expect.element(screen.getByRole('heading', { name: 'Камера 4' })).toBeVisible();
  // It has the keyboard, and with it the keys.
  await expect.element(screen.getByRole('button', { name: 'Повернутися до стіни' })).toHaveFocus();
  const steps = history.length;
  await userEvent.keyboard('{PageDown}');
  await expect.element(screen.getByRole('heading', { name: 'Камера 5' })).toBeVisible();
  expect(history.length).toBe(steps);
  await userEvent.keyboard('{Escape}');
  await expect.poll(tiles).toEqual(['cell-5', 'cell-6']);
  await expect.poll(focused).toBe('cell-5');
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByRole('heading', { name: 'Камера 5' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => document.querySelector('[data-zoomable]')).toBeNull();
  await expect.poll(focused).toBe('cell-5');
});

test('and to the tile of an area that was opened by its name, from another page of the wall', async () => {
  const { desk, screen, tiles, focused } = await showWall('/?grid=4');
  await expect.poll(tiles).toHaveLength(4);
  desk.view.focus('cell-6');
  await screen.getByRole('button', { name: 'Повернутися до стіни' }).click();
  await expect.poll(tiles).toEqual(['cell-5', 'cell-6']);
  await expect.poll(focused).toBe('cell-6');
});

test('an area that the filter does not let through leaves the keyboard with the wall, and takes it from nobody later', async () => {
  const { screen, tiles } = await showWall('/?grid=4&text=камера+1&area=cell-5');
  await expect.element(screen.getByRole('heading', { name: 'Камера 5' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(tiles).toEqual(['cell-1']);
  expect(document.activeElement?.id).toBe('content');
  await screen.getByRole('searchbox').fill('камера 5');
  await expect.poll(tiles).toEqual(['cell-5']);
  await expect.element(screen.getByRole('searchbox')).toHaveFocus();
});

test('an enlarged area is there with the click: it waits neither to be measured nor for the wall behind it', async () => {
  const { tiles } = await showWall('/?grid=4');
  await expect.poll(tiles).toHaveLength(4);
  const statesOf = (areaId: string) =>
    [...document.querySelectorAll<HTMLElement>(`[data-area-id="${areaId}"]`)].map(
      ({ dataset }) => dataset.state,
    );
  document.querySelector<HTMLElement>('[data-area-id="cell-2"] > button')?.click();
  // A click is rendered at the end of its turn, before anything is painted.
  await Promise.resolve();
  expect(statesOf('cell-2')).toEqual(['connecting', 'connecting']);
  expect(statesOf('cell-1')).toEqual(['connecting']);
  await expect.poll(() => statesOf('cell-1')).toEqual(['idle']);
});

test('the filter acts at once, says when nothing matches, and is reset', async () => {
  const { screen, tiles } = await showWall('/?grid=9');
  await expect.poll(tiles).toHaveLength(6);
  await screen.getByRole('searchbox').fill('камера 3');
  await expect.poll(tiles).toEqual(['cell-3']);
  await expect.poll(() => new URLSearchParams(location.search).get('text')).toBe('камера 3');
  await screen.getByRole('searchbox').fill('камера 99');
  await expect.element(screen.getByText('За цим фільтром зон немає')).toBeVisible();
  await screen.getByRole('button', { name: 'Скинути' }).first().click();
  await expect.poll(tiles).toHaveLength(6);
});

test('an alarm appears beside the pictures, and "show" leads to its tile', async () => {
  const { screen, sendDelta, tiles, focused } = await showWall('/?grid=1&text=камера+1');
  await expect.poll(tiles).toEqual(['cell-1']);
  sendDelta(sampleDelta(11, { flags: [sampleFlag({ areaId: 'cell-5', severity: 1 })] }));
  const zone = screen.getByRole('complementary', { name: 'Тривоги' });
  await expect.element(zone.getByText('Потрібна медична допомога')).toBeVisible();
  expect(tiles()).toEqual(['cell-1']);
  await zone.getByRole('button', { name: 'Показати' }).click();
  await expect.poll(tiles).toEqual(['cell-5']);
  await expect.poll(focused).toBe('cell-5');
});

test('what is only to be gone through is counted in the alarm zone, and is in the queue', async () => {
  const { screen, sendDelta, tiles } = await showWall('/?grid=4');
  await expect.poll(tiles).toEqual(['cell-1', 'cell-2', 'cell-3', 'cell-4']);
  sendDelta(
    sampleDelta(11, { flags: [sampleFlag({ areaId: 'cell-5', severity: 4, category: 'complaint' })] }),
  );
  const zone = screen.getByRole('complementary', { name: 'Тривоги' });
  await expect.element(zone.getByText('1 на перегляд')).toBeVisible();
  await expect.element(zone.getByText('Тривог немає').last()).toBeVisible();
  expect(zone.getByText('Скарга').query()).toBeNull();
  expect(tiles()).toEqual(['cell-1', 'cell-2', 'cell-3', 'cell-4']);
  await zone.getByText('1 на перегляд').click();
  await expect.element(screen.getByText('Скарга')).toBeVisible();
});

test('a link to an area that is gone says so, and leads back', async () => {
  const { screen, tiles } = await showWall('/?grid=4&area=cell-99');
  await expect.element(screen.getByText('Такої зони немає')).toBeVisible();
  await screen.getByRole('button', { name: 'Повернутися до стіни' }).click();
  await expect.poll(tiles).toHaveLength(4);
});

test('who may not watch is told so, and asks for nothing', async () => {
  const { screen, node, tiles } = await showWall('/', { actions: ['registry.read'] });
  await expect.element(screen.getByText('Ваша роль не передбачає перегляду відео')).toBeVisible();
  expect(tiles()).toEqual([]);
  expect(node.messages).toEqual([]);
});

test('sample data is called so', async () => {
  const { screen } = await showWall('/flags');
  await expect.element(screen.getByText('Демонстраційні дані')).toBeVisible();
  await expect.element(screen.getByText('Відкритих тривог немає')).toBeVisible();
});

test('in a hand only the tiles that can be seen let anything flow', async () => {
  await browserPage.viewport(390, 844);
  const { node, tiles } = await showWall('/');
  const flowing = () => [...node.consumers].filter(([, { flowing }]) => flowing).map(([id]) => id);
  await expect.poll(() => tiles().length).toBe(6);
  await expect.poll(() => flowing().length).toBeGreaterThan(0);
  expect(flowing().length).toBeLessThan(6);
  document.querySelector('[data-area-id="cell-6"]')?.scrollIntoView();
  await expect.poll(flowing).toContain('cell-6-cam-1');
  await expect.poll(flowing).not.toContain('cell-1-cam-1');
});

test('a desk becomes a hand and a desk again: what can be seen all the while goes on, and what comes shows its last frame until then', async () => {
  const { node } = await showWall('/?grid=9', {}, (small) => {
    small.paints = true;
  });
  const tilesThere = () => [...document.querySelectorAll<HTMLElement>('[data-area-id][data-state]')];
  const flowing = () => [...node.consumers].filter(([, { flowing }]) => flowing).map(([id]) => id);
  await expect.poll(() => tilesThere().map(({ dataset }) => dataset.state)).toEqual(AREAS.map(() => 'live'));
  /** Every state that a tile took, with the still that it showed. */
  const said: { areaId: string | undefined; state: string | undefined; still: string | undefined }[] = [];
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const { areaId, state } = (target as HTMLElement).dataset;
      const still = (target as HTMLElement).querySelector<HTMLElement>('[data-still]')?.dataset.still;
      said.push({ areaId, state, still });
    }
  });
  observer.observe(document.body, { subtree: true, attributeFilter: ['data-state'] });

  await browserPage.viewport(390, 844);
  await expect.poll(() => document.querySelector('[data-hand]')).not.toBeNull();
  await expect.poll(() => flowing().length).toBeLessThan(AREAS.length);
  const first = document.querySelector<HTMLElement>('[data-area-id="cell-1"][data-state]');
  const video = first?.querySelector('video');
  for (let frame = 0; frame < 5; frame += 1)
    await new Promise((resolve) => video?.requestVideoFrameCallback(resolve));
  expect(first?.dataset.state).toBe('live');
  expect(said.filter(({ areaId }) => areaId === 'cell-1')).toEqual([]);

  await browserPage.viewport(1600, 900);
  await expect.poll(() => tilesThere().map(({ dataset }) => dataset.state)).toEqual(AREAS.map(() => 'live'));
  observer.disconnect();
  expect(said.filter(({ areaId }) => areaId === 'cell-1')).toEqual([]);
  const waiting = said.filter(({ state }) => state === 'connecting');
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.map(({ still }) => still)).toEqual(waiting.map(() => 'frame'));
});

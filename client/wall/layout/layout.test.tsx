import '../../design/base.css';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { NO_FILTER } from '#contract/area-filter.ts';
import { LayoutList, LayoutView } from '#contract/layouts.ts';
import { failure, type Outcome } from '../../session/failure.ts';
import { Shell } from '../../shell/Shell.tsx';
import {
  sampleArea,
  sampleFlag,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../../test/samples.ts';
import { createTestDesk, Surroundings } from '../../test/test-desk.tsx';

const AREAS = Array.from({ length: 9 }, (_, index) =>
  sampleArea({ id: `cell-${index + 1}`, name: { uk: `Камера ${index + 1}`, en: `Cell ${index + 1}` } }),
);
const ACTIONS = ['status.read', 'feed.watch', 'flag.read', 'flag.raise', 'layout.keep', 'display.read'];

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

const KEPT = LayoutView.parse({
  id: '6f0b3f0e-8f5c-4a53-9d0e-6f2d3c1b0a99',
  name: 'Нічна',
  version: 3,
  shared: { kind: 'role', role: 'situation' },
  owner: 'situation',
  changedBy: 'situation',
  changedAt: '2026-01-01T00:00:00.000Z',
  grid: '3x2',
  filter: NO_FILTER,
  pins: [{ place: 0, areaId: 'cell-7' }],
  leftOut: 0,
});

const BEFORE = LayoutView.parse({ ...KEPT, name: 'Вечірня', version: 2, grid: '4x2', pins: [] });

async function showWall(
  url: string,
  first: LayoutView = KEPT,
  world: Parameters<typeof createTestDesk>[0] = {},
) {
  history.replaceState(null, '', url);
  let kept = [first];
  const page = createTestDesk({
    registry: sampleWireRegistry({ areas: AREAS }),
    snapshot: [sampleSnapshot({ areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })) })],
    actions: ACTIONS,
    get(path) {
      const items = path === '/api/v1/layouts' ? kept : path.endsWith('/versions') ? [BEFORE] : undefined;
      return items && { ok: true, value: LayoutList.parse({ items, nextCursor: null }) };
    },
    post(path, body) {
      if (path === `/api/v1/layouts/${KEPT.id}/removal`) {
        kept = kept.filter(({ id }) => id !== KEPT.id);
        return { ok: true, value: undefined };
      }
      if (path !== '/api/v1/layouts') return failure('not_found');
      const { id = crypto.randomUUID(), version = 0, ...content } = Object(body);
      const made = LayoutView.parse({ ...KEPT, ...content, id, version: version + 1 });
      kept = [...kept.filter((one) => one.id !== id), made];
      return { ok: true, value: made };
    },
    ...world,
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <div style={{ height: '100vh' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  /** Areas by their places, as they are painted: from the top, then from the left. */
  const tiles = () =>
    [...document.querySelectorAll<HTMLElement>('[data-area-id][data-state]')]
      .filter((tile) => tile.checkVisibility())
      .toSorted((a, b) => Number(a.dataset.slot) - Number(b.dataset.slot))
      .map((tile) => tile.dataset.areaId);
  const tile = (areaId: string) =>
    document.querySelector<HTMLElement>(`[data-area-id="${areaId}"][data-state]`) ?? document.body;
  const focused = () => document.activeElement?.closest<HTMLElement>('[data-area-id]')?.dataset.areaId;
  return { ...page, screen, tiles, tile, focused };
}

test('Shift and an arrow let a tile change places, in the URL; its video stays; reset brings the order back', async () => {
  const { tiles, tile, focused, screen } = await showWall('/?grid=3x2');
  await expect.poll(tiles).toEqual(['cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5', 'cell-6']);
  await expect.poll(() => tile('cell-1').querySelector('video')).not.toBeNull();
  const videos = new Map(['cell-1', 'cell-2', 'cell-4'].map((id) => [id, tile(id).querySelector('video')]));
  await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowRight}{ArrowDown}{/Shift}');
  await expect.poll(tiles).toEqual(['cell-2', 'cell-5', 'cell-3', 'cell-4', 'cell-1', 'cell-6']);
  expect(focused()).toBe('cell-1');
  expect(new URLSearchParams(location.search).getAll('pin').toSorted()).toEqual([
    '0.cell-2',
    '1.cell-5',
    '4.cell-1',
  ]);
  for (const [id, video] of videos) expect(tile(id).querySelector('video'), id).toBe(video);
  await userEvent.keyboard('s');
  await expect.poll(tiles).toEqual(['cell-1', 'cell-5', 'cell-3', 'cell-4', 'cell-2', 'cell-6']);
  await screen.getByRole('button', { name: /^Розкладка стіни/ }).click();
  await screen.getByRole('button', { name: 'Скинути місця плиток' }).click();
  await expect.poll(tiles).toEqual(['cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5', 'cell-6']);
  expect(location.search).toBe('?grid=3x2');
});

test('a tile is dragged onto another one, and the click that ends it opens nothing', async () => {
  const { tiles, tile, desk } = await showWall('/?grid=3x2');
  await expect.poll(tiles).toHaveLength(6);
  await userEvent.dragAndDrop(tile('cell-1'), tile('cell-6'));
  await expect.poll(tiles).toEqual(['cell-6', 'cell-2', 'cell-3', 'cell-4', 'cell-5', 'cell-1']);
  expect(desk.view.store.getState().focus).toBeNull();
  expect(document.querySelector('[data-dragged], [data-drop]')).toBeNull();
  await userEvent.click(tile('cell-2'));
  await expect.poll(() => desk.view.store.getState().focus).toBe('cell-2');
});

test('another layout moves tiles and makes none anew: each keeps its video', async () => {
  const { tiles, tile, screen, node } = await showWall('/?grid=9');
  await expect.poll(tiles).toHaveLength(9);
  await expect.poll(() => tile('cell-1').querySelector('video')).not.toBeNull();
  const [article, video] = [tile('cell-1'), tile('cell-1').querySelector('video')];
  const consumed = node.consumers.size;
  await screen.getByRole('button', { name: /^Розкладка стіни/ }).click();
  for (const name of ['велике і стрічка', 'велике серед малих', 'авто', '4']) {
    await screen.getByRole('button', { name, exact: true }).click();
    expect(tile('cell-1')).toBe(article);
    expect(tile('cell-1').querySelector('video')).toBe(video);
  }
  expect(node.consumers.size).toBe(consumed);
  await screen.getByRole('button', { name: 'велике і стрічка', exact: true }).click();
  await expect.poll(tiles).toHaveLength(7);
  const large = tile('cell-1').getBoundingClientRect();
  const small = tile('cell-2').getBoundingClientRect();
  expect(large.width).toBeGreaterThan(5 * small.width);
  expect(small.top).toBeGreaterThanOrEqual(large.bottom);
});

test('a layout is kept under a name, opened again, and a link to it alone brings all of it', async () => {
  const { tiles, screen, posted } = await showWall('/?grid=2x2');
  await expect.poll(tiles).toHaveLength(4);
  await screen.getByRole('button', { name: /^Розкладка стіни/ }).click();
  await screen.getByLabelText('Назва нової розкладки').fill('Моя');
  await screen.getByLabelText(/^Кому видно/).selectOptions('моїй ролі');
  await screen.getByRole('button', { name: 'Зберегти розкладку' }).click();
  await expect.poll(() => posted).toHaveLength(1);
  expect(posted[0]?.body).toEqual({
    name: 'Моя',
    grid: '2x2',
    filter: NO_FILTER,
    pins: [],
    shared: { kind: 'role', role: 'situation' },
  });
  await screen.getByRole('button', { name: /^Нічна/ }).click();
  await expect.poll(tiles).toEqual(['cell-7', 'cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5']);
  expect(new URLSearchParams(location.search).get('layout')).toBe(KEPT.id);
});

test('what is kept can be renamed, be what it was before, and come back after its removal', async () => {
  const { tiles, screen, posted } = await showWall('/?grid=2x2');
  await expect.poll(tiles).toHaveLength(4);
  await screen.getByRole('button', { name: /^Розкладка стіни/ }).click();
  await screen.getByRole('button', { name: /^Нічна/ }).click();
  await screen.getByRole('button', { name: 'Попередні версії: Нічна' }).click();
  await screen.getByRole('button', { name: 'Повернути версію 2' }).click();
  const { id } = KEPT;
  const sent = { grid: '4x2', filter: NO_FILTER, pins: [], shared: KEPT.shared, id };
  await expect.poll(() => posted.at(-1)?.body).toEqual({ ...sent, name: 'Вечірня', version: 3 });
  // It was open on the wall, and the wall follows.
  await expect.poll(() => new URLSearchParams(location.search).get('grid')).toBe('4x2');

  await screen.getByRole('button', { name: 'Перейменувати: Вечірня' }).click();
  await screen.getByLabelText('Нова назва').fill('Ранкова');
  await screen.getByRole('button', { name: 'Зберегти назву' }).click();
  await expect.poll(() => posted.at(-1)?.body).toEqual({ ...sent, name: 'Ранкова', version: 4 });

  // Others find it too: not without a question.
  const count = posted.length;
  await screen.getByRole('button', { name: 'Видалити: Ранкова' }).click();
  await expect.element(screen.getByText('Цим користуються й інші: зникне в усіх.')).toBeVisible();
  expect(posted).toHaveLength(count);
  await screen.getByRole('button', { name: 'Видалити для всіх' }).click();
  await expect.element(screen.getByText('Видалено: Ранкова')).toBeVisible();
  expect(posted.at(-1)?.path).toBe(`/api/v1/layouts/${id}/removal`);
  await screen.getByRole('button', { name: 'Повернути', exact: true }).click();
  await expect.poll(() => posted.at(-1)?.body).toEqual({ ...sent, name: 'Ранкова', version: 5 });
  await expect.element(screen.getByRole('button', { name: 'Перейменувати: Ранкова' })).toBeVisible();
});

test.each([
  ['of which one sees a part neither gets another name nor goes, and says why', 'duty-68', true],
  ['of one’s own of which one sees a part any more can still go', 'situation', false],
])('what is kept %s', async (_, owner, isLeft) => {
  const { tiles, screen } = await showWall('/?grid=2x2', { ...KEPT, owner, leftOut: 1 });
  await expect.poll(tiles).toHaveLength(4);
  await screen.getByRole('button', { name: /^Розкладка стіни/ }).click();
  const removal = screen.getByRole('button', { name: 'Видалити: Нічна' });
  await expect.element(removal).toBeVisible();
  expect(removal.element().hasAttribute('disabled')).toBe(isLeft);
  expect(removal.element().getAttribute('title')).toBe(
    isLeft ? 'Тут є зони, яких вам не видно: змінює той, хто бачить усе' : 'Видалити: Нічна',
  );
  await screen.getByRole('button', { name: /^Нічна/ }).click();
  const name = screen.getByRole('button', { name: 'Перейменувати: Нічна' });
  await expect.element(name).toBeDisabled();
});

test('a link that names a layout and nothing else opens it', async () => {
  const { tiles } = await showWall(`/?layout=${KEPT.id}`);
  await expect.poll(tiles).toEqual(['cell-7', 'cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5']);
});

test('a link to a layout that does not load says so where it is seen, and is tried again', async () => {
  let answer: Outcome<unknown> = failure('store_unavailable');
  const { tiles, screen } = await showWall(`/?layout=${KEPT.id}`, KEPT, {
    get: (path) => (path === '/api/v1/layouts' ? answer : undefined),
  });
  await expect.element(screen.getByText('Розкладка не завантажилася')).toBeVisible();
  await expect.poll(tiles).toHaveLength(9);
  answer = { ok: true, value: LayoutList.parse({ items: [KEPT], nextCursor: null }) };
  await screen.getByRole('button', { name: 'Спробувати ще раз' }).click();
  await expect.poll(tiles).toEqual(['cell-7', 'cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5']);
  expect(screen.getByText('Розкладка не завантажилася').query()).toBeNull();
});

test('a link to a layout that is gone says so, and shows the wall', async () => {
  const { tiles, screen } = await showWall('/?layout=11111111-1111-4111-8111-111111111111');
  await expect.element(screen.getByText('Такої розкладки немає або вам її не видно')).toBeVisible();
  await expect.poll(tiles).toHaveLength(9);
  await screen.getByRole('button', { name: 'Зрозуміло' }).click();
  await expect.poll(() => location.search).toBe('');
});

test('beside the list: a row leads to its tile, by keyboard as well', async () => {
  const { tiles, screen, focused } = await showWall('/?grid=list');
  await expect.poll(tiles).toHaveLength(9);
  await screen.getByRole('list', { name: 'Список зон' }).getByText('Камера 1').click();
  await expect.poll(focused).toBe('cell-1');
  document.querySelector<HTMLElement>('[data-listed="cell-1"] button')?.focus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  await expect
    .poll(() => document.activeElement?.closest<HTMLElement>('[data-listed]')?.dataset.listed)
    .toBe('cell-3');
  await userEvent.keyboard('{Enter}');
  await expect.poll(focused).toBe('cell-3');
});

test('a narrow wall is offered what can be seen there, and a link to a list leads to tiles', async () => {
  await browserPage.viewport(900, 900);
  const { tiles, screen } = await showWall('/?grid=list');
  await expect.poll(() => tiles().length).toBeGreaterThan(0);
  expect(document.querySelector('[data-listed]')).toBe(null);
  await screen.getByRole('button', { name: /^Розкладка стіни/ }).click();
  const offered = (name: string) => screen.getByRole('button', { name, exact: true }).elements().length;
  await expect.poll(() => offered('список і стіна')).toBe(1);
  expect(offered('мапа і стіна')).toBe(0);
  await screen.getByRole('button', { name: '9', exact: true }).click();
  await expect.poll(() => offered('список і стіна')).toBe(0);
  await browserPage.viewport(1600, 900);
  await expect.poll(() => offered('мапа і стіна')).toBe(1);
});

test('a row of the list names its clock in a word or two, as a small tile does', async () => {
  const registry = sampleWireRegistry({ areas: AREAS });
  const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const clock = {
    normSet: 'ua-cpc',
    limit: 'court',
    caseId: 'cr-68-2-000123',
    anchorAt: soon(-1),
    amberAt: soon(10),
    redAt: soon(12),
    dueAt: soon(14.05),
  };
  const { tiles } = await showWall('/?grid=list', KEPT, {
    registry: {
      ...registry,
      limits: registry.limits.map((limit) => ({
        ...limit,
        label: { uk: 'повідомити центр правової допомоги', en: 'tell legal aid' },
        short: { uk: 'до рішення', en: 'to decision' },
      })),
    },
    snapshot: [
      sampleSnapshot({
        areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [clock], nextCheckDueAt: null })),
      }),
    ],
  });
  await expect.poll(tiles).toHaveLength(9);
  const row = document.querySelector<HTMLElement>('[data-listed="cell-1"]');
  const words = () =>
    [...(row?.querySelectorAll<HTMLElement>('[data-clock] > span') ?? [])].filter(
      (word) => word.textContent !== '' && word.checkVisibility(),
    );
  await expect.poll(() => words().map(({ textContent }) => textContent)).toHaveLength(2);
  expect(words()[0]?.textContent).toBe('до рішення');
  const line = row?.querySelector('[data-clock]')?.getBoundingClientRect();
  for (const word of words()) {
    const box = word.getBoundingClientRect();
    expect(word.scrollWidth).toBeLessThanOrEqual(word.clientWidth);
    expect(box.top).toBeLessThan(line?.bottom ?? 0);
  }
});

test('a row says in words how bad it is, and of an area that was never heard of not that it is empty', async () => {
  const { screen } = await showWall('/?grid=list', KEPT, {
    snapshot: [
      sampleSnapshot({
        areas: [
          sampleStatus({ areaId: 'cell-1', clocks: [] }),
          sampleStatus({ areaId: 'cell-2', clocks: [], headcount: 0 }),
        ],
        flags: [sampleFlag({ areaId: 'cell-1', severity: 2 })],
      }),
    ],
  });
  const list = screen.getByRole('list', { name: 'Список зон' });
  await expect.element(list.getByRole('button', { name: /^Швидко Камера 1 .* 3\/4/ })).toBeVisible();
  await expect.element(list.getByRole('button', { name: /^Камера 2 .* 0\/4/ })).toBeVisible();
  const unheard = list.getByRole('button', { name: /^Камера 3 .* Невідомо, скільки людей усередині/ });
  await expect.element(unheard).toBeVisible();
  expect(unheard.element().textContent).not.toContain('/4');
});

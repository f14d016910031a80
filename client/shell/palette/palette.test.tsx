import '../../design/base.css';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { NO_FILTER } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';
import { LayoutList, LayoutView } from '#contract/layouts.ts';
import { failure, type Outcome } from '../../session/failure.ts';
import {
  sampleArea,
  sampleFlag,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../../test/samples.ts';
import { createTestDesk, Surroundings } from '../../test/test-desk.tsx';
import { Shell } from '../Shell.tsx';
import { SHORTCUTS } from '../shortcuts.ts';

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
  delete document.documentElement.dataset.theme;
  localStorage.removeItem('varta.theme');
});

async function showDesk(
  url: string,
  actions?: string[],
  { get, flags = [] }: { get?: (path: string) => Outcome<unknown> | undefined; flags?: Flag[] } = {},
) {
  history.replaceState(null, '', url);
  const page = createTestDesk({
    registry: sampleWireRegistry({ areas: AREAS }),
    snapshot: [
      sampleSnapshot({ areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })), flags }),
    ],
    ...(actions ? { actions } : {}),
    ...(get ? { get } : {}),
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <div style={{ height: '100vh' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  const commands = () =>
    [...document.querySelectorAll<HTMLElement>('[data-command]')].map(({ dataset }) => dataset.command);
  return { ...page, screen, commands };
}

test('Ctrl+K finds an area by its name, Enter enlarges it', async () => {
  const { desk, commands } = await showDesk('/?grid=4');
  await expect.poll(() => document.querySelectorAll('[data-area-id]').length).toBe(4);
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.keyboard('камера 5');
  await expect.poll(() => commands()[0]).toBe('area cell-5');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => desk.view.store.getState().focus).toBe('cell-5');
  expect(commands()).toEqual([]);
});

test('it goes to pages, divides the wall and does what can be done from anywhere', async () => {
  const { desk, commands } = await showDesk('/flags');
  const run = async (text: string, id: string) => {
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.keyboard(text);
    await expect.poll(() => commands()[0]).toBe(id);
    await userEvent.keyboard('{Enter}');
    await expect.poll(commands).toEqual([]);
  };
  await run('мапа', 'page /map');
  await expect.poll(() => location.pathname).toBe('/map');
  await run('стрічка', 'grid strip');
  await expect.poll(() => location.pathname + location.search).toBe('/?grid=strip');
  desk.view.setFilter({ text: 'щось' });
  await run('скинути фільтр', 'do resetFilter');
  expect(desk.view.store.getState().filter.text).toBe('');
  await run('тема світла', 'do themeLight');
  expect(localStorage.getItem('varta.theme')).toBe('light');
});

test('a facility is asked for by itself, not by its name', async () => {
  const { desk, screen } = await showDesk('/flags');
  desk.view.setFilter({ text: 'щось', kind: ['cell'] });
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.keyboard('ізолятор');
  await screen.getByText('Ізолятор тимчасового тримання №2 (м. Хмельницький)').click();
  await expect.poll(() => location.pathname).toBe('/');
  expect(desk.view.store.getState().filter).toEqual({ ...NO_FILTER, place: ['ua-68-itt-2'] });
});

test('over the queue it shows the area of the flag that is chosen, and offers that nowhere else', async () => {
  const flag = sampleFlag({ areaId: 'cell-3' });
  const { desk, commands } = await showDesk(`/flags?id=${flag.id}`, undefined, { flags: [flag] });
  const ask = async () => {
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.keyboard('обраної тривоги');
  };
  await expect.poll(() => document.querySelector(`[data-flag-id="${flag.id}"]`)).not.toBeNull();
  await ask();
  await expect.poll(commands).toEqual(['do showFlag']);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => location.pathname).toBe('/');
  expect(desk.view.store.getState().marked).toBe('cell-3');
  await ask();
  await expect.poll(commands).toEqual([]);
});

test('it offers nothing that one may not do', async () => {
  const { commands } = await showDesk('/', ['registry.read']);
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.poll(() => commands().length).toBeGreaterThan(0);
  expect(
    commands().filter((id) => /^(?:area|facility|grid|layout)|^page \/(?:map|flags)?$/.test(id ?? '')),
  ).toEqual([]);
  await userEvent.keyboard('камера 1');
  await expect.poll(commands).toEqual([]);
});

test('"?" shows every key there is, and Escape leads back', async () => {
  const { screen } = await showDesk('/?grid=4');
  await userEvent.keyboard('?');
  await expect.element(screen.getByRole('dialog', { name: 'Клавіші' })).toBeVisible();
  const shown = [...document.querySelectorAll<HTMLElement>('[data-shortcut]')].map(
    ({ dataset }) => dataset.shortcut,
  );
  expect(shown.toSorted()).toEqual(SHORTCUTS.map(({ id }) => id).toSorted());
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => document.querySelector('[role="dialog"]')).toBeNull();
});

test('"/" leads to the search, and is a letter there', async () => {
  const { screen } = await showDesk('/?grid=4');
  await expect.element(screen.getByRole('searchbox')).toBeVisible();
  await userEvent.keyboard('/');
  await expect.element(screen.getByRole('searchbox')).toHaveFocus();
  await userEvent.keyboard('a/b?');
  await expect.element(screen.getByRole('searchbox')).toHaveValue('a/b?');
  expect(document.querySelector('[role="dialog"]')).toBeNull();
});

const KEPT = LayoutView.parse({
  id: '6f0b3f0e-8f5c-4a53-9d0e-6f2d3c1b0a99',
  name: 'Нічна',
  version: 3,
  shared: { kind: 'own' },
  owner: 'situation',
  changedBy: 'situation',
  changedAt: '2026-01-01T00:00:00.000Z',
  grid: '3x2',
  filter: NO_FILTER,
  pins: [],
  leftOut: 0,
});

test('kept layouts that do not load are spoken of and tried again; what is listed opens, whatever the server does then', async () => {
  const failed = failure('store_unavailable');
  let answer: Outcome<unknown> = failed;
  const { desk, screen, commands } = await showDesk('/flags', ['status.read', 'layout.keep'], {
    get: (path) => (path === '/api/v1/layouts' ? answer : undefined),
  });
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.element(screen.getByText(/^Збережені розкладки не завантажилися: Сховище/)).toBeVisible();
  answer = { ok: true, value: LayoutList.parse({ items: [KEPT], nextCursor: null }) };
  await screen.getByRole('button', { name: 'Спробувати ще раз' }).click();
  await expect.poll(commands).toContain(`layout ${KEPT.id}`);
  expect(screen.getByText(/не завантажилися/).query()).toBeNull();
  answer = failed;
  await userEvent.keyboard('нічна');
  await expect.poll(() => commands()[0]).toBe(`layout ${KEPT.id}`);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => location.pathname).toBe('/');
  expect(desk.view.store.getState()).toMatchObject({ layoutId: KEPT.id, grid: '3x2' });
});

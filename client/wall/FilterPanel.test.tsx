import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { NO_FILTER } from '#contract/area-filter.ts';
import { FilterList, KeptFilterView } from '#contract/filters.ts';
import { Shell } from '../shell/Shell.tsx';
import {
  sampleArea,
  sampleFacility,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';

const FACILITIES = ['Перший', 'Другий', 'Третій'].map((uk, index) =>
  sampleFacility({ id: `itt-${index + 1}`, name: { uk, en: uk }, shortName: { uk: `ІТТ ${uk}`, en: uk } }),
);
/** As many in each as its number says; somebody is in the first of each. */
const AREAS = FACILITIES.flatMap(({ id: facilityId }, index) =>
  Array.from({ length: index + 1 }, (_, number) =>
    sampleArea({ id: `${facilityId}-cell-${number + 1}`, facilityId }),
  ),
);
const KEPT = KeptFilterView.parse({
  id: '6f0b3f0e-8f5c-4a53-9d0e-6f2d3c1b0a99',
  name: 'Порожні',
  version: 1,
  shared: { kind: 'own' },
  owner: 'situation',
  changedBy: 'situation',
  changedAt: '2026-01-01T00:00:00.000Z',
  filter: { ...NO_FILTER, occupancy: ['empty'] },
  leftOut: 0,
});

let dispose = () => {};
const before = location.href;
afterEach(() => {
  dispose();
  history.replaceState(null, '', before);
});

async function showPanel() {
  await browserPage.viewport(1600, 900);
  history.replaceState(null, '', '/?grid=9');
  let kept = [KEPT];
  const page = createTestDesk({
    registry: sampleWireRegistry({ facilities: FACILITIES, areas: AREAS }),
    snapshot: [
      sampleSnapshot({
        areas: AREAS.map(({ id }) =>
          sampleStatus({ areaId: id, clocks: [], headcount: id.endsWith('-1') ? 2 : 0 }),
        ),
      }),
    ],
    actions: ['status.read', 'feed.watch', 'layout.keep'],
    get: (path) =>
      path === '/api/v1/filters'
        ? { ok: true, value: FilterList.parse({ items: kept, nextCursor: null }) }
        : undefined,
    post(path, body) {
      if (path.endsWith('/removal')) {
        kept = [];
        return { ok: true, value: undefined };
      }
      const made = KeptFilterView.parse({ ...KEPT, ...Object(body), version: 2 });
      kept = [made];
      return { ok: true, value: made };
    },
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <div style={{ height: '100vh' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  await expect.poll(() => document.querySelectorAll('[data-area-id]').length).toBe(AREAS.length);
  await screen.getByRole('button', { name: 'Фільтр', exact: true }).click();
  const filter = () => page.desk.view.store.getState().filter;
  return { ...page, screen, filter };
}

test('a facility is found by its name among those with most areas, counts what it would show, and is what is asked for', async () => {
  const { screen, filter } = await showPanel();
  const facilities = screen.getByRole('group', { name: 'Заклад', exact: true });
  const names = () =>
    facilities
      .getByRole('button')
      .elements()
      .map((one) =>
        [...one.querySelectorAll('span:not([aria-hidden])')].map(({ textContent }) => textContent).join(': '),
      );
  await expect.poll(names).toEqual(['ІТТ Третій: 3 зони', 'ІТТ Другий: 2 зони', 'ІТТ Перший: 1 зона']);
  await screen.getByRole('button', { name: /^Є люди/ }).click();
  await expect.poll(() => names()[0]).toBe('ІТТ Перший: 1 зона');
  await screen.getByRole('searchbox', { name: 'Знайти заклад' }).fill('друг');
  await expect.poll(names).toEqual(['ІТТ Другий: 1 зона']);
  await userEvent.keyboard('{Tab}{Enter}');
  expect(filter()).toEqual({ ...NO_FILTER, occupancy: ['occupied'], place: ['itt-2'] });
  await expect
    .poll(() =>
      [...document.querySelectorAll<HTMLElement>('[data-area-id]')].map((one) => one.dataset.areaId),
    )
    .toEqual(['itt-2-cell-1']);
  // The chip says which one, and takes it away.
  await userEvent.keyboard('{Escape}');
  await screen.getByRole('button', { name: 'Прибрати умову: ІТТ Другий' }).click();
  expect(filter().place).toEqual([]);
});

test('a kept filter gets another name', async () => {
  const { screen, posted } = await showPanel();
  await screen.getByRole('button', { name: 'Перейменувати: Порожні' }).click();
  await screen.getByLabelText('Нова назва').fill('Вільні камери');
  await userEvent.keyboard('{Enter}');
  const { id, filter, shared } = KEPT;
  await expect
    .poll(() => posted.at(-1))
    .toEqual({ path: '/api/v1/filters', body: { name: 'Вільні камери', filter, shared, id, version: 1 } });
  await expect.element(screen.getByRole('button', { name: 'Вільні камери', exact: true })).toBeVisible();
  await expect.poll(() => document.querySelector('[aria-label="Нова назва"]')).toBeNull();
});

test('a filter that was taken away can be brought back after the panel was closed', async () => {
  const { screen, posted } = await showPanel();
  await screen.getByRole('button', { name: 'Видалити: Порожні' }).click();
  await expect.element(screen.getByText('Видалено: Порожні')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => screen.getByText('Видалено: Порожні').query()).toBeNull();
  await screen.getByRole('button', { name: 'Фільтр', exact: true }).click();
  await screen.getByRole('button', { name: 'Повернути', exact: true }).click();
  await expect.poll(() => posted.at(-1)?.body).toMatchObject({ id: KEPT.id, version: 1, name: KEPT.name });
  await expect.element(screen.getByRole('button', { name: 'Порожні', exact: true })).toBeVisible();
});

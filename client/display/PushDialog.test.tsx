import '../design/base.css';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { navigate } from 'wouter/use-browser-location';
import { PushBody } from '#contract/displays.ts';
import { Shell } from '../shell/Shell.tsx';
import { getDisplays, PUSHED } from '../test/display-samples.ts';
import { sampleArea, sampleSnapshot, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';

const AREAS = Array.from({ length: 11 }, (_, index) => {
  const name = { uk: `Камера ${index + 1}`, en: `Cell ${index + 1}` };
  return sampleArea({ id: `cell-${String(index + 1).padStart(2, '0')}`, name });
});
const OPERATOR = ['status.read', 'feed.watch', 'flag.read', 'flag.raise', 'display.read', 'display.push'];

// The page is loaded when it is opened: on a busy machine that takes longer than a test has.
beforeAll(async () => {
  await import('./DisplaysPage.tsx');
});

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

async function showConsole(url: string, actions = OPERATOR) {
  history.replaceState(null, '', url);
  const page = createTestDesk({
    registry: sampleWireRegistry({ areas: AREAS }),
    snapshot: [sampleSnapshot({ areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })) })],
    actions,
    get: getDisplays,
    post: () => PUSHED,
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <div style={{ height: '100vh', isolation: 'isolate' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  /** Areas of the wall by their places. */
  const onWall = () =>
    [...document.querySelectorAll<HTMLElement>('[data-area-id][data-state]')]
      .toSorted((a, b) => Number(a.dataset.slot) - Number(b.dataset.slot))
      .map(({ dataset }) => dataset.areaId);
  const dialog = screen.getByRole('dialog');
  /** What was put on displays, once the button was pressed and the dialog is done. */
  const push = async () => {
    await dialog.getByRole('button', { name: 'Вивести', exact: true }).click();
    await expect.poll(() => dialog.elements().length).toBe(0);
    return page.posted
      .filter(({ path }) => path === '/api/v1/displays/push')
      .map(({ body }) => PushBody.parse(body));
  };
  return { ...page, screen, dialog, onWall, push };
}

test('the page of the wall that somebody has turned to is put on a display, in its rows and columns', async () => {
  const { screen, dialog, onWall, push } = await showConsole('/?grid=3x2');
  await expect.poll(() => onWall().length).toBe(6);
  await userEvent.keyboard('{PageDown}');
  await expect.poll(onWall).toEqual(['cell-07', 'cell-08', 'cell-09', 'cell-10', 'cell-11']);
  const seen = onWall();
  navigate('/displays');
  await screen.getByRole('button', { name: 'Вивести', exact: true }).click();
  await expect.element(dialog.getByLabelText('Рядків')).toHaveValue(2);
  await expect.element(dialog.getByLabelText('Стовпців')).toHaveValue(3);
  await expect.element(dialog.getByText('Зони 7–11 з 11')).toBeVisible();
  expect(await push()).toMatchObject([
    { scenes: [{ rows: 2, columns: 3, fill: { kind: 'areas', areaIds: seen } }] },
  ]);
});

test('the map by the wall’s filter is put on a display, with the signs that it has on the console', async () => {
  const { screen, dialog, push } = await showConsole('/?grid=3x2&region=UA-68&measure=clock');
  navigate('/displays?grid=3x2&region=UA-68&measure=clock');
  await screen.getByRole('button', { name: 'Вивести', exact: true }).click();
  await dialog.getByLabelText('Мапа за фільтром стіни').click();
  await expect.element(dialog.getByText(/^Знаки показують: Строки, як на вашій мапі/)).toBeVisible();
  await dialog.getByLabelText('Назва сцени').fill('Хмельниччина');
  await dialog.getByLabelText('Рядків').fill('2');
  await dialog.getByLabelText('Стовпців').fill('4');
  const fill = { kind: 'map', filter: { region: ['UA-68'] }, measure: 'clock' };
  expect(await push()).toMatchObject([{ scenes: [{ name: 'Хмельниччина', rows: 2, columns: 4, fill }] }]);
});

test('one area is put on the display that was chosen, from its enlarged view, with the key D', async () => {
  const { screen, dialog, push } = await showConsole('/?area=cell-02');
  await expect.element(screen.getByRole('button', { name: 'Вивести на екран' })).toBeVisible();
  await userEvent.keyboard('d');
  await expect.element(dialog.getByLabelText('Назва сцени')).toHaveValue('Камера 2, ІТТ №2 Хмельницький');
  // Nothing that is on a display is covered before somebody has said which.
  await expect.element(dialog.getByRole('button', { name: 'Вивести', exact: true })).toBeDisabled();
  await dialog.getByLabelText('Ліва').click();
  expect(await push()).toMatchObject([
    {
      displayIds: ['d-abcdefghjk'],
      scenes: [{ rows: 1, columns: 1, fill: { kind: 'areas', areaIds: ['cell-02'] } }],
    },
  ]);
});

test('who may not put anything on displays is offered nothing of the kind', async () => {
  const { screen, dialog } = await showConsole('/?area=cell-02', ['status.read', 'feed.watch', 'flag.read']);
  await expect.element(screen.getByRole('heading', { name: 'Камера 2' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Вивести на екран' }).elements()).toEqual([]);
  await userEvent.keyboard('d');
  expect(dialog.elements()).toEqual([]);
});

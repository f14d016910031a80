import '../design/base.css';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { GeometryReply } from '#contract/geometry.ts';
import outlines from '../../config/nation/geo/ua.topo.json' with { type: 'json' };
import { Shell } from '../shell/Shell.tsx';
import { MAP_AREAS, MAP_FACILITIES } from '../test/map-samples.ts';
import { sampleFlag, sampleSnapshot, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { type Rgba, readPalette } from './palette.ts';

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

async function showMap(url = '/map?region=UA-68') {
  history.replaceState(null, '', url);
  const page = createTestDesk({
    registry: sampleWireRegistry({ facilities: MAP_FACILITIES, areas: MAP_AREAS }),
    snapshot: [
      sampleSnapshot({
        areas: MAP_AREAS.map(({ id }, index) =>
          sampleStatus({
            areaId: id,
            clocks: [],
            space: index === 0 ? { m2PerPerson: 2.8, level: 'red' } : { m2PerPerson: 6 },
          }),
        ),
        flags: [sampleFlag({ areaId: 'east-1-cell-1', severity: 2 })],
      }),
    ],
    get: (path) =>
      path === '/api/v1/geometry'
        ? { ok: true, value: GeometryReply.parse({ geometry: outlines }) }
        : undefined,
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <div style={{ height: '100vh' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  const canvas = () => document.querySelector<HTMLElement>('[data-detail]');
  const worstOf = (facilityId: string) =>
    document.querySelector<HTMLElement>(`[data-facility-id="${facilityId}"]`)?.dataset.worst;
  await expect.poll(() => canvas()?.dataset.marks, { timeout: 15_000 }).toBe('3');
  return { ...page, screen, canvas, worstOf };
}

/** Draws a line around a part of the canvas, in parts of its width and height. */
async function drawAround(corners: readonly (readonly [number, number])[]) {
  const lasso = document.querySelector<SVGElement>('[data-lasso]');
  if (!lasso) throw new Error('nothing to draw on');
  const { left, top, width, height } = lasso.getBoundingClientRect();
  const send = (type: string, [x, y]: readonly [number, number]) =>
    lasso.dispatchEvent(
      new PointerEvent(type, {
        bubbles: true,
        isPrimary: true,
        button: 0,
        pointerId: 1,
        clientX: left + x * width,
        clientY: top + y * height,
      }),
    );
  const [first] = corners;
  if (!first) throw new Error('no line');
  // A finger that the browser has not seen itself cannot be captured.
  lasso.setPointerCapture = () => {};
  send('pointerdown', first);
  for (const corner of corners) send('pointermove', corner);
  send('pointerup', corners.at(-1) ?? first);
}

test('a line around facilities opens the wall with exactly their areas, by a link that can be shared', async () => {
  const { screen } = await showMap();
  await userEvent.keyboard('l');
  await expect.poll(() => document.querySelector('[data-lasso]')).not.toBeNull();
  await drawAround([
    [0.02, 0.02],
    [0.5, 0.02],
    [0.5, 0.98],
    [0.02, 0.98],
  ]);
  const bar = screen.getByRole('region', { name: 'Вибрати для стіни' });
  await expect.poll(() => bar.element().textContent).toContain('Вибрано 4 зони');
  await screen.getByRole('button', { name: 'Показати на стіні' }).click();
  await expect.poll(() => location.pathname).toBe('/');
  expect(new URLSearchParams(location.search).getAll('place')).toEqual(['west-1', 'west-2']);
  const tiles = () =>
    [...document.querySelectorAll<HTMLElement>('[data-area-id][data-state]')]
      .map((tile) => tile.dataset.areaId)
      .sort();
  await expect.poll(tiles).toEqual(['west-1-cell-1', 'west-1-cell-2', 'west-2-cell-1', 'west-2-cell-2']);
});

test('by keyboard alone: a whole region, without one of its facilities', async () => {
  const { screen, desk } = await showMap();
  await userEvent.keyboard('l');
  const tick = (name: string) => screen.getByRole('checkbox', { name: `Вибрати: ${name}` });
  (tick('Хмельницька область').element() as HTMLElement).focus();
  await userEvent.keyboard(' ');
  await expect.element(tick('ІТТ east-1')).toBeChecked();
  (tick('ІТТ east-1').element() as HTMLElement).focus();
  await userEvent.keyboard(' ');
  const show = screen.getByRole('button', { name: 'Показати на стіні' });
  (show.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => location.pathname).toBe('/');
  expect(desk.view.store.getState().filter.place).toEqual(['west-1', 'west-2']);
});

test('the region that was asked for is outlined, those beside it have their borders', async () => {
  await showMap();
  const { line, lineChosen } = readPalette(document.documentElement);
  await expect.poll(() => pixelsOf(lineChosen), { timeout: 10_000 }).toBeGreaterThan(500);
  expect(pixelsOf(line)).toBeGreaterThan(300);
});

/** How many pixels of the map have nearly this colour. */
function pixelsOf([red, green, blue]: Rgba): number {
  const canvas = document.querySelector<HTMLCanvasElement>('[data-detail] canvas');
  if (!canvas) throw new Error('there is no map');
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  copy?.drawImage(canvas, 0, 0);
  const { data = [] } = copy?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
  const isNear = (at: number, value: number) => Math.abs((data[at] ?? 0) - value) < 8;
  let count = 0;
  for (let at = 0; at < data.length; at += 4)
    if (isNear(at, red) && isNear(at + 1, green) && isNear(at + 2, blue)) count += 1;
  return count;
}

test('Escape leaves the choice; nothing was filtered', async () => {
  await showMap();
  await userEvent.keyboard('l');
  await expect.poll(() => document.querySelector('[data-lasso]')).not.toBeNull();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => document.querySelector('[data-lasso]')).toBeNull();
  expect(location.search).toBe('?region=UA-68');
});

test('another layer shows other signs, says them in words, and stands in the link', async () => {
  const { screen, canvas, worstOf } = await showMap();
  await expect.poll(() => worstOf('east-1')).toBe('2');
  await screen.getByRole('button', { name: 'м² на особу' }).click();
  await expect.poll(() => canvas()?.dataset.measure).toBe('space');
  expect(worstOf('east-1')).toBe('calm');
  expect(worstOf('west-1')).toBe('red');
  expect(new URLSearchParams(location.search).get('measure')).toBe('space');
  const legend = screen.getByRole('region', { name: 'Позначення' });
  await expect.poll(() => legend.element().textContent).toContain('Менше 3 м² на особу');
  await screen.getByRole('button', { name: 'Менше 3 м² на особу' }).click();
  await expect.poll(() => canvas()?.dataset.marks).toBe('1');
  await userEvent.keyboard('m');
  await expect.poll(() => canvas()?.dataset.measure).toBe('clock');
});

test('a canvas that is lost is made anew, and shows the same again', async () => {
  const { canvas } = await showMap();
  const lost = document.querySelector<HTMLCanvasElement>('[data-detail] canvas');
  const host = document.querySelector<HTMLElement>('[data-webgl]');
  lost?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  await expect.poll(() => host?.dataset.webgl).toBe('lost');
  await expect.poll(() => host?.dataset.webgl, { timeout: 10_000 }).toBe('ready');
  await expect.poll(() => canvas()?.dataset.marks, { timeout: 10_000 }).toBe('3');
  const again = document.querySelector<HTMLCanvasElement>('[data-detail] canvas');
  expect(again).not.toBe(lost);
  expect(again?.getContext('webgl2')?.isContextLost()).toBe(false);
});

test('a nation without outlines has its signs and its list, and says so', async () => {
  history.replaceState(null, '', '/map');
  const page = createTestDesk({
    registry: sampleWireRegistry({ facilities: MAP_FACILITIES, areas: MAP_AREAS }),
    snapshot: [
      sampleSnapshot({ areas: MAP_AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })) }),
    ],
    get: (path) => (path === '/api/v1/geometry' ? { ok: true, value: { geometry: null } } : undefined),
  });
  dispose = () => page.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={page.desk}>
      <div style={{ height: '100vh' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  await expect.element(screen.getByText('Меж країни не задано')).toBeVisible();
  await expect
    .poll(() => document.querySelector<HTMLElement>('[data-detail]')?.dataset.marks, { timeout: 15_000 })
    .toBe('3');
});

import '../design/base.css';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { AreaRecent } from '#contract/area-recent.ts';
import { type Flag, FlagPage } from '#contract/flags.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { Shell } from '../shell/Shell.tsx';
import { sampleArea, sampleFlag, sampleSnapshot, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';

const AREAS = Array.from({ length: 3 }, (_, index) =>
  sampleArea({ id: `cell-${index + 1}`, name: { uk: `Камера ${index + 1}`, en: `Cell ${index + 1}` } }),
);
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

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

interface Told {
  flags?: Flag[];
  post?: () => Outcome<unknown>;
  /** In place of the answer to a path. */
  instead?: (path: string) => Outcome<unknown> | undefined;
}

async function showFocus({ flags = [], post, instead }: Told = {}) {
  history.replaceState(null, '', '/?area=cell-2');
  const page = createTestDesk({
    registry: sampleWireRegistry({ areas: AREAS }),
    snapshot: [
      sampleSnapshot({ areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })), flags }),
    ],
    ...(post ? { post } : {}),
    get(path) {
      const other = instead?.(path);
      if (other) return other;
      if (path === '/api/v1/areas/cell-2/recent')
        return {
          ok: true,
          value: AreaRecent.parse({
            from: ago(60),
            serverTime: ago(0),
            items: [
              { kind: 'check', at: ago(5) },
              { kind: 'video', at: ago(20), sight: 'lost' },
            ],
          }),
        };
      if (path.startsWith('/api/v1/flags?area=cell-2')) {
        const flag = sampleFlag({ areaId: 'cell-2', severity: 2 });
        const [raised] = flag.history;
        const history = [
          { ...raised, at: ago(90) },
          { ...raised, state: 'acknowledged', at: ago(10) },
        ];
        return {
          ok: true,
          value: FlagPage.parse({
            items: [{ ...flag, state: 'acknowledged', version: 2, history }],
            nextCursor: null,
          }),
        };
      }
      return undefined;
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
  await expect.element(screen.getByRole('heading', { name: 'Камера 2' })).toBeVisible();
  const tile = () => document.querySelector<HTMLElement>('[data-zoomable] [data-area-id]') ?? document.body;
  await expect.poll(() => tile().querySelector('video')).not.toBeNull();
  const box = (selector: string) => tile().querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
  return { ...page, screen, tile, box };
}

test('the picture is enlarged and moved by keys; what stands over it stays where it is', async () => {
  const { box, screen } = await showFocus();
  const [video, words] = [box('video'), box('header')];
  await userEvent.keyboard('+++');
  await expect.poll(() => box('video').width / video.width).toBeCloseTo(1.25 ** 3, 2);
  await expect.element(screen.getByText(/^×2/)).toBeVisible();
  expect(box('header')).toEqual(words);
  const { left } = box('video');
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(() => box('video').left).toBeLessThan(left);
  expect(box('header')).toEqual(words);
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}');
  // No edge of the picture comes inside.
  await expect.poll(() => Math.round(box('video').right)).toBe(Math.round(video.right));
  await userEvent.keyboard('0');
  await expect.poll(() => box('video')).toEqual(video);
  await userEvent.keyboard('-');
  expect(box('video')).toEqual(video);
});

test('the wheel enlarges under the pointer, a drag moves and opens nothing', async () => {
  const { tile, box, desk } = await showFocus();
  const video = box('video');
  const { left, top, width, height } = tile().getBoundingClientRect();
  const at = { clientX: left + width * 0.9, clientY: top + height * 0.5 };
  tile().dispatchEvent(new WheelEvent('wheel', { deltaY: -400, bubbles: true, cancelable: true, ...at }));
  await expect.poll(() => box('video').width / video.width).toBeCloseTo(1.25 ** 4, 2);
  const wide = box('video');
  expect((at.clientX - wide.left) / wide.width).toBeCloseTo((at.clientX - video.left) / video.width, 2);
  const drag = (type: string, x: number) =>
    tile().dispatchEvent(
      new PointerEvent(type, { bubbles: true, button: 0, clientX: at.clientX + x, clientY: at.clientY }),
    );
  drag('pointerdown', 0);
  drag('pointermove', 60);
  drag('pointerup', 60);
  tile().querySelector('button')?.click();
  expect(box('video').left).toBeCloseTo(wide.left + 60, 0);
  expect(desk.view.store.getState().focus).toBe('cell-2');
});

test('the last hour of the area stands beside it: records, video and flags, newest first, and nothing older', async () => {
  const { screen } = await showFocus();
  const list = screen.getByRole('region', { name: 'Остання година' });
  await expect.element(list.getByText('Перевірка')).toBeVisible();
  const lines = [...document.querySelectorAll<HTMLElement>('[data-recent]')];
  expect(lines.map(({ dataset }) => dataset.recent)).toEqual(['check', 'flag', 'video']);
  expect(lines[1]?.textContent).toMatch(/прийнято/);
  expect(lines[2]?.textContent).toMatch(/Відео втрачено/);
});

test.each([
  ['/api/v1/flags?', /^Тривоги за годину не завантажилися/, ['check', 'video']],
  ['/api/v1/areas/', /^Перебіг години не завантажився/, []],
])('what of the last hour does not load is named, and tried again: %s', async (start, words, lines) => {
  let isDown = true;
  const { screen } = await showFocus({
    instead: (path) => (isDown && path.startsWith(start) ? failure('store_unavailable') : undefined),
  });
  const shown = () =>
    [...document.querySelectorAll<HTMLElement>('[data-recent]')].map(({ dataset }) => dataset.recent);
  await expect.element(screen.getByText(words)).toBeVisible();
  expect(shown()).toEqual(lines);
  isDown = false;
  await screen.getByRole('button', { name: 'Спробувати зараз' }).click();
  await expect.poll(shown).toEqual(['check', 'flag', 'video']);
  expect(screen.getByText(words).query()).toBeNull();
});

test('page keys lead from area to area, Escape back to the wall', async () => {
  const { desk, screen } = await showFocus();
  await userEvent.keyboard('{PageDown}');
  await expect.element(screen.getByRole('heading', { name: 'Камера 3' })).toBeVisible();
  await userEvent.keyboard('{PageDown}');
  expect(desk.view.store.getState().focus).toBe('cell-3');
  await userEvent.keyboard('{PageUp}{PageUp}');
  await expect.element(screen.getByRole('heading', { name: 'Камера 1' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => desk.view.store.getState().focus).toBeNull();
});

const flagId = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;

test('A takes what nobody has taken on this area, and nothing elsewhere; while somebody types it is a letter', async () => {
  let answer: Outcome<unknown> = failure('store_unavailable');
  const { screen, posted } = await showFocus({
    flags: [
      sampleFlag({ id: flagId(1), areaId: 'cell-2' }),
      sampleFlag({ id: flagId(2), areaId: 'cell-2', category: 'other', severity: 4 }),
      sampleFlag({ id: flagId(3), areaId: 'cell-2', category: 'force', state: 'acknowledged' }),
      sampleFlag({ id: flagId(4), areaId: 'cell-3' }),
    ],
    post: () => answer,
  });
  const asked = () => posted.map(({ path, body }) => [path.split('/')[4], body]);
  const own = [flagId(1), flagId(2)].map((id) => [id, { to: 'acknowledged', version: 1 }]);
  await screen.getByRole('searchbox').click();
  await userEvent.keyboard('a');
  await expect.element(screen.getByRole('searchbox')).toHaveValue('a');
  expect(asked()).toEqual([]);
  await screen.getByRole('heading', { name: 'Камера 2' }).click();
  await userEvent.keyboard('a');
  await expect.element(screen.getByText(/^Не вдалося: Сховище недоступне/)).toBeVisible();
  expect(asked()).toEqual(own);
  answer = { ok: true, value: sampleFlag() };
  await userEvent.keyboard('a');
  await expect.poll(asked).toEqual([...own, ...own]);
  await expect.poll(() => document.querySelector('[role="alert"]')).toBeNull();
});

test('on the alarm of another area, to which T leads, A takes nothing of this one, and F raises a flag there', async () => {
  const { desk, posted } = await showFocus({
    flags: [
      sampleFlag({ id: flagId(1), areaId: 'cell-2', severity: 2 }),
      sampleFlag({ id: flagId(2), areaId: 'cell-3', severity: 1 }),
    ],
  });
  await expect.poll(() => document.querySelectorAll('#alarm-list [data-flag-id]').length).toBe(2);
  await userEvent.keyboard('t');
  expect(document.activeElement?.closest<HTMLElement>('[data-flag-id]')?.dataset.flagId).toBe(flagId(2));
  await userEvent.keyboard('a');
  await userEvent.keyboard('f');
  expect(desk.view.store.getState().raising).toBe('cell-3');
  expect(posted).toEqual([]);
});

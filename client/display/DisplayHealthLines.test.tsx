import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { type DisplayHealth, DisplayView } from '#contract/displays.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { DisplayHealthLines } from './DisplayHealthLines.tsx';

/** A screen that is large enough for its distance. */
const WELL = [
  { width: 3840, height: 2160 },
  { diagonalInches: 55, distanceM: 5 },
] as const;

let dispose = () => {};
afterEach(() => dispose());

async function show(
  screen: { width: number; height: number },
  reading: { diagonalInches: number; distanceM: number },
  health: Partial<DisplayHealth> = {},
) {
  const { desk, sendBuild } = createTestDesk();
  dispose = () => desk[Symbol.dispose]();
  const at = new Date().toISOString();
  const display = DisplayView.parse({
    id: 'd-abcdefghjk',
    name: 'Ліва',
    place: '',
    ...reading,
    spot: false,
    scope: { kind: 'nation' },
    enrolledBy: 'situation',
    enrolledAt: at,
    version: 1,
    show: null,
    health: {
      visible: true,
      decodedFps: 0,
      tiles: [],
      rows: 0,
      columns: 0,
      step: 0,
      showVersion: 0,
      dataAgeMs: 100,
      build: 'index-1.js',
      screen,
      at,
      ...health,
    },
  });
  const { container } = await render(
    <Surroundings desk={desk}>
      <DisplayHealthLines display={display} />
    </Surroundings>,
  );
  await expect.poll(() => container.querySelector('[data-health="well"]')).not.toBeNull();
  const text = () => container.textContent ?? '';
  const small = () => container.querySelector('[data-small]')?.textContent?.trim();
  return { container, sendBuild, text, small };
}

test('a screen that is too small for its distance is said to be, and how small its text is', async () => {
  const { small } = await show({ width: 1920, height: 1080 }, { diagonalInches: 24, distanceM: 5 });
  expect(small()).toBe('Екран замалий для цієї відстані: текст 11′, треба 16′');
});

test('nothing is said of one that can be read', async () => {
  const { small } = await show(...WELL);
  expect(small()).toBeUndefined();
});

test('frames are told for each picture that is live, not for all of them together', async () => {
  const tile = (areaId: string, state: string) => ({ areaId, state, held: false });
  const tiles = [tile('cell-1', 'live'), tile('cell-2', 'live'), tile('cell-3', 'lost')];
  const { text } = await show(...WELL, { decodedFps: 29.6, tiles });
  expect(text()).toContain('Наживо 2 з 3 · по 15 кадр/с · озвався');
});

test('a screen without a live picture has no frames to tell', async () => {
  const { text } = await show(...WELL, { tiles: [{ areaId: 'cell-1', state: 'lost', held: false }] });
  expect(text()).toMatch(/Наживо 0 з 1 · озвався/);
});

test('a page of another version than the server’s is said to be, by no name of a file', async () => {
  const { text, sendBuild, container } = await show(...WELL, { build: 'index-1.js' });
  expect(text()).toMatch(/Сторінка 3840×2160$/);
  expect(text()).not.toContain('версія');
  sendBuild('index-2.js');
  await expect.poll(text).toMatch(/Інша версія, ніж у сервера · Сторінка 3840×2160$/);
  expect(text()).not.toContain('index');
  expect(container.querySelector('[title="index-1.js"]')).not.toBeNull();
  sendBuild('index-1.js');
  await expect.poll(text).not.toContain('версія');
});

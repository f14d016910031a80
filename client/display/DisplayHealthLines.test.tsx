import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { DisplayView } from '#contract/displays.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { DisplayHealthLines } from './DisplayHealthLines.tsx';

let dispose = () => {};
afterEach(() => dispose());

async function show(
  screen: { width: number; height: number },
  reading: { diagonalInches: number; distanceM: number },
) {
  const { desk } = createTestDesk();
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
    },
  });
  const { container } = await render(
    <Surroundings desk={desk}>
      <DisplayHealthLines display={display} />
    </Surroundings>,
  );
  await expect.poll(() => container.querySelector('[data-health="well"]')).not.toBeNull();
  return container.querySelector('[data-small]')?.textContent?.trim();
}

test('a screen that is too small for its distance is said to be, and how small its text is', async () => {
  expect(await show({ width: 1920, height: 1080 }, { diagonalInches: 24, distanceM: 5 })).toBe(
    'Екран замалий для цієї відстані: текст 10′, треба 16′',
  );
});

test('nothing is said of one that can be read', async () => {
  expect(await show({ width: 3840, height: 2160 }, { diagonalInches: 55, distanceM: 5 })).toBeUndefined();
});

import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { failure } from '../session/failure.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { AlarmZone } from './AlarmZone.tsx';

let dispose = () => {};
afterEach(() => dispose());

async function show(world: Parameters<typeof createTestDesk>[0]) {
  await page.viewport(1600, 900);
  const { desk } = createTestDesk(world);
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <AlarmZone />
    </Surroundings>,
  );
  return screen.getByRole('complementary', { name: 'Тривоги' });
}

test('a night of which nothing is known is not called quiet', async () => {
  const zone = await show({
    get: (path) => (path.includes('/live/snapshot') ? failure('offline') : undefined),
  });
  await expect.poll(() => zone.element().textContent).toContain('Дані про тривоги ще не надійшли');
  expect(zone.element().textContent).not.toContain('Тривог немає');
});

test('a quiet night is', async () => {
  const zone = await show({});
  await expect.poll(() => zone.element().textContent).toContain('Тривог немає');
  expect(zone.element().textContent).not.toContain('ще не надійшли');
});

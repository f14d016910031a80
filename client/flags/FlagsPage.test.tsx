import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { sampleFlag, sampleSnapshot } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FlagsPage } from './FlagsPage.tsx';

let dispose = () => {};
afterEach(() => dispose());

const by = { kind: 'person', id: 'duty-68', name: 'Черговий' } as const;
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const rows = () =>
  [...document.querySelectorAll<HTMLElement>('[data-flag-id]')].map(({ dataset }) => dataset.flagId);

test('in a flood what is put aside is still reached, by keys alone, and the flood again', async () => {
  const flood = Array.from({ length: 305 }, (_, index) =>
    sampleFlag({ id: id(index + 1), category: 'no-video', severity: 3 }),
  );
  const shelving = {
    id: crypto.randomUUID(),
    by,
    at: new Date().toISOString(),
    until: new Date(Date.now() + 3_600_000).toISOString(),
    reason: 'Майстер у дорозі',
  };
  const aside = sampleFlag({
    id: id(999),
    severity: 2,
    state: 'acknowledged',
    version: 2,
    shelvings: [shelving],
  });
  const { desk } = createTestDesk({
    snapshot: [sampleSnapshot({ flags: [...flood, aside] })],
    actions: ['status.read', 'flag.read', 'flag.acknowledge', 'flag.shelve'],
  });
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <FlagsPage />
    </Surroundings>,
  );
  await expect.poll(() => rows().length, { timeout: 8_000 }).toBe(300);
  expect(rows()).not.toContain(aside.id);
  await expect.element(screen.getByText('306 тривог', { exact: true })).toBeVisible();
  const only = screen.getByTitle('Лише відкладені');
  for (let step = 0; step < 5 && document.activeElement !== only.element(); step += 1) await userEvent.tab();
  await expect.element(only).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(rows).toEqual([aside.id]);
  expect(document.querySelector('[data-rest]')).toBe(null);
  await expect.element(only).toHaveAttribute('aria-pressed', 'true');
  await expect.element(screen.getByRole('button', { name: 'Повернути' })).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => rows().length, { timeout: 20_000 }).toBe(300);
}, 60_000);

test('in a flood all are counted and picked, and it is said that more are open than have a row', async () => {
  const flood = Array.from({ length: 350 }, (_, index) =>
    sampleFlag({ id: id(index + 1), category: 'no-video', severity: 3 }),
  );
  const { desk, posted } = createTestDesk({
    snapshot: [sampleSnapshot({ flags: flood })],
    actions: ['status.read', 'flag.read', 'flag.acknowledge'],
    post: (path) => ({ ok: true, value: flood.find((flag) => path.includes(flag.id)) }),
  });
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <FlagsPage />
    </Surroundings>,
  );
  await expect.element(screen.getByText('350 тривог', { exact: true })).toBeVisible();
  expect(rows()).toHaveLength(300);
  expect(document.querySelector('[data-rest]')?.textContent).toBe(
    'Показано перші 300. Звузьте фільтр, щоб побачити решту.',
  );
  await userEvent.keyboard('{ArrowDown} ');
  await screen.getByRole('button', { name: 'Вибрати всі такі (350)' }).click();
  await expect.element(screen.getByText('Вибрано 350 тривог')).toBeVisible();
  await userEvent.keyboard('a');
  await expect.poll(() => new Set(posted.map(({ path }) => path)).size, { timeout: 20_000 }).toBe(350);
}, 60_000);

test('in a hand what can be done with a flag is as high as a finger, and nothing stands on a line by itself', async () => {
  const { desk } = createTestDesk({
    snapshot: [sampleSnapshot({ flags: [sampleFlag({ id: id(1), severity: 2 })] })],
    actions: ['status.read', 'flag.read', 'flag.acknowledge', 'flag.assign', 'flag.resolve', 'flag.shelve'],
  });
  dispose = () => desk[Symbol.dispose]();
  await page.viewport(390, 844);
  await render(
    <Surroundings desk={desk}>
      <FlagsPage />
    </Surroundings>,
  );
  const boxes = () =>
    [...document.querySelectorAll('[data-actions] button')].map((button) => button.getBoundingClientRect());
  await expect.poll(() => boxes().length).toBe(4);
  for (const { height, right } of boxes()) {
    expect(height).toBeGreaterThanOrEqual(44);
    expect(right).toBeLessThanOrEqual(390);
  }
  const lines = Map.groupBy(boxes(), ({ top }) => Math.round(top));
  expect([...lines.values()].map((line) => line.length)).toEqual([2, 2]);
});

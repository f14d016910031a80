import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { Flag } from '#contract/flags.ts';
import { failure } from '../session/failure.ts';
import { sampleDelta, sampleFlag, sampleSnapshot } from '../test/samples.ts';
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

test('that alerts reach people is a small sign, with its words for who asks; alarms have the room', async () => {
  await page.viewport(1600, 900);
  const { desk } = createTestDesk({});
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <AlarmZone place="bottom" />
    </Surroundings>,
  );
  const zone = screen.getByRole('complementary', { name: 'Тривоги' }).element();
  const sign = () => zone.querySelector<HTMLElement>('p[title^="Шлях сповіщень"]');
  expect(sign()?.title).toBe('Шлях сповіщень ще не перевірено');
  const provedAt = new Date(Date.now() - 3 * 60_000).toISOString();
  desk.alerts.handlePath({ everyS: 300, canary: null, provedAt, webhook: null, push: null });
  await expect.poll(() => sign()?.title).toMatch(/перевірено: (\d+ \S+ о )?\d\d:\d\d$/);
  expect(sign()?.textContent).toContain(sign()?.title);
  expect(sign()?.querySelector('[aria-hidden]')?.textContent).toMatch(/^3\sхв$/);
  expect(sign()?.getBoundingClientRect().width).toBeLessThan(100);
  const strip = zone.querySelector('[aria-label="Сповіщення для вас"]');
  expect(strip?.getBoundingClientRect().width).toBe(0);
});

/** As many flags that were raised just now. */
function burst(count: number) {
  const by = { kind: 'rule', id: 'no-video', name: 'no-video' } as const;
  const at = new Date(Date.now() - 5_000).toISOString();
  const flags = Array.from({ length: count }, (_, index) =>
    sampleFlag({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      severity: 3,
      history: [{ state: 'raised', by, at }],
    }),
  );
  return { snapshot: [sampleSnapshot({ flags })] };
}

test.each([
  [0, false],
  [10, false],
  [11, true],
])('%i new alarms in ten minutes: said in grey, unless it is a flood', async (count, isFlood) => {
  const zone = await show(burst(count));
  const rate = () => zone.element().querySelector<HTMLElement>('[data-rate]');
  await expect.poll(() => rate()?.textContent).toContain(`${count} за 10 хв (мета 1), ${count} за годину`);
  expect(rate()?.textContent?.includes('Потік тривог')).toBe(isFlood);
  expect(rate()?.querySelector('[data-level="3"]') !== null).toBe(isFlood);
});

test('who writes a reason goes on writing when flags begin to be shown as one, and closes only what was there', async () => {
  await page.viewport(1600, 900);
  const all = burst(12).snapshot[0]?.flags ?? [];
  const [first] = all;
  if (!first) throw new Error('no flags');
  const post = (_: string, body: unknown) => {
    const { to } = body as { to: Flag['state'] };
    return { ok: true as const, value: { ...first, state: to, version: 2 } };
  };
  const { desk, posted, sendDelta } = createTestDesk({
    snapshot: [sampleSnapshot({ flags: all.slice(0, 3) })],
    post,
  });
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <AlarmZone />
    </Surroundings>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Закрити' }).first());
  await userEvent.fill(screen.getByRole('textbox'), 'Камеру полагоджено');
  sendDelta(sampleDelta(sampleSnapshot().seq + 1, { flags: all.slice(3) }));
  const cards = () => screen.container.querySelectorAll('[data-flag-id]').length;
  await expect.poll(cards).toBe(1);
  await expect.element(screen.getByRole('textbox')).toHaveValue('Камеру полагоджено');
  await expect.element(screen.getByRole('textbox')).toHaveFocus();
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.poll(() => posted.map(({ path }) => path)).toEqual([`/api/v1/flags/${first.id}/transitions`]);
});

test('what is put aside leaves its place and is counted; when its time is over it is back by itself', async () => {
  const { snapshot } = burst(2);
  const [kept, aside] = snapshot[0]?.flags ?? [];
  if (!kept || !aside) throw new Error('no flags');
  const by = { kind: 'person', id: 'duty-68', name: 'Черговий' } as const;
  const shelving = {
    id: crypto.randomUUID(),
    by,
    at: new Date().toISOString(),
    until: new Date(Date.now() + 4_000).toISOString(),
    reason: 'Майстер у дорозі',
  };
  const put = { ...aside, state: 'acknowledged' as const, version: 2, shelvings: [shelving] };
  const zone = await show({ snapshot: [sampleSnapshot({ flags: [kept, put] })] });
  const ids = () =>
    [...zone.element().querySelectorAll<HTMLElement>('[data-flag-id]')].map(({ dataset }) => dataset.flagId);
  await expect.poll(ids).toEqual([kept.id]);
  await expect.poll(() => zone.element().textContent).toContain('1 відкладена');
  await expect.poll(ids, { timeout: 20_000 }).toEqual([kept.id, aside.id]);
  expect(zone.element().textContent).not.toContain('відкладен');
});

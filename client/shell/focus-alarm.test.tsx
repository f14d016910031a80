import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { Flag } from '#contract/flags.ts';
import { sampleArea, sampleFlag, sampleSnapshot, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { Shell } from './Shell.tsx';

const AREAS = Array.from({ length: 3 }, (_, index) => sampleArea({ id: `cell-${index + 1}` }));
const id = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
const TAKEN = sampleFlag({ id: id(1), areaId: 'cell-1', severity: 1, state: 'acknowledged' });
const WAITING = sampleFlag({ id: id(2), areaId: 'cell-2', severity: 2 });

let dispose = () => {};
const before = location.href;
afterEach(() => {
  dispose();
  history.replaceState(null, '', before);
});

async function open(path: string, flags: Flag[], width = 1600) {
  await browserPage.viewport(width, 900);
  history.replaceState(null, '', path);
  const { desk, posted } = createTestDesk({
    registry: sampleWireRegistry({ areas: AREAS }),
    snapshot: [
      sampleSnapshot({ areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })), flags }),
    ],
    post: () => ({ ok: true, value: WAITING }),
  });
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <div style={{ height: '100vh' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  const card = () => document.activeElement?.closest<HTMLElement>('article')?.dataset.flagId;
  const cards = () => document.querySelectorAll('article[data-flag-id]').length;
  await expect.poll(cards).toBe(flags.length);
  return { screen, posted, card };
}

test.each(['/?grid=4', '/?area=cell-3', '/flags'])(
  'T leads to what waits, and Enter takes it: %s',
  async (path) => {
    const { posted, card } = await open(path, [TAKEN, WAITING]);
    await userEvent.keyboard('t');
    expect(card()).toBe(WAITING.id);
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => posted).toMatchObject([{ path: `/api/v1/flags/${WAITING.id}/transitions` }]);
  },
);

test('when all are taken it leads to the first one; while somebody types it is a letter', async () => {
  const { screen, card } = await open('/', [TAKEN]);
  await screen.getByRole('searchbox').click();
  await userEvent.keyboard('t');
  await expect.element(screen.getByRole('searchbox')).toHaveValue('t');
  expect(card()).toBeUndefined();
  await screen.getByRole('heading', { name: 'Тривоги' }).click();
  await userEvent.keyboard('t');
  expect(card()).toBe(TAKEN.id);
});

test('what waits on the page comes before what is taken in the zone', async () => {
  const quiet = sampleFlag({ id: id(3), areaId: 'cell-3', severity: 4 });
  const { card } = await open('/?area=cell-3', [TAKEN, quiet]);
  await userEvent.keyboard('t');
  expect(card()).toBe(quiet.id);
});

test('the palette leads there as well', async () => {
  const { posted, card } = await open('/', [TAKEN, WAITING]);
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.keyboard('неприйнятої');
  await expect.poll(() => document.querySelector('[data-command="do toAlarm"]')).not.toBeNull();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => document.querySelector('[role="dialog"]')).toBeNull();
  await expect.poll(card).toBe(WAITING.id);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => posted).toMatchObject([{ path: `/api/v1/flags/${WAITING.id}/transitions` }]);
});

test('in a hand, where the zone is one line, it leads to that line', async () => {
  await open('/', [WAITING], 390);
  await userEvent.keyboard('t');
  expect(document.activeElement?.getAttribute('aria-controls')).toBe('alarm-list');
  await userEvent.keyboard('{Enter}t');
  expect(document.activeElement?.closest('article')).not.toBeNull();
});

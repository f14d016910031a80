import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { DeskContext } from '../desk/desk-context.ts';
import type { TileState } from '../media/tile-state.ts';
import { sampleArea } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { TileMessage } from './TileMessage.tsx';

/** A Monday in Kyiv, a quarter past eight. */
const MONDAY_MS = Date.parse('2026-11-23T06:15:00.000Z');

let dispose = () => {};
afterEach(() => dispose());

/** A tile that lost its camera, or was closed, at an instant, as it reads when the server's clock shows another. */
async function show(
  state: 'lost' | 'confidential',
  { at, nowMs = MONDAY_MS, language = 'uk' }: { at: string; nowMs?: number; language?: 'uk' | 'en' },
) {
  const { desk } = createTestDesk();
  dispose = () => desk[Symbol.dispose]();
  const clock = { nowMs };
  const serverClock = { nowMs: () => clock.nowMs, observe: () => {} };
  const atMs = Date.parse(at);
  const shown: TileState = state === 'lost' ? { state, atMs, code: undefined } : { state, atMs };
  const data = { area: sampleArea(), facility: undefined, status: undefined, feed: undefined, flags: [] };
  const screen = await render(
    <Surroundings desk={desk} language={language}>
      <DeskContext value={{ ...desk, serverClock }}>
        <TileMessage state={shown} data={data} />
      </DeskContext>
    </Surroundings>,
  );
  return { clock, title: () => screen.container.querySelector('p')?.textContent };
}

test.each([
  ['2026-11-23T05:02:00.000Z', 'Відео втрачено з 07:02', 'Video lost since 07:02'],
  [
    '2026-11-22T06:15:00.000Z',
    'Відео втрачено з 22 листопада о 08:15',
    'Video lost since 22 November at 08:15',
  ],
  [
    '2026-11-20T06:15:00.000Z',
    'Відео втрачено з 20 листопада о 08:15',
    'Video lost since 20 November at 08:15',
  ],
])('a camera that was lost at %s says on Monday: %s', async (at, uk, en) => {
  expect((await show('lost', { at })).title()).toBe(uk);
  dispose();
  expect((await show('lost', { at, language: 'en' })).title()).toBe(en);
});

test('at midnight where the nation is, what was today becomes yesterday by itself', async () => {
  const midnightMs = Date.parse('2026-11-22T22:00:00.000Z');
  const { clock, title } = await show('confidential', {
    at: '2026-11-22T21:40:00.000Z',
    nowMs: midnightMs - 1,
  });
  expect(title()).toBe('Конфіденційно з 23:40');
  clock.nowMs = midnightMs;
  await expect.poll(title, { timeout: 5_000 }).toBe('Конфіденційно з 22 листопада о 23:40');
});

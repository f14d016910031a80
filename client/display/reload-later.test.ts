import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reloadLater } from './reload-later.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MINUTE_MS = 60_000;

test('not before its time, not while the server is away, and once as soon as it is there', async () => {
  const state = { isThere: false, reloads: 0 };
  reloadLater(
    {
      fetch: async () => {
        if (!state.isThere) throw new TypeError('Failed to fetch');
        return new Response('ok');
      },
      setTimeout: (run: TimerHandler, ms?: number) => window.setTimeout(run, ms),
      location: {
        reload: () => {
          state.reloads += 1;
        },
      },
    },
    5 * MINUTE_MS,
  );
  await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
  expect(state.reloads).toBe(0);
  state.isThere = true;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(state.reloads).toBe(0);
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(state.reloads).toBe(1);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LOOK_MS, untilEmpty } from './drain.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const { signal } = new AbortController();

it('does not wait when nobody is there', async () => {
  await untilEmpty({ left: () => ({ viewers: 0, relays: 0 }), withinMs: 60_000, signal });
});

it('waits for the last one, whatever they are', async () => {
  const left = { viewers: 1, relays: 1 };
  const ended = vi.fn();
  const waiting = untilEmpty({ left: () => left, withinMs: 60_000, signal }).then(ended);
  left.viewers = 0;
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(ended).not.toHaveBeenCalled();
  left.relays = 0;
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(ended).toHaveBeenCalledOnce();
  await waiting;
});

it('ends at the deadline, and not before', async () => {
  const ended = vi.fn();
  const waiting = untilEmpty({ left: () => ({ viewers: 1 }), withinMs: 1_000, signal }).then(ended);
  await vi.advanceTimersByTimeAsync(999);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toHaveBeenCalledOnce();
  await waiting;
});

it('ends at once when it is told to', async () => {
  const told = new AbortController();
  const waiting = untilEmpty({ left: () => ({ viewers: 1 }), withinMs: 60_000, signal: told.signal });
  told.abort();
  await waiting;
});

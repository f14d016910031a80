import { expect, test, vi } from 'vitest';
import { repeat } from './repeat.ts';

const HOUR_MS = 3_600_000;

test('runs at once, and again when asked, without overlap', async () => {
  let running = 0;
  let runs = 0;
  const steps: (() => void)[] = [];
  await using task = repeat(
    async () => {
      expect(running).toBe(0);
      running += 1;
      runs += 1;
      await new Promise<void>((resolve) => steps.push(resolve));
      running -= 1;
    },
    { everyMs: HOUR_MS, onError: () => {} },
  );
  await vi.waitFor(() => expect(steps).toHaveLength(1));
  task.soon();
  task.soon();
  steps[0]?.();
  await vi.waitFor(() => expect(runs).toBe(2));
  steps[1]?.();
  await vi.waitFor(() => expect(running).toBe(0));
  task.soon();
  await vi.waitFor(() => expect(runs).toBe(3));
  steps[2]?.();
});

test('a failed run is told of, and the next one comes', async () => {
  const errors: unknown[] = [];
  let runs = 0;
  await using task = repeat(
    () => {
      runs += 1;
      if (runs === 1) throw new Error('first');
    },
    { everyMs: HOUR_MS, onError: (error) => errors.push(error) },
  );
  await vi.waitFor(() => expect(errors).toHaveLength(1));
  task.soon();
  await vi.waitFor(() => expect(runs).toBe(2));
});

test('disposal aborts what the task waits for, and waits for it', async () => {
  let ended = false;
  const task = repeat(
    async (signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended = true;
    },
    { everyMs: HOUR_MS, onError: () => {} },
  );
  await task[Symbol.asyncDispose]();
  expect(ended).toBe(true);
});

test('comes again by itself', async () => {
  let runs = 0;
  await using _task = repeat(
    () => {
      runs += 1;
    },
    { everyMs: 1, onError: () => {} },
  );
  await vi.waitFor(() => expect(runs).toBeGreaterThan(3));
});

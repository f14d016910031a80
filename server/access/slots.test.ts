import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

test('runs so much at a time, in order, and refuses what would wait too long', async () => {
  const slots = createSlots({ running: 1, waiting: 1 });
  const first = Promise.withResolvers<string>();
  const done: string[] = [];
  const running = slots.run(() => first.promise);
  const waiting = slots.run(async () => {
    done.push('second');
    return 'second';
  });
  expect(slots.run(async () => 'third')).toBeUndefined();
  expect(done).toEqual([]);

  first.resolve('first');
  expect(await running).toBe('first');
  expect(await waiting).toBe('second');
  expect(await slots.run(async () => 'fourth')).toBe('fourth');
});

test('work that fails gives its slot back', async () => {
  const slots = createSlots({ running: 1, waiting: 0 });
  await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run(async () => 'yes')).toBe('yes');
});

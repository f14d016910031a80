import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

const NEVER = new AbortController().signal;

test('so many at a time, the others in the order in which they came', async () => {
  const slots = new Slots(2);
  const first = await slots.take(NEVER);
  await slots.take(NEVER);
  const order: string[] = [];
  const third = slots.take(NEVER).then((release) => {
    order.push('third');
    return release;
  });
  const fourth = slots.take(NEVER).then(() => order.push('fourth'));
  expect(slots.waiting).toBe(2);
  first();
  first();
  const release = await third;
  expect([order, slots.waiting]).toEqual([['third'], 1]);
  release();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('who gives up waiting takes nobody’s turn', async () => {
  const slots = new Slots(1);
  const first = await slots.take(NEVER);
  const gone = new AbortController();
  const second = slots.take(gone.signal);
  const third = slots.take(NEVER);
  gone.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  first();
  (await third)();
  await expect(slots.take(gone.signal)).rejects.toThrow('gone');
  expect(await slots.take(NEVER)).toBeTypeOf('function');
});

import { expect, test } from 'vitest';
import { nextPlace } from './queue-place.ts';

test('an arrow leads to the neighbour, and at first to the most urgent', () => {
  expect(nextPlace({ at: 3, last: 3, isDown: true })).toBe(4);
  expect(nextPlace({ at: 3, last: 3, isDown: false })).toBe(2);
  expect(nextPlace({ at: -1, last: undefined, isDown: true })).toBe(0);
  expect(nextPlace({ at: -1, last: undefined, isDown: false })).toBe(0);
});

test('from a row that is gone it goes on where that was', () => {
  expect(nextPlace({ at: -1, last: 3, isDown: true })).toBe(3);
  expect(nextPlace({ at: -1, last: 3, isDown: false })).toBe(2);
});

import { expect, test } from 'vitest';
import { createMessageBudget } from './message-budget.ts';

test('a burst, then so much a second', () => {
  const budget = createMessageBudget({ perSecond: 2, burst: 3, nowMs: 0 });
  expect([0, 0, 0, 0].map((now) => budget.take(now))).toEqual([true, true, true, false]);
  expect(budget.take(499)).toBe(false);
  expect(budget.take(500)).toBe(true);
  expect(budget.take(500)).toBe(false);
});

test('silence saves up a burst and no more, and a clock that goes back gives nothing', () => {
  const budget = createMessageBudget({ perSecond: 100, burst: 2, nowMs: 0 });
  expect([60_000, 60_000, 60_000].map((now) => budget.take(now))).toEqual([true, true, false]);
  expect(budget.take(0)).toBe(false);
});

import { expect, test } from 'vitest';
import { createRefusalBudget } from './refusal-budget.ts';

const MINUTE_MS = 60_000;

test('an actor’s refusals are recorded up to a rate, and what was left out is told later', () => {
  let nowMs = 0;
  const budget = createRefusalBudget(() => nowMs);
  const taken = Array.from({ length: 25 }, () => budget.take('person:a'));
  expect(taken.filter(({ record }) => record)).toHaveLength(20);
  expect(budget.take('person:b')).toEqual({ record: true, leftOut: 0 });
  nowMs += MINUTE_MS;
  expect(budget.take('person:a')).toEqual({ record: true, leftOut: 5 });
  expect(budget.take('person:a')).toEqual({ record: true, leftOut: 0 });
});

test('all actors together cannot fill the audit either', () => {
  let nowMs = 0;
  const budget = createRefusalBudget(() => nowMs);
  const recorded = () =>
    Array.from({ length: 5_000 }, (_, index) => budget.take(`anonymous:${index}`)).filter(
      ({ record }) => record,
    ).length;
  expect(recorded()).toBe(300);
  nowMs += MINUTE_MS;
  expect(recorded()).toBe(300);
});

import { expect, test } from 'vitest';
import { countFailures, steadyAfterMs, toRestartDelayMs } from './restart-backoff.ts';

test('one crash is hardly seen, a crash loop does not burn the machine', () => {
  expect([1, 2, 3, 4, 20].map(toRestartDelayMs)).toEqual([50, 100, 200, 400, 5_000]);
});

test('a steady run makes the next death the first one again', () => {
  expect(countFailures(3, steadyAfterMs - 1)).toBe(4);
  expect(countFailures(3, steadyAfterMs)).toBe(1);
});

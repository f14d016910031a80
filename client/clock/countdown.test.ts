import { expect, test } from 'vitest';
import { ageSteps, formatSpan } from './countdown.ts';

const MINUTE_MS = 60_000;

test.each([
  [14 * 60 * MINUTE_MS + 5 * MINUTE_MS, '14 год 05 хв', '14h 05m'],
  [71 * 60 * MINUTE_MS + 2 * MINUTE_MS, '71 год 02 хв', '71h 02m'],
  [60 * MINUTE_MS, '1 год 00 хв', '1h 00m'],
  [59 * MINUTE_MS + 59_000, '59 хв 59 с', '59m 59s'],
  [41 * MINUTE_MS + 7_000, '41 хв 07 с', '41m 07s'],
  [400, '1 с', '1s'],
  [0, '0 с', '0s'],
  [-5_000, '0 с', '0s'],
])('%d ms reads %s, %s', (spanMs, uk, en) => {
  expect(formatSpan(spanMs, 'uk')).toBe(uk);
  expect(formatSpan(spanMs, 'en')).toBe(en);
});

test('an age is told in the unit that people would use', () => {
  expect(ageSteps(14_900)).toEqual({ unit: 'second', count: 14 });
  expect(ageSteps(19 * MINUTE_MS)).toEqual({ unit: 'minute', count: 19 });
  expect(ageSteps(125 * MINUTE_MS)).toEqual({ unit: 'hour', count: 2, minutes: 5 });
  expect(ageSteps(75 * 60 * MINUTE_MS)).toEqual({ unit: 'day', count: 3, hours: 3 });
  expect(ageSteps(-1)).toEqual({ unit: 'second', count: 0 });
});

import { expect, test } from 'vitest';
import { ageSteps, formatSpan } from './countdown.ts';

const MINUTE_MS = 60_000;

test.each([
  [14 * 60 * MINUTE_MS + 5 * MINUTE_MS, '14:05'],
  [71 * 60 * MINUTE_MS + 2 * MINUTE_MS, '71:02'],
  [60 * MINUTE_MS, '1:00'],
  [59 * MINUTE_MS + 59_000, '0:59:59'],
  [41 * MINUTE_MS + 7_000, '0:41:07'],
  [400, '0:00:01'],
  [0, '0:00:00'],
  [-5_000, '0:00:00'],
])('%d ms reads %s', (spanMs, text) => {
  expect(formatSpan(spanMs)).toBe(text);
});

test('an age is told in the unit that people would use', () => {
  expect(ageSteps(14_900)).toEqual({ unit: 'second', count: 14 });
  expect(ageSteps(19 * MINUTE_MS)).toEqual({ unit: 'minute', count: 19 });
  expect(ageSteps(125 * MINUTE_MS)).toEqual({ unit: 'hour', count: 2, minutes: 5 });
  expect(ageSteps(75 * 60 * MINUTE_MS)).toEqual({ unit: 'day', count: 3, hours: 3 });
  expect(ageSteps(-1)).toEqual({ unit: 'second', count: 0 });
});

import { expect, test } from 'vitest';
import { DayTable } from './day-table.ts';

const HOUR_MS = 3_600_000;
const days = new DayTable('Europe/Kyiv');

test('days are those of Kyiv: one of 23 hours in March, one of 25 in October, and leap days', () => {
  const hours = (day: string) => {
    const { fromMs, untilMs } = days.named(day);
    return (untilMs - fromMs) / HOUR_MS;
  };
  expect(hours('2026-03-29')).toBe(23);
  expect(hours('2026-10-25')).toBe(25);
  expect(hours('2028-02-29')).toBe(24);
  expect(days.at(Date.parse('2026-11-21T22:00:00.000Z')).day).toBe('2026-11-22');
  expect(days.at(Date.parse('2026-11-21T21:59:59.999Z')).day).toBe('2026-11-21');
  expect(() => days.named('2026-02-29')).toThrow(RangeError);
});

test('a span is cut at midnights, and nothing of it is lost', () => {
  const from = Date.parse('2026-10-24T12:00:00.000Z');
  const to = Date.parse('2026-10-26T12:00:00.000Z');
  const pieces = days.split(from, to);
  expect(pieces.map(({ day, ms }) => [day, ms / HOUR_MS])).toEqual([
    ['2026-10-24', 9],
    ['2026-10-25', 25],
    ['2026-10-26', 14],
  ]);
  expect(days.between('2026-10-24', '2026-10-26').map(({ day }) => day)).toEqual(
    pieces.map(({ day }) => day),
  );
});

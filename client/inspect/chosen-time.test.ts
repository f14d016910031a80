import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFormats } from '../i18n/formats.ts';
import { lastTimeAt } from './chosen-time.ts';

const { time } = createFormats('uk', 'Europe/Kyiv');
const at = (instant: string) => Date.parse(instant);

test.each([
  ['today', '2026-11-22T12:05:30Z', '14:05', '2026-11-22T12:05:00Z'],
  ['yesterday, when it has not come yet', '2026-11-22T12:05:30Z', '14:06', '2026-11-21T12:06:00Z'],
  ['before midnight', '2026-11-21T22:10:00Z', '23:50', '2026-11-21T21:50:00Z'],
  ['before clocks went back', '2026-10-25T05:00:00Z', '02:30', '2026-10-24T23:30:00Z'],
  ['before clocks went on', '2026-03-29T05:00:00Z', '02:30', '2026-03-29T00:30:00Z'],
])('%s', (_, now, wanted, expected) => {
  expect(lastTimeAt(wanted, at(now), time)).toBe(at(expected));
});

test('what is no time of day is none', () => {
  for (const text of ['', '7:5', '24:00', 'noon'])
    expect(lastTimeAt(text, at('2026-11-22T12:00:00Z'), time)).toBeUndefined();
});

test('it is never in the future, never more than a day and an hour ago, and shows what was asked for', () => {
  const nowMs = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') });
  const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
  fc.assert(
    fc.property(nowMs, minutes, (now, minute) => {
      const wanted = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      // The hour that clocks leave out in spring cannot be shown.
      fc.pre(!(wanted >= '03:00' && wanted < '04:00'));
      const chosen = lastTimeAt(wanted, now, time) ?? Number.NaN;
      expect(chosen).toBeLessThanOrEqual(now);
      expect(now - chosen).toBeLessThanOrEqual(25 * 3_600_000 + 60_000);
      expect(time(chosen)).toBe(wanted);
    }),
  );
});

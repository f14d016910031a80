import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QuietHours } from '#contract/alerts.ts';
import { createWallClock, quietUntilMs } from './quiet-hours.ts';

const KYIV = createWallClock('Europe/Kyiv');
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const quiet = (from: string, to: string, days = EVERY_DAY): QuietHours => ({ days, from, to });
/** When quiet hours end that hold at an instant, as an instant. */
const end = (hours: QuietHours, at: string) => {
  const ms = quietUntilMs(hours, KYIV, Date.parse(at));
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

test.each([
  ['2026-11-22T21:59:59+02:00', undefined],
  ['2026-11-22T22:00:00+02:00', '2026-11-23T04:00:00.000Z'],
  ['2026-11-23T03:00:00+02:00', '2026-11-23T04:00:00.000Z'],
  ['2026-11-23T05:59:59+02:00', '2026-11-23T04:00:00.000Z'],
  ['2026-11-23T06:00:00+02:00', undefined],
])('a night from 22:00 to 06:00: at %s', (at, until) => {
  expect(end(quiet('22:00', '06:00'), at)).toBe(until);
});

test('days are those on which the night begins', () => {
  // 22 November 2026 is a Sunday.
  const sundays = quiet('22:00', '06:00', [7]);
  expect(end(sundays, '2026-11-22T23:00:00+02:00')).toBeDefined();
  expect(end(sundays, '2026-11-23T05:00:00+02:00')).toBeDefined();
  expect(end(sundays, '2026-11-22T05:00:00+02:00')).toBeUndefined();
  expect(end(sundays, '2026-11-23T23:00:00+02:00')).toBeUndefined();
});

test('without quiet hours nothing is quiet', () => {
  expect(quietUntilMs(null, KYIV, Date.now())).toBeUndefined();
});

// Clocks go forward on 29 March 2026, from 03:00 (+02) to 04:00 (+03).
test.each([
  [
    'the night is an hour shorter',
    quiet('22:00', '06:00'),
    '2026-03-29T00:30:00Z',
    '2026-03-29T03:00:00.000Z',
  ],
  ['an end that is skipped', quiet('22:00', '03:30'), '2026-03-29T00:59:00Z', '2026-03-29T01:00:00.000Z'],
  ['… and not a minute longer', quiet('22:00', '03:30'), '2026-03-29T01:00:00Z', undefined],
  [
    'a beginning that is skipped',
    quiet('03:30', '05:00'),
    '2026-03-29T01:00:00Z',
    '2026-03-29T02:00:00.000Z',
  ],
])('clocks go forward: %s', (_, hours, at, until) => {
  expect(end(hours, at)).toBe(until);
});

// Clocks go back on 25 October 2026, from 04:00 (+03) to 03:00 (+02): 03:30 is at 00:30Z and at 01:30Z.
test.each([
  [
    'the night is an hour longer',
    quiet('22:00', '06:00'),
    '2026-10-25T03:59:00Z',
    '2026-10-25T04:00:00.000Z',
  ],
  [
    'an end that comes twice counts once',
    quiet('22:00', '03:30'),
    '2026-10-25T00:29:00Z',
    '2026-10-25T00:30:00.000Z',
  ],
  ['… and quiet does not come back', quiet('22:00', '03:30'), '2026-10-25T01:10:00Z', undefined],
  [
    'a beginning that comes twice counts once',
    quiet('03:30', '05:00'),
    '2026-10-25T01:10:00Z',
    '2026-10-25T03:00:00.000Z',
  ],
  [
    'between two times of that hour',
    quiet('03:15', '03:45'),
    '2026-10-25T00:20:00Z',
    '2026-10-25T00:45:00.000Z',
  ],
  ['… once', quiet('03:15', '03:45'), '2026-10-25T01:20:00Z', undefined],
])('clocks go back: %s', (_, hours, at, until) => {
  expect(end(hours, at)).toBe(until);
});

test('whatever the hours, the day and the zone: they end, within a day, and what follows is not quiet', () => {
  const time = fc
    .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
    .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const clocks = ['Europe/Kyiv', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Almaty'].map(
    createWallClock,
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...clocks),
      fc.record({ from: time, to: time, days: fc.subarray(EVERY_DAY, { minLength: 1 }) }),
      fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
      (clock, hours, atMs) => {
        fc.pre(hours.from !== hours.to);
        const untilMs = quietUntilMs(hours, clock, atMs);
        if (untilMs === undefined) return;
        expect(untilMs).toBeGreaterThan(atMs);
        expect(untilMs - atMs).toBeLessThanOrEqual(25.5 * 3_600_000);
        // Quiet to the end without a gap, and then not (but for the next night, which begins no earlier).
        expect(quietUntilMs(hours, clock, untilMs - 1)).toBe(untilMs);
        const after = quietUntilMs(hours, clock, untilMs);
        if (after !== undefined) expect(after).toBeGreaterThan(untilMs);
      },
    ),
    { numRuns: 300 },
  );
});

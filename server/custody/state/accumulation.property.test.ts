import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockStateAt } from '#contract/clocks.ts';
import { ADULT, caseEvent, lawOf } from '../../test/fixtures/custody.ts';
import { factsOf } from './case-facts.ts';
import { compareEvents, toKept } from './kept-event.ts';
import { wasMetLate } from './limit-run.ts';
import { runsOf, toClock } from './limit-runs.ts';
import { createCalendar } from './local-day.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const KYIV = createCalendar('Europe/Kyiv');

/** Interrogations from and until, and the runs of one of their limits. */
function runs(limitId: string, spans: readonly (readonly [string, string?])[]) {
  const events = spans.flatMap(([from, until], index) => [
    { ...caseEvent('INTERROGATION_STARTED', { id: 2 * index, at: 0, person: ADULT }), occurredAt: from },
    ...(until
      ? [{ ...caseEvent('INTERROGATION_ENDED', { id: 2 * index + 1, at: 0 }), occurredAt: until }]
      : []),
  ]);
  const kept = events.map((event) => toKept(event)).sort(compareEvents);
  return runsOf(kept, factsOf(kept), lawOf('ua-cpc')).filter(({ limit }) => limit.id === limitId);
}

test.each([
  ['an ordinary day', '2026-11-22T12:00:00+02:00', 24],
  ['the day on which the clocks go back', '2026-10-25T12:00:00+02:00', 25],
  ['the day on which they go forward', '2027-03-28T12:00:00+03:00', 23],
  ['a leap day', '2028-02-29T23:59:59.999+02:00', 24],
])('%s in Kyiv', (_, at, hours) => {
  const { fromMs, untilMs } = KYIV.dayOf(Date.parse(at));
  expect((untilMs - fromMs) / HOUR_MS).toBe(hours);
  expect(KYIV.dayOf(fromMs)).toEqual({ fromMs, untilMs });
  expect(KYIV.dayOf(untilMs - 1)).toEqual({ fromMs, untilMs });
  expect(KYIV.dayOf(untilMs).fromMs).toBe(untilMs);
});

test('days follow one another without gap, wherever clocks jump at midnight too', () => {
  const zone = fc.constantFrom(
    'Europe/Kyiv',
    'Africa/Cairo',
    'Asia/Almaty',
    'America/Sao_Paulo',
    'Europe/London',
  );
  fc.assert(
    fc.property(zone, fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2030, 0) }), (timeZone, atMs) => {
      const calendar = createCalendar(timeZone);
      const { fromMs, untilMs } = calendar.dayOf(atMs);
      expect(fromMs <= atMs && atMs < untilMs).toBe(true);
      expect(calendar.dayOf(fromMs - 1).untilMs).toBe(fromMs);
      expect(calendar.dayOf(untilMs).fromMs).toBe(untilMs);
    }),
    { numRuns: 30 },
  );
});

test('eight hours a day: the sum begins anew at midnight in Kyiv, and not in London', () => {
  // Six hours before midnight and seven after it, without an end between them.
  const [run] = runs('interrogation-day', [['2026-11-22T18:00:00+02:00']]);
  expect(run && new Date(run.dueMs).toISOString()).toBe('2026-11-23T06:00:00.000Z');
  expect(runs('interrogation-day', [['2026-11-22T18:00:00+02:00', '2026-11-23T07:00:00+02:00']])).toEqual([]);
  const [late] = runs('interrogation-day', [
    ['2026-11-22T00:00:00+02:00', '2026-11-22T05:00:00+02:00'],
    ['2026-11-22T20:00:00+02:00', '2026-11-22T23:30:00+02:00'],
  ]);
  expect(late && [wasMetLate(late), new Date(late.dueMs).toISOString()]).toEqual([
    true,
    '2026-11-22T21:00:00.000Z',
  ]);
});

test('what was used up in the morning is missing in the evening', () => {
  const [run] = runs('interrogation-day', [
    ['2026-11-22T08:00:00+02:00', '2026-11-22T15:00:00+02:00'],
    ['2026-11-22T18:00:00+02:00'],
  ]);
  if (!run) throw new Error('no run');
  expect(new Date(run.dueMs).toISOString()).toBe('2026-11-22T17:00:00.000Z');
  // Three quarters of eight hours were reached in the morning.
  expect(clockStateAt(toClock('cr-68-1-one', run), Date.parse('2026-11-22T18:00:00+02:00'))).toBe('amber');
});

test('the clocks go back: what lasts is what elapses', () => {
  const [run] = runs('interrogation-unbroken', [['2026-10-25T03:30:00+03:00']]);
  expect(run && run.dueMs - run.anchorMs).toBe(2 * HOUR_MS);
  const [day] = runs('interrogation-day', [['2026-10-25T00:00:00+03:00']]);
  expect(day && day.dueMs - day.anchorMs).toBe(8 * HOUR_MS);
});

test('a break that is none does not begin the two hours anew', () => {
  const due = (breakMinutes: number) => {
    const from = Date.parse('2026-11-22T10:00:00+02:00');
    const pause = from + 90 * MINUTE_MS;
    const [run] = runs('interrogation-unbroken', [
      [new Date(from).toISOString(), new Date(pause).toISOString()],
      [new Date(pause + breakMinutes * MINUTE_MS).toISOString()],
    ]);
    return run && (run.dueMs - from) / MINUTE_MS;
  };
  expect([due(0), due(14), due(15)]).toEqual([120, 120, 90 + 15 + 120]);
});

/** Minutes after {@link START} at which days begin in Kyiv: the second one has 25 hours. */
const DAYS = [0, 24 * 60, 49 * 60, 73 * 60];

/** Counts minute by minute, which is slow and plain. */
function firstMinuteOver(spans: readonly (readonly [number, number])[], limit: number): number | undefined {
  let sum = 0;
  for (let minute = 0; minute < 4 * 24 * 60; minute += 1) {
    if (DAYS.includes(minute)) sum = 0;
    if (spans.some(([from, until]) => from <= minute && minute < until)) sum += 1;
    if (sum > limit) return minute;
  }
  return undefined;
}
/** The day before the clocks go back. */
const START = Date.parse('2026-10-24T00:00:00+03:00');

test('a day’s sum is exceeded exactly when counting minutes says so', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 3 * 24 * 60 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(cuts, (all) => {
      const sorted = all.toSorted((a, b) => a - b).slice(0, all.length - (all.length % 2));
      const spans = Array.from(
        { length: sorted.length / 2 },
        (_, index) => [sorted[2 * index] ?? 0, sorted[2 * index + 1] ?? 0] as const,
      );
      const at = (minute: number) => new Date(START + minute * MINUTE_MS).toISOString();
      const late = runs(
        'interrogation-day',
        spans.map(([from, until]) => [at(from), at(until)] as const),
      );
      const [first] = late.toSorted((a, b) => a.dueMs - b.dueMs);
      expect(first && (first.dueMs - START) / MINUTE_MS).toBe(firstMinuteOver(spans, 480));
    }),
    { numRuns: 60 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CaseEvent } from '#contract/custody-events.ts';
import { ALL_NORMS } from '../../../config/norms/norms.ts';
import { openRun, runsOfLimit, type Told } from '../../test/fixtures/limit-walk.ts';
import { wasMetLate } from './limit-run.ts';

const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;
const ARRIVED_MS = Date.UTC(2026, 10, 22, 6);
const ms = (minute: number) => ARRIVED_MS + minute * MINUTE_MS;

function ofPace(limitId: string) {
  const set = ALL_NORMS.sets.find(({ id }) => id === 'uk-pace');
  const limit = set?.limits.find(({ id }) => id === limitId);
  if (!set || !limit) throw new Error(`no limit ${limitId}`);
  return { set, limit };
}
const MEALS = ofPace('meals');
const REST = ofPace('rest');
/** What happens, in which minute after the arrival. */
type Happening = readonly [CaseEvent['type'], number];
const told = (...events: Happening[]): Told[] => [
  ['DELIVERED', ms(0)],
  ...events.map(([type, minute]): Told => [type, ms(minute)]),
];
/** In which minute after the arrival the next one is due. */
const dueOf = (of: typeof REST, ...events: Happening[]) =>
  (openRun(of, told(...events)).dueMs - ARRIVED_MS) / MINUTE_MS;

test('three meals in any 24 hours: the next is due when a window of a day would hold but two', () => {
  const minutes = fc.uniqueArray(fc.integer({ min: 1, max: 3 * DAY }), { maxLength: 12 });
  fc.assert(
    fc.property(minutes, (all) => {
      const meals = all.toSorted((a, b) => a - b);
      const due = dueOf(MEALS, ...meals.map((minute) => ['MEAL', minute] as const));
      /** Counts a window of a day that ends with a minute, which is slow and plain. */
      const eaten = (minute: number) => meals.filter((one) => one > minute - DAY && one <= minute).length;
      let first = Math.max(DAY, meals.at(-1) ?? 0);
      while (eaten(first) >= 3) first += 1;
      expect(Math.max(due, meals.at(-1) ?? 0, DAY)).toBe(first);
    }),
    { numRuns: 200 },
  );
});

test('eight hours of rest count, a minute less does not, nor what was broken', () => {
  const from = 10 * HOUR;
  const rest = (length: number, end: CaseEvent['type'] = 'REST_ENDED') =>
    dueOf(REST, ['REST_STARTED', from], [end, from + length]);
  expect([rest(8 * HOUR - 1), rest(8 * HOUR), rest(9 * HOUR)]).toEqual([
    DAY,
    from + 8 * HOUR + 16 * HOUR,
    from + 9 * HOUR + 16 * HOUR,
  ]);
  expect(rest(7 * HOUR, 'INTERROGATION_STARTED')).toBe(DAY);
  // Whoever was woken after eight hours has rested.
  expect(rest(8 * HOUR, 'INTERROGATION_STARTED')).toBe(from + DAY);
  // What was broken goes on as another rest, which is too short.
  const broken = [
    ['REST_STARTED', from],
    ['INTERROGATION_STARTED', from + 4 * HOUR],
    ['INTERROGATION_ENDED', from + 5 * HOUR],
    ['REST_STARTED', from + 5 * HOUR],
    ['REST_ENDED', from + 10 * HOUR],
  ] as const;
  expect(dueOf(REST, ...broken)).toBe(DAY);
});

test('a rest that goes on and will be long enough in time presses nobody; one that began too late does', () => {
  expect(dueOf(REST, ['REST_STARTED', 16 * HOUR])).toBe(16 * HOUR + DAY);
  expect(dueOf(REST, ['REST_STARTED', 16 * HOUR + 1])).toBe(DAY);
  const late = runsOfLimit(REST, told(['REST_STARTED', 16 * HOUR + 1], ['REST_ENDED', 24 * HOUR + 1]));
  expect(late.map(wasMetLate)).toEqual([true, false]);
});

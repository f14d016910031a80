import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AreaEvent } from '#contract/custody-events.ts';
import type { AreaHistory } from '../../custody/state/area-history.ts';
import { areaEvent, START_MS, stored } from '../../test/fixtures/custody.ts';
import { type AreaPast, lookAtRecord } from './record-and-video.ts';

const MINUTE_MS = 60_000;
const minute = (at: number) => START_MS + at * MINUTE_MS;

const HISTORY: AreaHistory = {
  knownFromMs: 0,
  occupied: [[minute(0), null]],
  stays: [
    [minute(0), minute(60)],
    [minute(30), null],
  ],
  confidential: [],
};
const pastOf = (change: Partial<AreaPast> = {}): AreaPast => ({
  area: { id: 'ua-68-itt-1-cell-1', kind: 'cell', capacity: 2, feeds: [] },
  history: HISTORY,
  sights: [],
  ...change,
});
const look = (at: number, details: Partial<AreaEvent>, past = pastOf()) =>
  lookAtRecord(stored({ ...areaEvent('PRESENCE_SEEN', { id: 1, at, area: 'cell-1' }), ...details }), past);

test.each([
  // One person, two from minute 30, one again from minute 60; a minute of leeway on both sides.
  [10, 1, undefined],
  [10, 2, 1],
  [29, 2, undefined],
  [28, 2, 1],
  [29, 1, undefined],
  [30, 1, undefined],
  [31, 1, 2],
  [45, 2, undefined],
  [45, 3, 2],
  [61, 2, undefined],
  [62, 2, 1],
  [62, 1, undefined],
])('at minute %d %d people are seen: the record has %s others', (at, count, recorded) => {
  const found = look(at, { count });
  expect(found?.rule).toBe(recorded === undefined ? undefined : 'count-differs');
  expect(found?.params.recorded).toBe(recorded);
});

test('where nobody counted, where nobody is held, and where the record does not reach back, no count differs', () => {
  expect(look(10, {})).toBeUndefined();
  expect(look(10, { count: 2 }, pastOf({ area: { ...pastOf().area, capacity: 0 } }))).toBeUndefined();
  const late = { ...HISTORY, knownFromMs: minute(10) };
  expect(look(10, { count: 2 }, pastOf({ history: late }))).toBeUndefined();
  // An earlier version kept no stays; of an area with very many the first are left out.
  const { stays: _, ...without } = HISTORY;
  expect(look(10, { count: 2 }, pastOf({ history: without }))).toBeUndefined();
});

test('however often a sensor says it, one occurrence is told of in a quarter of an hour, and one of checks in a day', () => {
  const minutes = fc.integer({ min: 120, max: 20 * 24 * 60 });
  fc.assert(
    fc.property(minutes, fc.array(fc.integer({ min: 0, max: 14 })), (at, others) => {
      const first = at - (at % 15);
      const names = new Set(
        [at, ...others.map((one) => first + one)].map((one) => {
          const found = look(one, { count: 2 });
          return `${found?.key} ${found?.sinceMs}`;
        }),
      );
      expect(names).toEqual(new Set([`count-differs:ua-68-itt-1-cell-1 ${minute(first)}`]));
    }),
  );
  const empty = pastOf({ history: { ...HISTORY, occupied: [] } });
  const checks = [0, 60, 17 * 60 + 59, 18 * 60].map((at) => look(at, { type: 'CELL_CHECK' }, empty));
  const days = checks.map((one) => one?.sinceMs);
  expect(checks.map((one) => one?.rule)).toEqual(checks.map(() => 'check-of-empty'));
  expect(new Set(days.slice(0, 3)).size).toBe(1);
  expect(days[3]).not.toBe(days[0]);
});

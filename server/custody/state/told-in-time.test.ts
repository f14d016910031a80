import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CustodyEvent } from '#contract/custody-events.ts';
import { after, areaEvent, BASIS, caseEvent, stored } from '../../test/fixtures/custody.ts';
import { applyEvents } from './apply-events.ts';
import { restoreFacility } from './facility-custody.ts';

const AREA = 'ua-68-itt-1-cell-1';
const statusAfter = (events: readonly CustodyEvent[]) =>
  applyEvents(
    restoreFacility('ua-68-itt-1', BASIS),
    events.map((event) => stored(event)),
    BASIS,
  ).facility.statuses.get(AREA);
const placed = caseEvent('CELL_PLACED', { id: 1, at: 0, area: 'cell-1' });
const check = (id: number, at: number, recorded = at) =>
  areaEvent('CELL_CHECK', { id, at, recorded, area: 'cell-1' });

test.each([
  // Checked hourly: the last one that was written down at once, at 30.
  [[check(2, 30)], 90],
  [[check(2, 30), check(3, 80, 95)], 140],
  [[check(2, 30), check(3, 80, 96)], 90],
  // A backlog written in the evening keeps no hour of the day.
  [[check(2, 30), check(3, 80, 600), check(4, 140, 600), check(5, 200, 600)], 90],
  [[check(2, 30), check(3, 80, 600), check(6, 605)], 665],
])('a check that is entered afterwards moves no clock: %#', (events, dueAt) => {
  expect(statusAfter([placed, ...events])?.nextCheckDueAt).toBe(after(dueAt));
});

test('whoever enters afterwards that they looked in has answered no bell', () => {
  const rung = areaEvent('CALL_BELL', { id: 10, at: 60, area: 'cell-1' });
  expect(statusAfter([placed, rung, check(11, 62, 90)])?.bellSince).toBe(after(60));
  expect(statusAfter([placed, rung, check(11, 62)])?.bellSince).toBeUndefined();
});

test('the due instant rests on the last check that was written down in time, whatever else was entered', () => {
  const one = fc.record({ at: fc.integer({ min: 1, max: 600 }), delay: fc.integer({ min: 0, max: 40 }) });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), (checks) => {
      const events = checks.map(({ at, delay }, index) => check(100 + index, at, at + delay));
      const inTime = checks.filter(({ delay }) => delay <= 15).map(({ at }) => at);
      expect(statusAfter([placed, ...events])?.nextCheckDueAt).toBe(after(Math.max(0, ...inTime) + 60));
    }),
  );
});

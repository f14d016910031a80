import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CustodyEvent, StoredEvent } from '#contract/custody-events.ts';
import {
  ADULT,
  after,
  areaEvent,
  BASIS,
  caseEvent,
  correction,
  eventId,
  stored,
} from '../../test/fixtures/custody.ts';
import { applyEvents } from './apply-events.ts';
import { type FacilityCustody, restoreFacility } from './facility-custody.ts';

const HOUR = 60;
const CELL = 'ua-68-itt-1-cell-1';

function play(
  events: readonly (CustodyEvent | StoredEvent)[],
  from = restoreFacility('ua-68-itt-1', BASIS),
): FacilityCustody {
  const all = events.map((event) => ('event' in event ? event : stored(event)));
  return applyEvents(from, all, BASIS).facility;
}

/** A stay from its first to its last hour. */
function stay(number: number, fromHour: number, hours: number): CustodyEvent[] {
  const at = fromHour * HOUR;
  const caseName = `n${number}`;
  const common = { caseName, area: 'cell-1' };
  return [
    caseEvent('APPREHENDED', { id: 10 * number, at, caseName, person: ADULT }),
    caseEvent('CELL_PLACED', { id: 10 * number + 1, at: at + 30, ...common }),
    caseEvent('LAWYER_ARRIVED', { id: 10 * number + 2, at: at + 60, ...common }),
    caseEvent('RELEASED', { id: 10 * number + 3, at: at + hours * HOUR, caseName }),
  ];
}

const CHECK_LATER = areaEvent('CELL_CHECK', { id: 9_000, at: 200 * HOUR, area: 'cell-1' });

test('a case that was closed more than three days ago leaves a tombstone', () => {
  const before = play(stay(1, 0, 5));
  expect(before.cases.size).toBe(1);
  const facility = play([CHECK_LATER], before);
  expect([facility.cases.size, facility.views.size]).toEqual([0, 0]);
  expect([...facility.tombstones.keys()]).toEqual(['cr-68-1-n1']);
  expect(facility.statuses.get(CELL)).toMatchObject({ headcount: 0, updatedAt: after(200 * HOUR) });
});

test('what comes too late for a forgotten case opens nothing', () => {
  const facility = play([CHECK_LATER], play(stay(1, 0, 5)));
  const late = play(
    [
      caseEvent('CELL_MOVED', { id: 15, at: 100, recorded: 201 * HOUR, area: 'cell-2', caseName: 'n1' }),
      caseEvent('COMPLAINT', { id: 16, at: 199 * HOUR, recorded: 201 * HOUR, caseName: 'n1' }),
    ],
    facility,
  );
  expect(late.cases.size).toBe(0);
  expect(late.statuses.get('ua-68-itt-1-cell-2')).toMatchObject({ headcount: 0 });
});

test('a forgotten person who is placed again is there', () => {
  const facility = play([CHECK_LATER], play(stay(1, 0, 5)));
  const again = caseEvent('CELL_PLACED', { id: 17, at: 201 * HOUR, area: 'cell-1', caseName: 'n1' });
  const back = play([again], facility);
  expect(back.statuses.get(CELL)?.headcount).toBe(1);
  expect(back.tombstones.size).toBe(0);
});

test('nobody who is inside is forgotten, however long', () => {
  const year = 365 * 24 * HOUR;
  const facility = play([
    ...stay(1, 0, 5).slice(0, 2),
    areaEvent('CELL_CHECK', { id: 9_001, at: year, area: 'cell-2' }),
  ]);
  expect(facility.statuses.get(CELL)?.headcount).toBe(1);
  expect(facility.cases.size).toBe(1);
});

test('a case without a place of which nothing comes any more is forgotten', () => {
  const facility = play([
    caseEvent('APPREHENDED', { id: 1, at: 0 }),
    areaEvent('CELL_CHECK', { id: 2, at: 31 * 24 * HOUR, area: 'cell-1' }),
  ]);
  expect([facility.cases.size, facility.tombstones.size]).toEqual([0, 0]);
});

test('a flood of cases stays within bounds, and the placed are the last to go', () => {
  const placed = caseEvent('CELL_PLACED', { id: 1, at: -HOUR, area: 'cell-1', caseName: 'real' });
  const flood = Array.from({ length: 9_000 }, (_, index) =>
    caseEvent('APPREHENDED', { id: 100 + index, at: 0, caseName: `flood-${index}` }),
  );
  const facility = play([placed, ...flood]);
  expect(facility.cases.size).toBeLessThanOrEqual(3_600);
  expect(facility.statuses.get(CELL)?.headcount).toBe(1);
});

test('what was made void never stands again, however many corrections follow', () => {
  const placed = [
    caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT }),
    caseEvent('CELL_PLACED', { id: 2, at: 10, area: 'cell-1' }),
    areaEvent('CELL_CHECK', { id: 3, at: 20, area: 'cell-1' }),
    correction({ id: 4, at: 30, corrects: 2 }),
    correction({ id: 5, at: 30, corrects: 3 }),
    // A withdrawal that was withdrawn itself: what it meant stands.
    areaEvent('CELL_CHECK', { id: 6, at: 15, area: 'cell-1' }),
    correction({ id: 7, at: 31, corrects: 6 }),
    correction({ id: 8, at: 32, corrects: 7 }),
  ];
  const many = Array.from({ length: 2_500 }, (_, index) =>
    correction({ id: 50_000 + index, at: 40 + index / 100, corrects: 100_000 + index }),
  );
  const before = play([...placed, ...many]);
  const after = play(
    [areaEvent('CELL_CHECK', { id: 9, at: 10, recorded: 3 * HOUR, area: 'cell-1' })],
    before,
  );
  expect(before.statuses.get(CELL)).toMatchObject({ headcount: 0 });
  expect(after.corrections.has(eventId(4))).toBe(false);
  expect(after.statuses.get(CELL)).toMatchObject({ headcount: 0 });
  const checks = after.areas.get(CELL)?.checks.map(({ id }) => id);
  expect(checks).toContain(eventId(6));
  expect(checks).not.toContain(eventId(3));
});

test('closed cases and corrections stay within bounds', () => {
  const stays = Array.from({ length: 700 }, (_, index) => stay(index + 1, 0, 2)).flat();
  const corrections = Array.from({ length: 2_500 }, (_, index) =>
    correction({ id: 50_000 + index, at: 10 + index / 1_000, corrects: 90_000 + index }),
  );
  const facility = play(
    [CHECK_LATER].map((event) => ({ ...event, occurredAt: after(4 * HOUR), recordedAt: after(4 * HOUR) })),
    play([...stays, ...corrections]),
  );
  expect([...facility.views.values()].filter(({ closedAtMs }) => closedAtMs !== null)).toHaveLength(500);
  expect(facility.tombstones.size).toBe(200);
  expect(facility.corrections.size).toBe(2_000);
  expect(facility.corrections.has(eventId(50_000))).toBe(false);
});

test('forgetting does not depend on how events were cut into batches', () => {
  const history = Array.from({ length: 80 }, (_, index) => stay(index + 1, index * 3, 2 + (index % 40)))
    .flat()
    .toSorted((a, b) => Date.parse(a.recordedAt) - Date.parse(b.recordedAt))
    // Some come days late, when their case may be forgotten.
    .map((event, index) => stored(event, index % 7 === 0 ? after((index % 300) * HOUR) : event.recordedAt))
    .toSorted((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt));
  const whole = play(history);
  expect(whole.tombstones.size).toBeGreaterThan(10);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: history.length - 1 }), { maxLength: 10 }), (cuts) => {
      let facility = restoreFacility('ua-68-itt-1', BASIS);
      const bounds = [0, ...new Set(cuts)].sort((a, b) => a - b);
      for (const [index, start] of bounds.entries())
        facility = play(history.slice(start, bounds[index + 1]), facility);
      expect(facility.statuses).toEqual(whole.statuses);
      expect(new Map([...facility.cases].sort())).toEqual(new Map([...whole.cases].sort()));
      expect(new Map([...facility.tombstones].sort())).toEqual(new Map([...whole.tombstones].sort()));
    }),
    { numRuns: 30 },
  );
});

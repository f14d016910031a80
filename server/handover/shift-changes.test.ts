import { expect, test } from 'vitest';
import type { CustodyEvent } from '#contract/custody-events.ts';
import { MAX_NOTABLE } from '#contract/handover.ts';
import { after, areaEvent, caseEvent, correction, stored } from '../test/fixtures/custody.ts';
import { shiftChanges } from './shift-changes.ts';

/** As they were received, one after the other. */
const changes = (...events: CustodyEvent[]) =>
  shiftChanges(events.map((event) => stored(event)).toReversed());
const THERE = 'ua-68-itt-2';

test('people are counted once however many records there are of their coming; who came from elsewhere apart', () => {
  const previousCase = { facilityId: THERE };
  expect(
    changes(
      caseEvent('APPREHENDED', { id: 1, at: 0 }),
      caseEvent('DELIVERED', { id: 2, at: 5 }),
      caseEvent('DELIVERED', { id: 3, at: 6, caseName: 'two' }),
      caseEvent('DELIVERED', { id: 4, at: 7, caseName: 'three', previousCase }),
      caseEvent('CELL_MOVED', { id: 5, at: 8, area: 'cell-2' }),
      caseEvent('CELL_MOVED', { id: 6, at: 9, area: 'cell-1' }),
      caseEvent('RELEASED', { id: 7, at: 10 }),
      caseEvent('TRANSFERRED', { id: 8, at: 11, caseName: 'two' }),
      areaEvent('CELL_CHECK', { id: 9, at: 12, area: 'cell-1' }),
    ),
  ).toEqual({ counts: { arrivals: 2, transfersIn: 1, moves: 2, released: 1, transfersOut: 1 }, notable: [] });
});

test('what weighs most is told one by one, newest first, and no more than is read', () => {
  const { counts, notable } = changes(
    caseEvent('ESCAPED', { id: 1, at: 0 }),
    areaEvent('INCIDENT', { id: 2, at: 5, area: 'cell-1' }),
  );
  expect(counts).toEqual({ escaped: 1, incidents: 1 });
  expect(notable).toMatchObject([
    { type: 'INCIDENT', areaId: 'ua-68-itt-1-cell-1' },
    { type: 'ESCAPED', facilityId: 'ua-68-itt-1', caseId: expect.any(String) },
  ]);
  const many = Array.from({ length: MAX_NOTABLE + 10 }, (_, index) =>
    areaEvent('INCIDENT', { id: index, at: index, area: 'cell-1' }),
  );
  const told = changes(...many);
  expect([told.counts.incidents, told.notable.length]).toEqual([MAX_NOTABLE + 10, MAX_NOTABLE]);
});

test('what was corrected does not count; what came in its place does', () => {
  const escaped = caseEvent('ESCAPED', { id: 1, at: 0 });
  expect(changes(escaped, correction({ id: 2, at: 5, corrects: 1 }))).toEqual({ counts: {}, notable: [] });
  const replacement = caseEvent('RELEASED', { id: 3, at: 0 });
  expect(changes(escaped, correction({ id: 2, at: 5, corrects: 1, replacement })).counts).toEqual({
    released: 1,
  });
});

test('what is put in the place of something from before the shift did not happen in it', () => {
  const replacement = caseEvent('ESCAPED', { id: 3, at: -600, recorded: 5 });
  const corrected = correction({ id: 2, at: 5, corrects: 1, replacement });
  expect(changes(corrected)).toEqual({ counts: {}, notable: [] });
  // Neither does what is put in the place of that.
  const again = caseEvent('RELEASED', { id: 5, at: -600, recorded: 6 });
  expect(changes(corrected, correction({ id: 4, at: 6, corrects: 3, replacement: again })).counts).toEqual(
    {},
  );
  const inTime = caseEvent('DIED', { id: 1, at: 0 });
  expect(changes(inTime, corrected).counts).toEqual({ escaped: 1 });
  expect(
    changes(inTime, corrected, correction({ id: 4, at: 6, corrects: 3, replacement: again })).counts,
  ).toEqual({ released: 1 });
});

test('a correction is of the facility that made it, whatever ids another one gives', () => {
  const escaped = caseEvent('ESCAPED', { id: 1, at: 0 });
  const elsewhere = stored(correction({ id: 2, at: 5, corrects: 1 }), undefined, THERE);
  expect(shiftChanges([elsewhere, stored(escaped)]).counts).toEqual({ escaped: 1 });
});

test('an arrival that is written once more is no second one, nor one of this shift', () => {
  const arrival = stored(caseEvent('DELIVERED', { id: 1, at: 0, previousCase: { facilityId: THERE } }));
  const carried = { facilityId: THERE, caseId: 'cr-68-1-one', isKnown: true, events: [] };
  const first = { ...arrival, carried };
  const again = { ...arrival, receivedAt: after(600), carried: { ...carried, again: true as const } };
  expect(shiftChanges([again]).counts).toEqual({});
  expect(shiftChanges([again, first]).counts).toEqual({ transfersIn: 1 });
});

import { expect, test } from 'vitest';
import type { CustodyEvent } from '#contract/custody-events.ts';
import { BASIS, caseEvent, correction, START_MS, stored } from '../../test/fixtures/custody.ts';
import { shuffled } from '../../test/fixtures/detentions.ts';
import { applyEvents } from './apply-events.ts';
import { type AreaHistory, headcountBetween } from './area-history.ts';
import { restoreFacility } from './facility-custody.ts';
import { coversSpan, touchesSpan } from './spans.ts';

const MINUTE_MS = 60_000;
const CELL = 'ua-68-itt-1-cell-1';

/** The last history that was told of each area, event by event; in minutes after the start. */
function historiesOf(events: readonly CustodyEvent[]) {
  let facility = restoreFacility('ua-68-itt-1', BASIS);
  const told = new Map<string, AreaHistory>();
  for (const event of events) {
    const applied = applyEvents(facility, [stored(event)], BASIS);
    facility = applied.facility;
    for (const [areaId, history] of applied.histories) told.set(areaId, history);
  }
  const toMinutes = (spans: AreaHistory['occupied']) =>
    spans.map((span) => span.map((ms) => (ms === null ? null : (ms - START_MS) / MINUTE_MS)));
  return (areaId: string) => {
    const history = told.get(areaId);
    return (
      history && { occupied: toMinutes(history.occupied), confidential: toMinutes(history.confidential) }
    );
  };
}

const EVENTS = [
  caseEvent('CELL_PLACED', { id: 1, at: 0, area: 'cell-1' }),
  caseEvent('CELL_PLACED', { id: 2, at: 10, area: 'cell-1', caseName: 'two' }),
  caseEvent('CELL_MOVED', { id: 3, at: 20, area: 'cell-2' }),
  caseEvent('RELEASED', { id: 4, at: 30, caseName: 'two' }),
  caseEvent('MEDICAL_EXAM_STARTED', { id: 5, at: 25 }),
  caseEvent('MEDICAL_EXAM_ENDED', { id: 6, at: 28 }),
  caseEvent('LAWYER_ARRIVED', { id: 7, at: 40, area: 'lawyer-room' }),
  caseEvent('CELL_MOVED', { id: 8, at: 50, area: 'cell-1' }),
];

test('who was inside when, and when nobody might watch, in whatever order it came', () => {
  for (const events of [EVENTS, EVENTS.toReversed(), shuffled(EVENTS)]) {
    const of = historiesOf(events);
    // Two people, one span, then the first one again.
    expect(of(CELL)).toEqual({
      occupied: [
        [0, 30],
        [50, null],
      ],
      confidential: [],
    });
    expect(of('ua-68-itt-1-cell-2')).toEqual({ occupied: [[20, 50]], confidential: [[25, 28]] });
    expect(of('ua-68-itt-1-lawyer-room')).toEqual({ occupied: [], confidential: [[40, null]] });
  }
});

test('what comes late, or is corrected, changes the past', () => {
  const late = [...EVENTS, caseEvent('CELL_MOVED', { id: 9, at: 5, area: 'cell-2' })];
  expect(historiesOf(late)(CELL)?.occupied).toEqual([
    [0, 5],
    [10, 30],
    [50, null],
  ]);
  const corrected = [...EVENTS, correction({ id: 10, at: 60, corrects: 8 })];
  expect(historiesOf(corrected)(CELL)?.occupied).toEqual([[0, 30]]);
});

test('an instant is inside a span with its ends; a time is covered by one span or not at all', () => {
  const spans: AreaHistory['occupied'] = [
    [10, 20],
    [20, 30],
    [50, null],
  ];
  expect(touchesSpan(spans, 30, 40)).toBe(true);
  expect(touchesSpan(spans, 31, 49)).toBe(false);
  expect(touchesSpan(spans, 60, 70)).toBe(true);
  expect(coversSpan(spans, 10, 20)).toBe(true);
  expect(coversSpan(spans, 15, 25)).toBe(false);
  expect(coversSpan(spans, 51, 99)).toBe(true);
});

test('how many were inside, at the fewest and at the most', () => {
  const history: AreaHistory = {
    knownFromMs: 0,
    occupied: [[0, null]],
    stays: [
      [0, null],
      [10, 20],
    ],
    confidential: [],
  };
  expect(headcountBetween(history, 5, 8)).toEqual({ least: 1, most: 1 });
  expect(headcountBetween(history, 12, 18)).toEqual({ least: 2, most: 2 });
  expect(headcountBetween(history, 18, 25)).toEqual({ least: 1, most: 2 });
  const { stays: _, ...unknown } = history;
  expect(headcountBetween(unknown, 5, 8)).toBeUndefined();
});

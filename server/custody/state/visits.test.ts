import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CaseEvent, CustodyEvent } from '#contract/custody-events.ts';
import { VISIT_MAX_MINUTES } from '../../../config/gate/visits.ts';
import { ADULT, after, BASIS, caseEvent, correction, START_MS, stored } from '../../test/fixtures/custody.ts';
import { applyEvents } from './apply-events.ts';
import { areaHistoryOf } from './area-history.ts';
import { EMPTY_AREA } from './area-log.ts';
import { restoreFacility } from './facility-custody.ts';

const maxMinutes = VISIT_MAX_MINUTES.lawyer;
const ARRIVAL = [
  caseEvent('DELIVERED', { id: 1, at: 0, person: ADULT }),
  caseEvent('CELL_PLACED', { id: 2, at: 5, area: 'cell-1' }),
];
const arrived = (id: number, at: number, area?: string) =>
  caseEvent('LAWYER_ARRIVED', { id, at, ...(area ? { area } : {}) });
const extended = (id: number, at: number) => caseEvent('CONFIDENTIALITY_EXTENDED', { id, at });
const ended = (id: number, until: number) =>
  caseEvent('CONFIDENTIALITY_ENDED', { id, at: until, until: after(until) });

function play(...events: CustodyEvent[]) {
  const facility = restoreFacility('ua-68-itt-1', BASIS);
  return applyEvents(
    facility,
    [...ARRIVAL, ...events].map((event) => stored(event)),
    BASIS,
  ).facility;
}

/** The visits of an area, as minutes after the start. */
function visits(area: string, ...events: CustodyEvent[]) {
  const status = play(...events).statuses.get(`ua-68-itt-1-${area}`);
  const minute = (instant: string) => (Date.parse(instant) - START_MS) / 60_000;
  expect(status?.confidentialSince ?? null).toBe(status?.visits?.map(({ since }) => since).sort()[0] ?? null);
  return (status?.visits ?? []).map(({ kind, since, until }) => [kind, minute(since), minute(until)]);
}

/** When an area was closed, in minutes after the start. */
function closed(area: string, ...events: CustodyEvent[]) {
  const { confidential, closings } = areaHistoryOf(
    `ua-68-itt-1-${area}`,
    EMPTY_AREA,
    play(...events).views.values(),
  );
  const minute = (ms: number | null) => (ms === null ? null : (ms - START_MS) / 60_000);
  return { spans: confidential.map((span) => span.map(minute)), times: closings?.map(minute) };
}

test.each(['cell-1', 'lawyer-room'])('in %s: a visit has an end that nobody has to record', (area) => {
  const named = area === 'cell-1' ? undefined : area;
  expect(visits(area, arrived(3, 10, named))).toEqual([['lawyer', 10, 10 + maxMinutes]]);
  expect(visits(area, arrived(3, 10, named), ended(4, 10 + maxMinutes))).toEqual([]);
  // Whatever comes after that proves that the time is over, whether or not its end was recorded.
  const meal = caseEvent('MEDICAL_EXAM_ENDED', { id: 5, at: 11 + maxMinutes });
  expect(visits(area, arrived(3, 10, named), meal)).toEqual([]);
  expect(closed(area, arrived(3, 10, named), meal).spans).toEqual([[10, 10 + maxMinutes]]);
});

test('an examination has a time of its own', () => {
  const started = caseEvent('MEDICAL_EXAM_STARTED', { id: 3, at: 10, area: 'lawyer-room' });
  expect(visits('lawyer-room', started)).toEqual([['medical', 10, 10 + VISIT_MAX_MINUTES.medical]]);
  expect(visits('lawyer-room', started, arrived(4, 20, 'lawyer-room'))).toEqual([
    ['medical', 10, 10 + VISIT_MAX_MINUTES.medical],
    ['lawyer', 20, 20 + maxMinutes],
  ]);
});

test.each([
  ['said', extended],
  ['recorded again', arrived],
])('that it goes on, %s, gives as much time again, and since when stays', (_, again) => {
  expect(visits('cell-1', arrived(3, 10), again(4, 200))).toEqual([['lawyer', 10, 200 + maxMinutes]]);
  // The end of the time that it had before is none any more.
  expect(visits('cell-1', arrived(3, 10), again(4, 200), ended(5, 10 + maxMinutes))).toEqual([
    ['lawyer', 10, 200 + maxMinutes],
  ]);
  expect(visits('cell-1', arrived(3, 10), again(4, 200), ended(5, 200 + maxMinutes))).toEqual([]);
});

test('who says that it goes on after it has ended closes the area again, in the same place, and not after the lawyer left', () => {
  const late = extended(5, 20 + maxMinutes);
  const room = arrived(3, 10, 'lawyer-room');
  expect(visits('lawyer-room', room, ended(4, 10 + maxMinutes), late)).toEqual([
    ['lawyer', 20 + maxMinutes, 20 + 2 * maxMinutes],
  ]);
  expect(visits('lawyer-room', room, late)).toEqual([['lawyer', 20 + maxMinutes, 20 + 2 * maxMinutes]]);
  const left = caseEvent('LAWYER_LEFT', { id: 6, at: 15 });
  expect(visits('lawyer-room', room, left, late)).toEqual([]);
  const moved = caseEvent('CELL_MOVED', { id: 7, at: 16, area: 'cell-2' });
  expect(visits('lawyer-room', room, caseEvent('RELEASED', { id: 8, at: 20 }), late)).toEqual([]);
  expect(visits('cell-2', arrived(3, 10), moved, late)).toEqual([
    ['lawyer', 20 + maxMinutes, 20 + 2 * maxMinutes],
  ]);
});

test('who comes anew is where they are said to be, wherever the last one was', () => {
  const before = [arrived(3, 10, 'lawyer-room'), ended(4, 10 + maxMinutes)];
  const again = arrived(5, 400);
  expect(visits('cell-1', ...before, again)).toEqual([['lawyer', 400, 400 + maxMinutes]]);
  expect(visits('lawyer-room', ...before, again)).toEqual([]);
  // And that this one goes on says nothing of another that is over.
  const examined = caseEvent('MEDICAL_EXAM_STARTED', { id: 6, at: 20, area: 'lawyer-room' });
  expect(visits('lawyer-room', examined, ...before, again, extended(7, 410))).toEqual([]);
});

test('an end that somebody withdraws leaves a visit whose time is over, and that is ended again', () => {
  const withdrawn = correction({ id: 9, at: 300, corrects: 4 });
  expect(visits('cell-1', arrived(3, 10), ended(4, 10 + maxMinutes), withdrawn)).toEqual([
    ['lawyer', 10, 10 + maxMinutes],
  ]);
  expect(
    visits('cell-1', arrived(3, 10), ended(4, 10 + maxMinutes), withdrawn, ended(10, 10 + maxMinutes)),
  ).toEqual([]);
});

test('each time is one time, also right after the last; minutes go on', () => {
  const left = caseEvent('LAWYER_LEFT', { id: 4, at: 40 });
  const back = caseEvent('LAWYER_ARRIVED', { id: 5, at: 40, recorded: 41 });
  expect(closed('cell-1', arrived(3, 10), left, back, extended(6, 50))).toEqual({
    spans: [[10, null]],
    times: [10, 40],
  });
});

test('whatever is recorded, nothing is closed for longer than since it was last said to go on', () => {
  const TYPES: CaseEvent['type'][] = [
    'LAWYER_ARRIVED',
    'LAWYER_LEFT',
    'MEDICAL_EXAM_STARTED',
    'CONFIDENTIALITY_EXTENDED',
    'CELL_MOVED',
    'RELEASED',
    'CELL_PLACED',
  ];
  const happening = fc.record({
    type: fc.constantFrom(...TYPES),
    at: fc.integer({ min: 10, max: 3_000 }),
    area: fc.constantFrom('cell-1', 'lawyer-room'),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 20 }), (happenings) => {
      const events = happenings.map(({ type, at, area }, index) =>
        caseEvent(type, { id: 100 + index, at, area }),
      );
      const opening = events
        .filter(({ type }) => /ARRIVED|STARTED|EXTENDED/.test(type))
        .map(({ occurredAt }) => Date.parse(occurredAt));
      const longestMs = maxMinutes * 60_000;
      for (const view of play(...events).views.values()) {
        for (const { span } of view.visits) {
          const [from, until] = span;
          // From one word that it goes on to the next there is never more than one time.
          const words = opening
            .filter((at) => at >= from && (until === null || at <= until))
            .sort((a, b) => a - b);
          const ends = until === null ? words : [...words, until];
          for (const [index, at] of ends.entries())
            expect(at - (ends[index - 1] ?? from)).toBeLessThanOrEqual(longestMs);
        }
        for (const { sinceMs, untilMs } of view.confidential)
          expect(untilMs - Math.max(sinceMs, ...opening)).toBeLessThanOrEqual(longestMs);
      }
    }),
  );
});

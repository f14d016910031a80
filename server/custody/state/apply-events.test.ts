import { expect, test } from 'vitest';
import type { Clock } from '#contract/clocks.ts';
import type { CustodyEvent } from '#contract/custody-events.ts';
import { AreaStatus } from '#contract/status.ts';
import {
  ADULT,
  after,
  areaEvent,
  BASIS,
  caseEvent,
  correction,
  stored,
} from '../../test/fixtures/custody.ts';
import { applyEvents } from './apply-events.ts';
import { type FacilityCustody, restoreFacility } from './facility-custody.ts';

const HOUR = 60;

function play(
  events: readonly CustodyEvent[],
  from = restoreFacility('ua-68-itt-1', BASIS),
): FacilityCustody {
  return applyEvents(
    from,
    events.map((event) => stored(event)),
    BASIS,
  ).facility;
}

function statusOf(facility: FacilityCustody, area: string): AreaStatus {
  const status = facility.statuses.get(`ua-68-itt-1-${area}`);
  if (!status) throw new Error(`nothing is known of ${area}`);
  return AreaStatus.parse(status);
}

function headcounts(facility: FacilityCustody): Record<string, number> {
  return Object.fromEntries(
    [...facility.statuses].map(([id, { headcount }]) => [id.replace('ua-68-itt-1-', ''), headcount]),
  );
}

const ARRIVAL = [
  caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT }),
  caseEvent('DELIVERED', { id: 2, at: 40 }),
  caseEvent('CELL_PLACED', { id: 3, at: 60, area: 'cell-1' }),
];

test('a person is where the last placement put them, until they leave', () => {
  const facility = play(ARRIVAL);
  expect(headcounts(facility)).toEqual({ 'cell-1': 1 });
  const moved = play([caseEvent('CELL_MOVED', { id: 4, at: 90, area: 'cell-2' })], facility);
  expect(headcounts(moved)).toEqual({ 'cell-1': 0, 'cell-2': 1 });
  expect(statusOf(moved, 'cell-1').updatedAt).toBe(after(90));
  const gone = play([caseEvent('HANDED_TO_CONVOY', { id: 5, at: 100 })], moved);
  expect(headcounts(gone)).toEqual({ 'cell-1': 0, 'cell-2': 0 });
  expect(statusOf(gone, 'cell-2')).toMatchObject({ clocks: [], nextCheckDueAt: null });
  const back = play([caseEvent('CELL_PLACED', { id: 6, at: 300, area: 'cell-1' })], gone);
  expect(headcounts(back)).toEqual({ 'cell-1': 1, 'cell-2': 0 });
  for (const [index, type] of (['RELEASED', 'TRANSFERRED'] as const).entries())
    expect(headcounts(play([caseEvent(type, { id: 7 + index, at: 400 })], back))['cell-1']).toBe(0);
});

test('the input is not changed', () => {
  const facility = play(ARRIVAL);
  const before = structuredClone({ ...facility });
  play([caseEvent('RELEASED', { id: 9, at: 70 }), correction({ id: 10, at: 71, corrects: 3 })], facility);
  expect({ ...facility }).toEqual(before);
});

test('the clocks of the criminal code run from the apprehension, each until it is met', () => {
  const limitsOf = (facility: FacilityCustody) =>
    statusOf(facility, 'cell-1')
      .clocks.filter(({ limit }) => ['suspicion', 'court', 'decision'].includes(limit))
      .map(({ normSet, limit, dueAt }) => [`${normSet}/${limit}`, dueAt]);
  const facility = play(ARRIVAL);
  expect(limitsOf(facility)).toEqual([
    ['ua-cpc/suspicion', after(24 * HOUR)],
    ['ua-cpc/court', after(60 * HOUR)],
    ['ua-cpc/decision', after(72 * HOUR)],
  ]);
  expect(statusOf(facility, 'cell-1').clocks.find(({ limit }) => limit === 'court')).toMatchObject({
    anchorAt: after(0),
    amberAt: after(45 * HOUR),
    redAt: after(54 * HOUR),
  });
  const served = play([caseEvent('SUSPICION_SERVED', { id: 4, at: 20 * HOUR })], facility);
  expect(limitsOf(served).map(([limit]) => limit)).toEqual(['ua-cpc/court', 'ua-cpc/decision']);
  const brought = play([caseEvent('COURT_BROUGHT', { id: 5, at: 50 * HOUR })], served);
  expect(limitsOf(brought).map(([limit]) => limit)).toEqual(['ua-cpc/decision']);
  expect(limitsOf(play([caseEvent('COURT_DECISION_SERVED', { id: 6, at: 51 * HOUR })], brought))).toEqual([]);
});

test('administrative detention has three hours, counted from delivery', () => {
  const facility = play([
    caseEvent('APPREHENDED', { id: 1, at: 0, person: { ...ADULT, regime: 'administrative' } }),
    caseEvent('DELIVERED', { id: 2, at: 50 }),
    caseEvent('CELL_PLACED', { id: 3, at: 60, area: 'cell-1' }),
  ]);
  expect(statusOf(facility, 'cell-1').clocks.map(({ limit, dueAt }) => [limit, dueAt])).toEqual([
    ['relatives', after(HOUR)],
    ['detention', after(50 + 3 * HOUR)],
  ]);
  expect(statusOf(facility, 'cell-1').vulnerabilities).toEqual(['administrative']);
});

test('a late apprehension moves the clocks back to when it really began', () => {
  const facility = play([
    caseEvent('CELL_PLACED', { id: 3, at: 60, area: 'cell-1', person: ADULT }),
    caseEvent('APPREHENDED', { id: 1, at: -30, recorded: 200 }),
  ]);
  expect(statusOf(facility, 'cell-1').clocks[0]?.anchorAt).toBe(after(-30));
});

test('a second apprehension does not make the time that the law gives any longer', () => {
  const facility = play([...ARRIVAL, caseEvent('APPREHENDED', { id: 8, at: 500 })]);
  expect(statusOf(facility, 'cell-1').clocks[0]?.anchorAt).toBe(after(0));
});

test('the most urgent clock of all inside comes first, one a case and limit', () => {
  const facility = play([
    ...ARRIVAL,
    caseEvent('APPREHENDED', { id: 21, at: -20 * HOUR, caseName: 'two', person: ADULT }),
    caseEvent('REGISTERED', { id: 22, at: -19 * HOUR, caseName: 'two' }),
    caseEvent('CELL_PLACED', { id: 23, at: 61, area: 'cell-1', caseName: 'two' }),
  ]);
  const { clocks, headcount } = statusOf(facility, 'cell-1');
  expect(headcount).toBe(2);
  const key = ({ caseId, limit }: Clock) => `${caseId}/${limit}`;
  expect(new Set(clocks.map(key)).size).toBe(clocks.length);
  const ofLaw = clocks.filter(({ standing, kind }) => standing === undefined && kind === undefined);
  expect(ofLaw[0]).toMatchObject({ caseId: 'cr-68-1-two', limit: 'suspicion' });
});

test('what makes people vulnerable is known of the area, as last stated', () => {
  const facility = play([
    ...ARRIVAL,
    caseEvent('CELL_PLACED', {
      id: 31,
      at: 70,
      area: 'cell-1',
      caseName: 'two',
      person: { sex: 'female', minor: true, regime: 'criminal', atRisk: false },
    }),
  ]);
  expect(statusOf(facility, 'cell-1').vulnerabilities).toEqual(['minor', 'woman']);
  const assessed = play(
    [caseEvent('RISK_ASSESSED', { id: 32, at: 80, person: { ...ADULT, atRisk: true } })],
    facility,
  );
  expect(statusOf(assessed, 'cell-1').vulnerabilities).toEqual(['minor', 'woman', 'at-risk']);
});

test('a check is due an hour after the last one, or after somebody came who was not checked on', () => {
  const due = (facility: FacilityCustody) => statusOf(facility, 'cell-1').nextCheckDueAt;
  const facility = play(ARRIVAL);
  expect(due(facility)).toBe(after(60 + HOUR));
  const checked = play([areaEvent('CELL_CHECK', { id: 41, at: 100, area: 'cell-1' })], facility);
  expect(due(checked)).toBe(after(100 + HOUR));
  expect(due(play([areaEvent('CELL_CHECK', { id: 42, at: 80, area: 'cell-1' })], checked))).toBe(
    after(100 + HOUR),
  );
  expect(due(play([correction({ id: 43, at: 110, corrects: 41 })], checked))).toBe(after(60 + HOUR));
  expect(due(play([areaEvent('CALL_BELL', { id: 44, at: 120, area: 'cell-1' })], checked))).toBe(
    after(100 + HOUR),
  );
  expect(due(play([caseEvent('RELEASED', { id: 45, at: 130 })], checked))).toBeNull();
});

test.each([
  ['LAWYER_ARRIVED', 'LAWYER_LEFT'],
  ['MEDICAL_EXAM_STARTED', 'MEDICAL_EXAM_ENDED'],
] as const)('from %s to %s the area is confidential', (from, until) => {
  const since = (facility: FacilityCustody, area: string) =>
    facility.statuses.get(`ua-68-itt-1-${area}`)?.confidentialSince;
  // In a room that is named, whether or not the record brings the person there.
  const named = play([...ARRIVAL, caseEvent(from, { id: 51, at: 100, area: 'lawyer-room' })]);
  expect(since(named, 'lawyer-room')).toBe(after(100));
  expect(since(named, 'cell-1')).toBeNull();
  expect(since(play([caseEvent(until, { id: 52, at: 130 })], named), 'lawyer-room')).toBeNull();
  const there = play([caseEvent('CELL_MOVED', { id: 53, at: 105, area: 'lawyer-room' })], named);
  expect(since(there, 'lawyer-room')).toBe(after(100));
  const taken = play([caseEvent('CELL_MOVED', { id: 54, at: 120, area: 'cell-1' })], there);
  expect(since(taken, 'lawyer-room')).toBeNull();
  // Wherever the person is, if no room is named.
  const unnamed = play([...ARRIVAL, caseEvent(from, { id: 55, at: 100 })]);
  expect(since(unnamed, 'cell-1')).toBe(after(100));
  const followed = play([caseEvent('CELL_MOVED', { id: 56, at: 110, area: 'lawyer-room' })], unnamed);
  expect([since(followed, 'cell-1'), since(followed, 'lawyer-room')]).toEqual([null, after(110)]);
  expect(since(play([caseEvent('RELEASED', { id: 57, at: 120 })], followed), 'lawyer-room')).toBeNull();
});

test('an area is confidential as long as anybody’s visit lasts', () => {
  const facility = play([
    ...ARRIVAL,
    caseEvent('CELL_PLACED', { id: 61, at: 61, area: 'cell-1', caseName: 'two' }),
    caseEvent('LAWYER_ARRIVED', { id: 62, at: 100, area: 'lawyer-room' }),
    caseEvent('LAWYER_ARRIVED', { id: 63, at: 110, area: 'lawyer-room', caseName: 'two' }),
    caseEvent('LAWYER_LEFT', { id: 64, at: 120 }),
  ]);
  expect(statusOf(facility, 'lawyer-room').confidentialSince).toBe(after(110));
});

test('a corrected event counts as never recorded, its replacement in its stead', () => {
  const replacement = caseEvent('CELL_PLACED', { id: 71, at: 60, recorded: 90, area: 'cell-2' });
  const facility = play([...ARRIVAL, correction({ id: 70, at: 90, corrects: 3, replacement })]);
  expect(headcounts(facility)).toEqual({ 'cell-1': 0, 'cell-2': 1 });
  expect(statusOf(facility, 'cell-1').updatedAt).toBe(after(90));
  // The correction was wrong as well: things are as they were first told.
  const restored = play([correction({ id: 72, at: 95, corrects: 70 })], facility);
  expect(headcounts(restored)).toEqual({ 'cell-1': 1, 'cell-2': 0 });
  // A replacement can be corrected like any event.
  const gone = play([correction({ id: 73, at: 96, corrects: 71 })], facility);
  expect(headcounts(gone)).toEqual({ 'cell-1': 0, 'cell-2': 0 });
});

test('a release that was a mistake is undone by its correction', () => {
  const released = play([...ARRIVAL, caseEvent('RELEASED', { id: 81, at: 100 })]);
  expect(statusOf(released, 'cell-1')).toMatchObject({ headcount: 0, clocks: [] });
  const undone = play([correction({ id: 82, at: 110, corrects: 81 })], released);
  expect(statusOf(undone, 'cell-1')).toMatchObject({ headcount: 1, updatedAt: after(110) });
  expect(statusOf(undone, 'cell-1').clocks).toEqual(statusOf(play(ARRIVAL), 'cell-1').clocks);
});

test('a correction that comes before the event that it corrects works all the same', () => {
  const early = play([correction({ id: 91, at: 80, corrects: 3 }), ...ARRIVAL]);
  const late = play([...ARRIVAL, correction({ id: 91, at: 80, corrects: 3 })]);
  expect(headcounts(early)).toEqual({ 'cell-1': 0 });
  expect(early.statuses).toEqual(late.statuses);
});

test('corrections that name each other have one answer: the later counts', () => {
  const first = correction({ id: 95, at: 80, corrects: 96 });
  const second = correction({ id: 96, at: 81, corrects: 95 });
  expect(headcounts(play([...ARRIVAL, first, second]))).toEqual({ 'cell-1': 1 });
  const third = correction({ id: 97, at: 82, corrects: 3 });
  expect(headcounts(play([...ARRIVAL, third, correction({ id: 98, at: 70, corrects: 97 })]))).toEqual({
    'cell-1': 0,
  });
});

test('things of one minute count in the order in which a detention goes', () => {
  const placed = caseEvent('CELL_PLACED', { id: 200, at: 60, area: 'cell-1', person: ADULT });
  const released = caseEvent('RELEASED', { id: 100, at: 60 });
  expect(headcounts(play([released, placed]))).toEqual({ 'cell-1': 0 });
});

test('what cannot be put in order by time is ordered all the same, however it came', () => {
  const moves = [
    caseEvent('CELL_MOVED', { id: 201, at: 70, area: 'cell-1' }),
    caseEvent('CELL_MOVED', { id: 202, at: 70, area: 'cell-2' }),
  ];
  for (const events of [moves, moves.toReversed()])
    expect(headcounts(play([...ARRIVAL, ...events]))).toEqual({ 'cell-1': 0, 'cell-2': 1 });
});

test('only what is different is told', () => {
  const facility = play(ARRIVAL);
  const again = applyEvents(
    facility,
    ARRIVAL.map((event) => stored(event)),
    BASIS,
  );
  expect(again.statuses).toEqual([]);
  expect([...again.changes.cases, ...again.changes.areas]).toEqual([]);
  const meal = stored(caseEvent('MEAL', { id: 101, at: 70 }));
  expect(applyEvents(facility, [meal], BASIS).statuses).toMatchObject([
    { areaId: 'ua-68-itt-1-cell-1', updatedAt: after(70) },
  ]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Carried, CaseEvent, CustodyEvent, StoredEvent } from '#contract/custody-events.ts';
import { ADULT, after, BASIS, caseEvent, correction, eventId, stored } from '../../test/fixtures/custody.ts';
import { foldRecord } from '../cases/case-record.ts';
import { applyEvents } from './apply-events.ts';
import { hasLeft, toCarried } from './carried-events.ts';
import { restoreFacility } from './facility-custody.ts';

const HOUR = 60;
const HERE = 'ua-68-itt-1';
const THERE = 'ua-05-itt-1';
const CASE = 'cr-68-1-one';

/** A detention in another facility that goes on here eight hours later. */
const EARLIER: CaseEvent[] = [
  caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT }),
  caseEvent('DELIVERED', { id: 2, at: 20 }),
  caseEvent('REGISTERED', { id: 3, at: 30 }),
  caseEvent('PROTOCOL_DRAWN', { id: 4, at: 60 }),
  caseEvent('CELL_PLACED', { id: 5, at: 70, area: 'cell-1' }),
  caseEvent('SUSPICION_SERVED', { id: 6, at: 5 * HOUR }),
  caseEvent('TRANSFERRED', { id: 7, at: 7 * HOUR }),
];
const carriedFrom = (events: readonly CustodyEvent[]): Carried => {
  const all = events.map((event) => stored(event, event.recordedAt, THERE));
  const record = foldRecord({ facilityId: THERE, caseId: CASE }, all, BASIS);
  return {
    facilityId: THERE,
    caseId: CASE,
    isKnown: record !== undefined,
    ...(record ? { isLeft: hasLeft(record.events) } : {}),
    events: toCarried(record?.events ?? []),
  };
};
const ARRIVAL = caseEvent('CELL_PLACED', {
  id: 20,
  at: 8 * HOUR,
  area: 'cell-2',
  previousCase: { facilityId: THERE },
});
const arrived = (
  carried: Carried,
  receivedMinute = 8 * HOUR,
  event: CustodyEvent = ARRIVAL,
): StoredEvent => ({
  ...stored(event, after(receivedMinute)),
  carried,
});
const viewAfter = (events: readonly StoredEvent[]) =>
  applyEvents(restoreFacility(HERE, BASIS), events, BASIS).facility.views.get(CASE);
const dueOf = (events: readonly StoredEvent[], limit: string) =>
  viewAfter(events)?.clocks.find((clock) => clock.limit === limit)?.dueAt;
const codesOf = (events: readonly StoredEvent[]) => viewAfter(events)?.contradictions.map(({ code }) => code);

test('clocks that run from the actual detention go on where the person is brought', () => {
  const here = [arrived(carriedFrom(EARLIER))];
  // Arts. 211 and 12 of the code of criminal procedure: 60 and 72 hours from the actual detention, not from the arrival.
  expect(dueOf(here, 'court')).toBe(after(60 * HOUR));
  expect(dueOf(here, 'decision')).toBe(after(72 * HOUR));
  // Art. 278: served there in time, so that nothing runs here.
  expect(dueOf(here, 'suspicion')).toBeUndefined();
  expect(viewAfter(here)).toMatchObject({
    times: { actualMs: Date.parse(after(0)), protocolMs: Date.parse(after(60)) },
    person: ADULT,
    place: { areaId: `${HERE}-cell-2` },
    // Where the person was before, this facility does not answer for.
    stays: [{ areaId: `${HERE}-cell-2` }],
    contradictions: [],
  });
});

test('without the earlier case the clocks run from the arrival, and the record says that this is not right', () => {
  const alone = [stored({ ...ARRIVAL, previousCase: undefined } as CaseEvent)];
  expect(dueOf(alone, 'court')).toBe(after(68 * HOUR));
  expect(codesOf(alone)).toContain('apprehension-missing');
  expect(codesOf([arrived(carriedFrom([]))])).toEqual(
    expect.arrayContaining(['apprehension-missing', 'previous-case-unknown']),
  );
  // Administrative detention counts from delivery (art. 263): nobody has to say more.
  const administrative = caseEvent('DELIVERED', {
    id: 30,
    at: 0,
    person: { ...ADULT, regime: 'administrative' },
  });
  const relatives = codesOf([stored(administrative)]);
  expect(relatives).toContain('apprehension-missing');
});

test('who names a case that the person was never sent away from is asked why', () => {
  const stillThere = arrived(carriedFrom(EARLIER.slice(0, 6)));
  expect(codesOf([stillThere])).toEqual(['previous-case-not-left']);
  // By the next look at the earlier record the person was sent away.
  const told = { ...carriedFrom(EARLIER), again: true as const };
  expect(codesOf([stillThere, arrived(told, 9 * HOUR)])).toEqual([]);
  const convoy = [...EARLIER.slice(0, 6), caseEvent('HANDED_TO_CONVOY', { id: 8, at: 7 * HOUR })];
  expect(codesOf([arrived(carriedFrom(convoy))])).toEqual([]);
  // What an earlier version wrote down did not say.
  const { isLeft: _, ...unasked } = carriedFrom(EARLIER.slice(0, 6));
  expect(codesOf([arrived(unasked)])).toEqual([]);
});

test('what changes in the earlier record later is carried over again, and takes the place of what was', () => {
  const first = arrived(carriedFrom(EARLIER.slice(0, 5)));
  expect(dueOf([first], 'suspicion')).toBe(after(24 * HOUR));
  const withdrawn = correction({ id: 50, at: 9 * HOUR, corrects: 1 });
  const moved = caseEvent('APPREHENDED', { id: 51, at: -2 * HOUR, recorded: 9 * HOUR, person: ADULT });
  const second = arrived({ ...carriedFrom([...EARLIER, withdrawn, moved]), again: true }, 9 * HOUR);
  for (const order of [
    [first, second],
    [second, first],
    [first, second, first],
  ]) {
    expect(dueOf(order, 'court')).toBe(after(58 * HOUR));
    expect(dueOf(order, 'suspicion')).toBeUndefined();
  }
});

test('a withdrawn arrival takes along what came with it; the earlier record nobody here can correct', () => {
  const here = arrived(carriedFrom(EARLIER));
  const placed = stored(caseEvent('REGISTERED', { id: 21, at: 9 * HOUR }));
  expect(dueOf([here, placed], 'court')).toBe(after(60 * HOUR));
  expect(dueOf([here, placed, stored(correction({ id: 60, at: 9 * HOUR, corrects: 20 }))], 'court')).toBe(
    after(69 * HOUR),
  );
  // The ids of the other facility mean nothing here.
  expect(dueOf([here, placed, stored(correction({ id: 61, at: 9 * HOUR, corrects: 1 }))], 'court')).toBe(
    after(60 * HOUR),
  );
  // An arrival that was entered wrongly, and is told anew with the case that it goes on from.
  const plain = { ...ARRIVAL, previousCase: undefined } as CaseEvent;
  const anew = correction({
    id: 62,
    at: 9 * HOUR,
    corrects: 20,
    replacement: { ...ARRIVAL, id: eventId(63) },
  });
  expect(dueOf([stored(plain), arrived(carriedFrom(EARLIER), 9 * HOUR, anew)], 'court')).toBe(
    after(60 * HOUR),
  );
});

test('a case that goes on a second time, and one that comes back, are at rest', () => {
  const second: Carried = {
    facilityId: HERE,
    caseId: CASE,
    isKnown: true,
    events: toCarried(
      foldRecord({ facilityId: HERE, caseId: CASE }, [arrived(carriedFrom(EARLIER))], BASIS)?.events ?? [],
    ),
  };
  // What the first facility recorded keeps its name, however often it is carried.
  expect(second.events.map(({ id }) => id)).toEqual(carriedFrom(EARLIER).events.map(({ id }) => id));
  const back = [
    ...EARLIER.map((event) => ({ ...stored(event), facilityId: HERE })),
    arrived(
      second,
      12 * HOUR,
      caseEvent('CELL_PLACED', {
        id: 70,
        at: 12 * HOUR,
        area: 'cell-1',
        previousCase: { facilityId: THERE },
      }),
    ),
  ];
  const record = foldRecord({ facilityId: HERE, caseId: CASE }, back, BASIS);
  expect(record?.events.filter(({ type }) => type === 'SUSPICION_SERVED')).toHaveLength(1);
  expect(record?.view.clocks.find(({ limit }) => limit === 'court')?.dueAt).toBe(after(60 * HOUR));
});

test('the outcome depends on what is carried, not on the order in which it comes, nor how often', () => {
  const versions = [2, 4, 6, 7].map((count, index) =>
    arrived(
      { ...carriedFrom(EARLIER.slice(0, count)), ...(index === 0 ? {} : { again: true as const }) },
      8 * HOUR + index,
    ),
  );
  const own = [
    stored(caseEvent('COURT_BROUGHT', { id: 22, at: 30 * HOUR })),
    stored(caseEvent('HOSPITAL_LEFT', { id: 23, at: 31 * HOUR })),
  ];
  const all = [...versions, ...own];
  const expected = viewAfter(all);
  fc.assert(
    fc.property(fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }), (order) => {
      expect(viewAfter(order)).toEqual(expected);
    }),
  );
});

test('what somebody was in the middle of ends where they left, and the time that it took goes on counting', () => {
  const questioned = [
    ...EARLIER.slice(0, 6),
    caseEvent('INTERROGATION_STARTED', { id: 60, at: 6 * HOUR }),
    caseEvent('TRANSFERRED', { id: 7, at: 7 * HOUR }),
  ];
  const carried = carriedFrom(questioned);
  const asked = carried.events.filter(({ type }) => type.startsWith('INTERROGATION'));
  expect(asked.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
    ['INTERROGATION_STARTED', after(6 * HOUR)],
    ['INTERROGATION_ENDED', after(7 * HOUR)],
  ]);
  expect(dueOf([arrived(carried)], 'interrogation')).toBeUndefined();
  // One that was ended, and one in a place that nobody left, are told as they are.
  const ended = [...questioned, caseEvent('INTERROGATION_ENDED', { id: 61, at: 6 * HOUR + 30 })];
  expect(carriedFrom(ended).events.filter(({ type }) => type === 'INTERROGATION_ENDED')).toHaveLength(1);
  const there = questioned.filter(({ type }) => type !== 'TRANSFERRED');
  expect(carriedFrom(there).events.map(({ type }) => type)).not.toContain('INTERROGATION_ENDED');
});

test('whoever is sent on from a hospital is in none', () => {
  const ill = [
    ...EARLIER.slice(0, 6),
    caseEvent('HOSPITAL_LEFT', { id: 62, at: 6 * HOUR }),
    caseEvent('HANDED_TO_CONVOY', { id: 63, at: 6 * HOUR + 40 }),
    caseEvent('TRANSFERRED', { id: 7, at: 7 * HOUR }),
  ];
  expect(carriedFrom(ill).events.findLast(({ type }) => type === 'HOSPITAL_RETURNED')).toMatchObject({
    occurredAt: after(6 * HOUR + 40),
  });
});

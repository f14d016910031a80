import { expect, test } from 'vitest';
import type { Carried, CaseEvent, StoredEvent } from '#contract/custody-events.ts';
import { foldRecord } from '../custody/cases/case-record.ts';
import { hasLeft, toCarried } from '../custody/state/carried-events.ts';
import { ADULT, after, BASIS, caseEvent, correction, stored } from '../test/fixtures/custody.ts';
import { FiguresMemory } from '../test/fixtures/figures-memory.ts';
import { addUp } from './sums.ts';

const HOUR = 60;
const DAY = 24 * HOUR;
const THERE = 'ua-68-itt-1';
const HERE = 'ua-68-itt-2';
const ABROAD = 'ua-05-itt-1';
const CASE = 'cr-68-1-one';

/** What is on record of a case, as an arrival takes it along. */
function carriedFrom(facilityId: string, all: readonly StoredEvent[]): Carried {
  const own = all.filter((one) => one.facilityId === facilityId);
  const record = foldRecord({ facilityId, caseId: CASE }, own, BASIS);
  const leftMs = record?.view.closedAtMs ?? null;
  return {
    facilityId,
    caseId: CASE,
    isKnown: record !== undefined,
    ...(record ? { isLeft: hasLeft(record.events) } : {}),
    ...(leftMs === null ? {} : { leftAt: new Date(leftMs).toISOString() }),
    events: toCarried(record?.events ?? []),
  };
}

const at = (facilityId: string, ...events: CaseEvent[]) =>
  events.map((event) => stored(event, event.recordedAt, facilityId));
/** With what is on record of the case by then. */
function arrives(facilityId: string, from: string, event: CaseEvent, before: readonly StoredEvent[]) {
  const arrival = { ...event, areaId: `${facilityId}-cell-1`, previousCase: { facilityId: from } };
  return { ...stored(arrival, event.recordedAt, facilityId), carried: carriedFrom(from, before) };
}

async function count(events: readonly StoredEvent[]) {
  const memory = new FiguresMemory();
  await memory.take(events);
  return (facilityId: string, what: string) => addUp(Object.values(memory.daysOf(facilityId)))[what] ?? 0;
}

/** Apprehended, given a lawyer who comes within the hour, told of the suspicion, and sent away. */
const detained = (sentAt: number, ...more: CaseEvent[]) =>
  at(
    THERE,
    caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT }),
    caseEvent('LAWYER_ASSIGNED', { id: 2, at: 10 }),
    caseEvent('LAWYER_ARRIVED', { id: 3, at: 50 }),
    caseEvent('CELL_PLACED', { id: 4, at: 60, area: 'cell-1' }),
    caseEvent('SUSPICION_SERVED', { id: 5, at: 5 * HOUR }),
    ...more,
    caseEvent('TRANSFERRED', { id: 9, at: sentAt }),
  );
const placed = (minute: number, id = 20) => caseEvent('CELL_PLACED', { id, at: minute });

test('who was brought to court in time, and is held elsewhere for 80 hours more: begun once, and no limit passed', async () => {
  const before = detained(
    52 * HOUR,
    caseEvent('COURT_BROUGHT', { id: 6, at: 50 * HOUR }),
    caseEvent('MOTION_HEARD', { id: 7, at: 50 * HOUR + 10 }),
    caseEvent('COURT_DECISION_SERVED', { id: 8, at: 51 * HOUR }),
  );
  const of = await count([
    ...before,
    arrives(HERE, THERE, placed(53 * HOUR), before),
    ...at(HERE, caseEvent('RELEASED', { id: 21, at: 133 * HOUR })),
  ]);
  const both = (what: string) => [of(THERE, what), of(HERE, what)];
  expect(both('begun')).toEqual([1, 0]);
  expect(both('late-by/law')).toEqual([0, 0]);
  expect(both('kept/ua-cpc/court')).toEqual([1, 0]);
  expect(both('lawyer/1h')).toEqual([1, 0]);
  expect([both('lawyer/unassigned'), both('lawyer/none')]).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test.each([
  ['after the arrival', 50 * HOUR, 51 * HOUR, [0, 1]],
  ['on the way', 59 * HOUR, 61 * HOUR, [0, 1]],
  ['before the person left', 61 * HOUR, 62 * HOUR, [1, 0]],
])(
  'a limit that passes %s is counted once, where the person was or was brought',
  async (_, sentAt, arrivedAt, expected) => {
    const before = detained(sentAt);
    const here = [
      arrives(HERE, THERE, placed(arrivedAt), before),
      ...at(
        HERE,
        // Sixty hours were allowed, from the actual detention.
        caseEvent('COURT_BROUGHT', { id: 21, at: 65 * HOUR }),
        caseEvent('MOTION_HEARD', { id: 22, at: 66 * HOUR }),
        caseEvent('COURT_DECISION_SERVED', { id: 23, at: 67 * HOUR }),
        caseEvent('RELEASED', { id: 24, at: 131 * HOUR }),
      ),
    ];
    const of = await count([...before, ...here]);
    expect([of(THERE, 'late/ua-cpc/court'), of(HERE, 'late/ua-cpc/court')]).toEqual(expected);
    expect([of(THERE, 'late-by/law'), of(HERE, 'late-by/law')]).toEqual(expected);
    // One person is behind it, in the place where it is counted.
    expect([of(THERE, 'who/lawLate'), of(HERE, 'who/lawLate')]).toEqual(expected);
    expect([of(HERE, 'kept/ua-cpc/court'), of(HERE, `took/ua-cpc/court/${65 * HOUR}`)]).toEqual([0, 1]);
  },
);

test('what becomes known of the earlier case later is counted as if it had been known', async () => {
  const before = detained(50 * HOUR);
  const first = arrives(HERE, THERE, placed(51 * HOUR), []);
  const again: StoredEvent = {
    ...first,
    receivedAt: after(52 * HOUR),
    carried: { ...carriedFrom(THERE, before), again: true },
  };
  const released = at(HERE, caseEvent('RELEASED', { id: 21, at: 59 * HOUR }));
  const unknown = await count([...before, first, ...released]);
  expect([unknown(HERE, 'begun'), unknown(HERE, 'lawyer/unassigned')]).toEqual([1, 1]);
  const known = await count([...before, first, ...released, again]);
  expect([known(HERE, 'begun'), known(HERE, 'lawyer/unassigned')]).toEqual([0, 0]);
  // The same of an arrival that a correction has brought.
  const entered = at(HERE, caseEvent('REGISTERED', { id: 30, at: 51 * HOUR }));
  const replacement = 'caseId' in first.event ? first.event : undefined;
  const corrects = {
    ...correction({ id: 31, at: 51 * HOUR, corrects: 30, ...(replacement ? { replacement } : {}) }),
  };
  const corrected = await count([
    ...before,
    ...entered,
    { ...first, event: corrects },
    ...released,
    { ...again, event: corrects },
  ]);
  expect([corrected(HERE, 'begun'), corrected(HERE, 'lawyer/unassigned')]).toEqual([0, 0]);
});

test('who is brought back began where they began, and what passed while they were away is counted there', async () => {
  const before = detained(20 * HOUR);
  const away = [
    ...before,
    arrives(HERE, THERE, placed(21 * HOUR), before),
    ...at(HERE, caseEvent('TRANSFERRED', { id: 21, at: 62 * HOUR })),
  ];
  const of = await count([
    ...away,
    arrives(THERE, HERE, placed(63 * HOUR, 22), away),
    ...at(THERE, caseEvent('RELEASED', { id: 23, at: 70 * HOUR })),
  ]);
  const both = (what: string) => [of(THERE, what), of(HERE, what)];
  expect(both('begun')).toEqual([1, 0]);
  expect(both('late/ua-cpc/court')).toEqual([0, 1]);
  expect(both('lawyer/1h')).toEqual([1, 0]);
  // All of it was in one month.
  expect(both('who/held')).toEqual([1, 0]);
});

test('a person who came from a place of the region is counted there in the month of the arrival, and in no other', async () => {
  const sent = 5 * DAY;
  const held = async (from: string, arrivedAt: number) => {
    const before = detained(sent).map((one) => ({ ...one, facilityId: from }));
    const memory = new FiguresMemory();
    // 22 November and eight days more: December begins on the ninth day.
    await memory.take([
      ...before,
      arrives(HERE, from, placed(arrivedAt), before),
      ...at(HERE, caseEvent('RELEASED', { id: 21, at: 40 * DAY })),
    ]);
    const days = Object.entries(memory.daysOf(HERE));
    return days.flatMap(([day, sums]) => (sums['who/held'] ? [day] : []));
  };
  expect(await held(THERE, sent + HOUR)).toEqual(['2026-12-01', '2027-01-01']);
  // Nobody of this region has counted those who come from another one.
  expect(await held(ABROAD, sent + HOUR)).toEqual(['2026-11-27', '2026-12-01', '2027-01-01']);
  // Left in November and arrived in December.
  expect(await held(THERE, 9 * DAY)).toEqual(['2026-12-01', '2027-01-01']);
});

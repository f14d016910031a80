import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CaseEvent, CustodyEvent, StoredEvent } from '#contract/custody-events.ts';
import type { AreaId } from '#contract/ids.ts';
import { type Correction, corrected } from '../custody/state/corrections.ts';
import {
  ADULT,
  after,
  areaEvent,
  BASIS,
  caseEvent,
  correction,
  eventId,
  START_MS,
  stored,
} from '../test/fixtures/custody.ts';
import { DAYS, FiguresMemory, LIGHT } from '../test/fixtures/figures-memory.ts';
import { type CaseDoc, newCaseDoc, withCaseEvent } from './case-doc.ts';
import { contributionOf, staysOf, viewOf } from './contribution.ts';
import type { Darkness } from './dark/dark-time.ts';
import { type CheckNote, caseKeyOf } from './region-book.ts';
import { type DaySums, Tally } from './sums.ts';

const FACILITY = 'ua-68-itt-1';
const ELSEWHERE = 'ua-68-itt-2';
const MINUTE_MS = 60_000;
/** Counts everything at once and from the beginning, without a book. */
function fromScratch(all: readonly StoredEvent[], darkness: Darkness): DaySums {
  const docs = new Map<string, CaseDoc>();
  const corrections = new Map<string, Correction>();
  const checks = new Map<AreaId, CheckNote[]>();
  const add = (event: CustodyEvent, one: StoredEvent, via?: string): void => {
    if (event.type === 'RECORD_CORRECTED') {
      corrections.set(event.id, {
        id: event.id,
        corrects: event.corrects,
        recordedAt: Date.parse(event.recordedAt),
      });
      if (event.replacement) add(event.replacement, one, event.id);
    } else if ('caseId' in event) {
      const doc = docs.get(event.caseId) ?? newCaseDoc({ facilityId: FACILITY, caseId: event.caseId });
      docs.set(event.caseId, withCaseEvent(doc, event, { stored: one, basis: BASIS, via }));
    } else if (event.type === 'CELL_CHECK') {
      const at = Date.parse(event.occurredAt);
      checks.set(event.areaId, [
        ...(checks.get(event.areaId) ?? []),
        { id: event.id, at, ...(via ? { via } : {}) },
      ]);
    }
  };
  for (const one of all) add(one.event, one);
  const known = corrected(corrections);
  const stays = [...docs.values()].flatMap((doc) =>
    staysOf(viewOf(doc, { basis: BASIS, corrections: known }), Number.POSITIVE_INFINITY).map((stay) => ({
      key: caseKeyOf(doc),
      ...stay,
    })),
  );
  const tally = new Tally();
  for (const doc of docs.values()) {
    if (viewOf(doc, { basis: BASIS, corrections: known }).closedAtMs === null) continue;
    const around = {
      basis: BASIS,
      days: DAYS,
      corrections: known,
      darkness,
      checksOf: (areaId: AreaId) =>
        (checks.get(areaId) ?? [])
          .filter(({ id, via }) => !known.isVoid(id) && (via === undefined || !known.isVoid(via)))
          .map(({ at }) => at)
          .sort((a, b) => a - b),
      othersIn: (areaId: AreaId) =>
        stays.filter((one) => one.areaId === areaId && one.key !== caseKeyOf(doc)),
      isWithin: () => true,
    };
    tally.addAll(contributionOf(doc, around, Number.NaN));
  }
  return tally.toDays();
}

const TYPES: CaseEvent['type'][] = [
  'APPREHENDED',
  'REGISTERED',
  'CELL_PLACED',
  'CELL_PLACED',
  'CELL_MOVED',
  'RELEASED',
  'RELEASED',
  'TRANSFERRED',
  'HANDED_TO_CONVOY',
  'LAWYER_ASSIGNED',
  'LAWYER_ARRIVED',
  'SUSPICION_SERVED',
  'COURT_BROUGHT',
  'FORCE_USED',
  'COMPLAINT',
  'COMPLAINT_RESOLVED',
  'RIGHTS_EXPLAINED',
  'MEAL',
];
const GOING_ON = ['APPREHENDED', 'LAWYER_ASSIGNED', 'LAWYER_ARRIVED', 'SUSPICION_SERVED'] as const;
// Over several days, so that midnight is crossed.
const minutes = fc.integer({ min: -2_000, max: 4_000 });
const area = fc.constantFrom('cell-1', 'cell-2', 'lawyer-room');
const caseName = fc.constantFrom('one', 'two', 'three', 'four');
/** What is told of the case that an arrival goes on from: at first, and perhaps otherwise afterwards. */
const earlier = fc.array(
  fc.record({
    events: fc.array(fc.record({ type: fc.constantFrom(...GOING_ON), at: minutes }), { maxLength: 4 }),
    left: fc.option(minutes),
  }),
  { minLength: 1, maxLength: 3 },
);
const occurrence = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        type: fc.constantFrom(...TYPES),
        at: minutes,
        area,
        caseName,
        earlier: fc.option(earlier, { freq: 4 }),
      })
      .map((one) => ({ kind: 'case' as const, ...one })),
  },
  {
    weight: 3,
    arbitrary: fc.record({ at: minutes, area }).map((one) => ({ kind: 'check' as const, ...one })),
  },
);
const happening = fc.oneof(
  { weight: 6, arbitrary: occurrence },
  {
    weight: 1,
    arbitrary: fc
      .record({ corrects: fc.nat(), at: minutes, by: fc.option(occurrence) })
      .map((one) => ({ kind: 'correction' as const, ...one })),
  },
);

type Occurrence = typeof occurrence extends fc.Arbitrary<infer O> ? O : never;
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never;

function toOccurrence(one: Occurrence, id: number) {
  return one.kind === 'check'
    ? areaEvent('CELL_CHECK', { id, at: one.at, area: one.area })
    : caseEvent(one.type, {
        id,
        at: one.at,
        caseName: one.caseName,
        area: one.area,
        ...(one.type === 'APPREHENDED' ? { person: ADULT } : {}),
        ...(isArrival(one) ? { previousCase: { facilityId: ELSEWHERE } } : {}),
      });
}

function isArrival(one: Occurrence) {
  return one.kind === 'case' && one.type === 'CELL_PLACED' && one.earlier !== null;
}

/** Events as they stand in the stream; an arrival as often as something was told of the case before. */
function toEntries(one: Happening, index: number, count: number): StoredEvent[] {
  const said = one.kind === 'correction' ? one.by : one;
  const event =
    one.kind === 'correction'
      ? correction({
          id: index,
          at: one.at,
          corrects: one.corrects % count,
          ...(one.by ? { replacement: toOccurrence(one.by, 10_000 + index) } : {}),
        })
      : toOccurrence(one, index);
  if (said?.kind !== 'case' || !isArrival(said)) return [stored(event)];
  return (said.earlier ?? []).map(({ events, left }, told) => ({
    ...stored(event, after(5_000 + told)),
    carried: {
      facilityId: ELSEWHERE,
      caseId: `cr-68-1-${said.caseName}`,
      isKnown: true,
      ...(left === null ? {} : { leftAt: after(left) }),
      events: events.map(({ type, at }, number) => ({
        id: eventId(20_000 + number),
        type,
        occurredAt: after(at),
        recordedAt: after(at),
        ...(type === 'APPREHENDED' ? { person: ADULT } : {}),
      })),
      ...(told > 0 ? { again: true as const } : {}),
    },
  }));
}

test('however events come, late, corrected, twice or in pieces: the figures are those counted from scratch', async () => {
  const spell = fc.record({
    area,
    from: minutes,
    length: fc.integer({ min: 1, max: 600 }),
    cause: fc.constantFrom('network' as const, 'fault' as const),
  });
  const cut = fc.integer({ min: 1, max: 12 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 60 }),
      fc.array(cut, { minLength: 1, maxLength: 8 }),
      fc.array(spell, { maxLength: 3 }),
      fc.boolean(),
      async (happenings, cuts, dark, isTwice) => {
        const told = happenings.map((one, index) => toEntries(one, index, happenings.length));
        // What is told again comes some time after the arrival.
        const events = [...told.flatMap(([first]) => first ?? []), ...told.flatMap((all) => all.slice(1))];
        const memory = new FiguresMemory();
        const queue = isTwice ? [...events, ...events.slice(0, 10)] : [...events];
        for (let index = 0; queue.length > 0; index += 1)
          await memory.take(queue.splice(0, cuts[index % cuts.length]));
        // The dark becomes known last of all: every case that it touches is counted anew.
        const spells = dark.map((one) => ({
          areaId: `${FACILITY}-${one.area}`,
          cause: one.cause,
          fromMs: START_MS + one.from * MINUTE_MS,
          toMs: START_MS + (one.from + one.length) * MINUTE_MS,
        }));
        memory.darkness = { ...LIGHT, spells };
        await memory.take(
          [],
          spells.map(({ areaId, fromMs, toMs }) => [areaId, fromMs, toMs]),
        );
        expect(memory.daysOf(FACILITY)).toEqual(fromScratch(events, memory.darkness));
      },
    ),
    { numRuns: 200 },
  );
});

/** The sums of a history by what they count, all days together. */
async function count(events: readonly CustodyEvent[], darkness = LIGHT) {
  const memory = new FiguresMemory();
  memory.darkness = darkness;
  await memory.take(events.map((event) => stored(event)));
  const sums = Object.values(memory.daysOf(FACILITY));
  return (what: string) => sums.reduce((total, one) => total + (one[what] ?? 0), 0);
}

test('a detention of ten hours, counted by hand', async () => {
  const of = await count([
    caseEvent('APPREHENDED', { id: 1, at: 0, person: ADULT }),
    caseEvent('CELL_PLACED', { id: 2, at: 30, area: 'cell-1' }),
    caseEvent('LAWYER_ASSIGNED', { id: 3, at: 40 }),
    // Every hour is the norm: on time, 20 minutes late, and one missed before the next.
    areaEvent('CELL_CHECK', { id: 4, at: 90, area: 'cell-1' }),
    areaEvent('CELL_CHECK', { id: 5, at: 170, area: 'cell-1' }),
    areaEvent('CELL_CHECK', { id: 6, at: 310, area: 'cell-1' }),
    // Entered afterwards for the hour that was missed: no check that was made.
    areaEvent('CELL_CHECK', { id: 12, at: 230, recorded: 320, area: 'cell-1' }),
    caseEvent('FORCE_USED', { id: 7, at: 120, forceKind: 'physical' }),
    caseEvent('COMPLAINT', { id: 8, at: 130, complaintKind: 'treatment' }),
    caseEvent('COMPLAINT_RESOLVED', { id: 9, at: 200, outcome: 'upheld' }),
    caseEvent('LAWYER_ARRIVED', { id: 10, at: 175 }),
    caseEvent('RELEASED', { id: 11, at: 330 }),
  ]);
  expect([of('begun'), of('closed'), of('present')]).toEqual([1, 1, 1]);
  expect(of('held')).toBe(300 * MINUTE_MS);
  expect([of('check/on-time'), of('check/late'), of('check/missed')]).toEqual([1, 2, 1]);
  expect([of('lawyer/1h'), of('lawyer/6h'), of('took/lawyer/135')]).toEqual([0, 1, 1]);
  expect([of('force/physical'), of('complaint/treatment'), of('outcome/upheld')]).toEqual([1, 1, 1]);
  // Released before anything was due, and late for the lawyer.
  expect([of('late/ua-cpc/court'), of('kept/ua-cpc/lawyer'), of('late/ua-cpc/lawyer')]).toEqual([0, 0, 1]);
});

test('who comes into a cell makes it smaller for who is there: 16 m² for three is more than 4 each, for five it is not', async () => {
  const held = (name: string, id: number, from: number, to: number) => [
    caseEvent('CELL_PLACED', { id, at: from, area: 'cell-1', caseName: name, person: ADULT }),
    caseEvent('RELEASED', { id: id + 1, at: to, caseName: name }),
  ];
  const of = await count([
    ...held('one', 1, 0, 100),
    ...held('two', 3, 0, 100),
    ...held('three', 5, 0, 100),
    ...held('four', 7, 0, 60),
    ...held('five', 9, 40, 60),
    ...held('six', 11, 50, 60),
  ]);
  // Five from 40 on, six (2.67 m²) from 50 to 60.
  expect(of('under4')).toBe((5 * 10 + 6 * 10) * MINUTE_MS);
  expect(of('under3')).toBe(6 * 10 * MINUTE_MS);
  expect(of('room')).toBe((300 + 60 + 20 + 10) * MINUTE_MS);
  // Three with 5.3 m² from 60 on, four with 4, five with 3.2, six with 2.6: tenths of a m², rounded down.
  const minutes = ['m2/53', 'm2/40', 'm2/32', 'm2/26'].map((name) => of(name) / MINUTE_MS);
  expect(minutes).toEqual([3 * 40, 4 * 40, 5 * 10, 6 * 10]);
});

test('a stay over midnight is cut by the days of Kyiv, and the dark with it', async () => {
  // The start is 08:00 in Kyiv; its next midnight 16 hours later.
  const memory = new FiguresMemory();
  const fromMs = START_MS + 15 * 60 * MINUTE_MS;
  memory.darkness = {
    ...LIGHT,
    spells: [{ areaId: `${FACILITY}-cell-1`, cause: 'fault', fromMs, toMs: fromMs + 3 * 60 * MINUTE_MS }],
  };
  await memory.take(
    [
      caseEvent('CELL_PLACED', { id: 1, at: 14 * 60, area: 'cell-1', person: ADULT }),
      caseEvent('RELEASED', { id: 2, at: 17 * 60 }),
    ].map((event) => stored(event)),
  );
  const sums = memory.daysOf(FACILITY);
  expect(Object.entries(sums).map(([day, one]) => [day, one.held, one['dark/fault'], one.present])).toEqual([
    ['2026-11-22', 120 * MINUTE_MS, 60 * MINUTE_MS, 1],
    ['2026-11-23', 60 * MINUTE_MS, 60 * MINUTE_MS, 1],
  ]);
});

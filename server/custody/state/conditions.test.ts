import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Person } from '#contract/custody-details.ts';
import type { CustodyEvent } from '#contract/custody-events.ts';
import { AreaStatus } from '#contract/status.ts';
import { NORMS } from '../../../config/norms/norms.ts';
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
import { restoreFacility } from './facility-custody.ts';
import { spaceOf } from './space.ts';

const AT_MS = Date.UTC(2026, 10, 22);

function statusOf(events: readonly CustodyEvent[], area = 'cell-1'): AreaStatus {
  const { facility } = applyEvents(
    restoreFacility('ua-68-itt-1', BASIS),
    events.map((event) => stored(event)),
    BASIS,
  );
  return AreaStatus.parse(facility.statuses.get(`ua-68-itt-1-${area}`));
}

/** People who come into a cell, ten minutes apart. */
function people(...persons: (Person | undefined)[]): CustodyEvent[] {
  return persons.map((person, index) =>
    caseEvent('CELL_PLACED', {
      id: index + 1,
      at: index * 10,
      area: 'cell-1',
      caseName: `n${index}`,
      ...(person ? { person } : {}),
    }),
  );
}

// The cell has 16 m² and four places.
test.each([
  [1, { m2PerPerson: 16 }],
  [4, { m2PerPerson: 4 }],
  [5, { m2PerPerson: 3.2, below: { normSet: 'echr', limit: 'space-4' }, level: 'amber', overCapacity: true }],
  [6, { m2PerPerson: 2.66, below: { normSet: 'echr', limit: 'space-3' }, level: 'red', overCapacity: true }],
])('%i people in 16 m² with four places', (count, space) => {
  expect(statusOf(people(...Array.from({ length: count }, () => ADULT))).space).toEqual(space);
});

test('an empty cell, a room where nobody is held, and an area that is not known say nothing of space', () => {
  const left = [...people(ADULT), caseEvent('RELEASED', { id: 50, at: 60, caseName: 'n0' })];
  expect(statusOf(left).space).toBeUndefined();
  const talk = [caseEvent('CELL_MOVED', { id: 1, at: 0, area: 'lawyer-room' })];
  expect(statusOf(talk, 'lawyer-room')).toMatchObject({ headcount: 1 });
  expect(statusOf(talk, 'lawyer-room').space).toBeUndefined();
  expect(spaceOf(undefined, 3, { norms: NORMS, atMs: AT_MS })).toBeUndefined();
});

test('single cells are held against six and seven m² besides', () => {
  const below = (netAreaM2: number, capacity = 1) =>
    spaceOf({ kind: 'cell', capacity, netAreaM2 }, 1, { norms: NORMS, atMs: AT_MS })?.below?.limit;
  expect([below(7), below(6.99), below(6), below(5.99), below(3.99), below(2.99)]).toEqual([
    undefined,
    'police-single-7',
    'police-single-7',
    'single-6',
    'space-4',
    'space-3',
  ]);
  expect(below(5.99, 2)).toBeUndefined();
});

test('the level says whether the exact area is below the line, however it is rounded', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 100, noNaN: true }),
      fc.integer({ min: 1, max: 30 }),
      (netAreaM2, headcount) => {
        const space = spaceOf({ kind: 'cell', capacity: 4, netAreaM2 }, headcount, {
          norms: NORMS,
          atMs: AT_MS,
        });
        const exact = netAreaM2 / headcount;
        expect(space?.level).toBe(exact < 3 ? 'red' : exact < 4 ? 'amber' : undefined);
        expect(space?.m2PerPerson).toBeLessThanOrEqual(exact);
        expect(space?.overCapacity ?? false).toBe(headcount > 4);
      },
    ),
  );
});

const WOMAN: Person = { ...ADULT, sex: 'female' };
const MINOR: Person = { ...ADULT, minor: true };
const ADMINISTRATIVE: Person = { ...ADULT, regime: 'administrative' };

test.each<[string, Person[], string[]]>([
  ['alike', [ADULT, ADULT], []],
  ['a man and a woman', [ADULT, WOMAN], ['mixed-sex']],
  ['a minor and an adult', [MINOR, ADULT], ['minor-with-adult']],
  ['minors among themselves', [MINOR, MINOR], []],
  ['administrative among others', [ADMINISTRATIVE, ADULT], ['administrative-with-others']],
  ['convicted among others', [{ ...ADULT, convicted: true }, ADULT], ['convicted-with-others']],
  [
    'two who are convicted',
    [
      { ...ADULT, convicted: true },
      { ...ADULT, convicted: true },
    ],
    [],
  ],
  ['life-sentenced among others', [{ ...ADULT, lifeSentenced: true }, ADULT], ['life-sentenced-with-others']],
  [
    'a girl among administrative men',
    [{ ...MINOR, sex: 'female' }, ADMINISTRATIVE],
    ['mixed-sex', 'minor-with-adult', 'administrative-with-others'],
  ],
])('separation: %s', (_, persons, codes) => {
  const { findings = [] } = statusOf(people(...persons));
  expect(findings.map(({ normSet, code }) => [normSet, code])).toEqual(
    codes.map((code) => ['ua-order-777', code]),
  );
  // Since the second of them came.
  for (const { since } of findings) expect(since).toBe(after(10));
});

test('separation ends when they are parted, and nothing is said of those of whom nothing is known', () => {
  const together = people(ADULT, MINOR);
  const parted = [...together, caseEvent('CELL_MOVED', { id: 60, at: 40, area: 'cell-2', caseName: 'n1' })];
  expect(statusOf(parted).findings).toBeUndefined();
  expect(statusOf(people(MINOR, undefined)).findings).toBeUndefined();
  const corrected = [...together, correction({ id: 61, at: 50, corrects: 2 })];
  expect(statusOf(corrected).findings).toBeUndefined();
});

test('somebody seen where nobody is recorded, and nobody seen where somebody is', () => {
  const seen = (at: number, count?: number) =>
    areaEvent('PRESENCE_SEEN', {
      id: 70 + at,
      at,
      area: 'cell-1',
      ...(count === undefined ? {} : { count }),
    });
  const empty = (at: number) => areaEvent('EMPTY_SEEN', { id: 170 + at, at, area: 'cell-1' });
  const codes = (events: readonly CustodyEvent[]) => statusOf(events).findings?.map(({ code }) => code);
  expect(codes([seen(5)])).toEqual(['presence-without-record']);
  expect(codes([seen(5), empty(6)])).toBeUndefined();
  expect(codes([seen(5), ...people(ADULT)])).toBeUndefined();
  expect(codes([...people(ADULT), empty(30)])).toEqual(['record-without-presence']);
  expect(codes([...people(ADULT), empty(30), correction({ id: 90, at: 40, corrects: 200 })])).toBeUndefined();
  // Who was seen and left since was there by the record as well.
  const left = caseEvent('RELEASED', { id: 91, at: 30, caseName: 'n0' });
  expect(codes([...people(ADULT), seen(20), left])).toBeUndefined();
  expect(codes([...people(ADULT), left, seen(40)])).toEqual(['presence-without-record']);
  expect(codes([empty(-5), ...people(ADULT)])).toBeUndefined();
});

test('the air is that of the last measurement, with what was measured shortly before', () => {
  const measured = (id: number, at: number, air: object) =>
    areaEvent('CONDITIONS_MEASURED', { id, at, area: 'cell-1', ...air });
  const first = measured(1, 0, { temperatureC: 17.5 });
  const second = measured(2, 1, { co2Ppm: 1_400, humidityPct: 60 });
  expect(statusOf([second, first]).air).toEqual({
    temperatureC: 17.5,
    co2Ppm: 1_400,
    humidityPct: 60,
    at: after(1),
  });
  const later = measured(3, 60, { temperatureC: 19 });
  expect(statusOf([first, later, second]).air).toEqual({ temperatureC: 19, at: after(60) });
  expect(statusOf([first, later, correction({ id: 4, at: 70, corrects: 3 })]).air).toEqual({
    temperatureC: 17.5,
    at: after(0),
  });
  expect(statusOf(people(ADULT)).air).toBeUndefined();
});

test('to a shelter and back: headcounts follow, and the stay in the cell begins anew', () => {
  const away = [...people(ADULT), caseEvent('SHELTER_ENTERED', { id: 80, at: 20, caseName: 'n0' })];
  expect(statusOf(away).headcount).toBe(0);
  const back = [...away, caseEvent('SHELTER_LEFT', { id: 81, at: 50, caseName: 'n0' })];
  expect(statusOf(back)).toMatchObject({ headcount: 1, nextCheckDueAt: after(110) });
  const elsewhere = [...away, caseEvent('SHELTER_LEFT', { id: 82, at: 50, area: 'cell-2', caseName: 'n0' })];
  expect(statusOf(elsewhere, 'cell-2').headcount).toBe(1);
  const hospital = [...people(ADULT), caseEvent('HOSPITAL_LEFT', { id: 83, at: 20, caseName: 'n0' })];
  expect(statusOf(hospital).headcount).toBe(0);
});

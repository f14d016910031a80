import { expect, test } from 'vitest';
import { digestTable } from './digest.ts';
import { peopleBehind, withPeopleBehind } from './people-behind.ts';
import { addUp } from './sums.ts';

const HOUR_MS = 3_600_000;

test('a case is behind a number once a month, however much of it is its own', () => {
  const days = {
    '2026-10-30': { held: 5 * HOUR_MS, 'check/missed': 2 },
    '2026-10-31': { held: 24 * HOUR_MS, 'check/missed': 3, 'force/physical': 1 },
    '2026-11-01': { held: 24 * HOUR_MS, under3: HOUR_MS, 'dark/unknown': HOUR_MS, 'late-by/law': 2 },
  };
  const counted = withPeopleBehind(days);
  expect(
    Object.entries(counted).map(([day, sums]) => [
      day,
      Object.keys(sums).filter((what) => what.startsWith('who/')),
    ]),
  ).toEqual([
    ['2026-10-30', ['who/held', 'who/missed']],
    ['2026-10-31', ['who/force']],
    ['2026-11-01', ['who/held', 'who/lawLate', 'who/under3', 'who/unknown']],
  ]);
  const october = addUp([counted['2026-10-30'] ?? {}, counted['2026-10-31'] ?? {}]);
  expect(peopleBehind(october)).toMatchObject({ heldHours: 1, checksMissed: 1, force: 1, under3Hours: 0 });
  // What a confidential meeting hid is dark by nobody's fault.
  expect(withPeopleBehind({ '2026-10-01': { 'dark/confidential': 5 } })).toEqual({
    '2026-10-01': { 'dark/confidential': 5 },
  });
});

test('the hours of one person are kept back in a region where many were held', () => {
  const of = (people: number) => ({
    begun: people,
    breaches: 0,
    guidanceLate: 0,
    lawyerLate: 0,
    lawyerNever: 0,
    checksMissed: people,
    force: 0,
    complaints: 0,
    hotline: 0,
    heldHours: people,
    darkHours: 0,
    unknownHours: 0,
    under4Hours: 0,
    under3Hours: 0,
    meanM2: people,
  });
  const numbers = (under3Hours: number, heldHours: number, checksMissed: number) => ({
    ...of(0),
    begun: 20,
    heldHours,
    checksMissed,
    under3Hours,
    meanM2: 5,
  });
  const { rows, total } = digestTable(
    [
      { regionId: 'UA-05', numbers: numbers(7, 400, 9), people: { ...of(20), under3Hours: 1 } },
      { regionId: 'UA-46', numbers: numbers(30, 900, 14), people: { ...of(20), under3Hours: 12 } },
      {
        regionId: 'UA-68',
        numbers: numbers(60, 100, 9),
        people: { ...of(20), under3Hours: 20, checksMissed: 2, meanM2: 3 },
      },
    ],
    { ...numbers(97, 1_400, 32), meanM2: 4.4 },
    5,
  );
  const column = (name: string) => [...rows.values(), total].map((row) => row[name]);
  const value = (told: number) => ({ is: 'value', value: told });
  expect(column('begun')).toEqual([value(20), value(20), value(20), value(60)]);
  expect(column('heldHours')).toEqual([value(400), value(900), value(100), value(1_400)]);
  expect(column('under3Hours')).toEqual([{ is: 'hidden' }, { is: 'hidden' }, value(60), value(97)]);
  // Nine checks of two people.
  expect(column('checksMissed')).toEqual([{ is: 'hidden' }, value(14), { is: 'hidden' }, value(32)]);
  expect(column('meanM2')).toEqual([{ is: 'hidden' }, value(5), { is: 'hidden' }, value(4.4)]);
});

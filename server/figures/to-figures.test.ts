import { describe, expect, test } from 'vitest';
import { limits } from '../../config/norms/norms.ts';
import { digestNumbers, digestTable } from './digest.ts';
import { toCsv } from './figures-csv.ts';
import { peopleBehind } from './people-behind.ts';
import type { Sums } from './sums.ts';
import { lateOf, limitsOn, toFigures } from './to-figures.ts';

const ALL = limits();
const law = limitsOn('law', ALL);
const guidance = limitsOn('guidance', ALL);

test('every limit once late: the column of law counts those of law alone, guidance stands apart', () => {
  const figures = toFigures(
    Object.fromEntries(ALL.map(({ normSet, limit }) => [`late/${normSet}/${limit}`, 1])),
  );
  const countOf = (standing: string) =>
    ALL.filter((one) => one.standing === standing && one.kind !== 'duty').length;
  expect(countOf('guidance')).toBeGreaterThan(0);
  expect(digestNumbers(figures, { law, guidance })).toMatchObject({
    breaches: countOf('law'),
    guidanceLate: countOf('guidance'),
  });
  expect(lateOf(figures, law)).toBe(countOf('law'));
});

test('who never had a lawyer is told, and is not among those whose lawyer came late', () => {
  const figures = toFigures({
    'lawyer/1h': 1,
    'lawyer/6h': 2,
    'lawyer/later': 4,
    'lawyer/none': 8,
    'lawyer/unassigned': 16,
  });
  expect(digestNumbers(figures, { law, guidance })).toMatchObject({ lawyerLate: 6, lawyerNever: 24 });
});

describe('room', () => {
  const HOUR_MS = 3_600_000;
  const sums = {
    room: 10 * HOUR_MS,
    under4: 4 * HOUR_MS,
    under3: HOUR_MS,
    'm2/26': HOUR_MS,
    'm2/35': 3 * HOUR_MS,
    'm2/80': 6 * HOUR_MS,
    // Taken away again.
    'm2/11': 0,
  };

  test('is the average of the time that people spent, and the least that anybody had', () => {
    // (2.6 + 3 × 3.5 + 6 × 8) / 10
    expect(toFigures(sums).space).toEqual({
      seconds: 36_000,
      under4Seconds: 14_400,
      under3Seconds: 3_600,
      meanM2: 6.1,
      leastM2: 2.6,
    });
    expect(toFigures({}).space).toMatchObject({ meanM2: null, leastM2: null });
  });

  test('stands in the table of a period', () => {
    const figures = toFigures(sums);
    const csv = toCsv({
      from: '2026-11-01',
      to: '2026-11-30',
      timeZone: 'Europe/Kyiv',
      asOf: '2026-11-30T12:00:00.000Z',
      complete: true,
      sample: true,
      total: { place: { kind: 'nation' }, figures },
      rows: [{ place: { kind: 'region', regionId: 'UA-05' }, figures: toFigures({}) }],
      days: [],
    });
    const lines = csv.split('\r\n').filter((line) => line.includes('space_m2'));
    expect(lines.map((line) => line.split(',').slice(3))).toEqual([
      ['nation', '', 'space_m2', 'mean', '6.1'],
      ['nation', '', 'space_m2', 'least', '2.6'],
      ['region', 'UA-05', 'space_m2', 'mean', ''],
      ['region', 'UA-05', 'space_m2', 'least', ''],
    ]);
  });

  test('is published of everybody and of regions with enough people, and of no other', () => {
    const of = (regionId: string, sums: Sums) => ({
      regionId,
      numbers: digestNumbers(toFigures(sums), { law, guidance }),
      people: peopleBehind(sums),
    });
    const held = (people: number, m2: number): Sums => ({
      begun: people,
      held: people * HOUR_MS,
      room: people * HOUR_MS,
      [`m2/${m2}`]: people * HOUR_MS,
      'who/room': people,
    });
    const regions = [
      of('UA-05', held(20, 50)),
      of('UA-07', held(30, 60)),
      of('UA-68', held(3, 26)),
      of('UA-18', {}),
    ];
    const { rows, total } = digestTable(regions, of('', held(53, 54)).numbers, 5);
    expect(total.meanM2).toEqual({ is: 'value', value: 5.4 });
    expect(rows.get('UA-68')?.meanM2).toEqual({ is: 'hidden' });
    // Another one is kept back, or the hidden one could be computed from the total.
    expect(rows.get('UA-05')?.meanM2).toEqual({ is: 'hidden' });
    expect(rows.get('UA-07')?.meanM2).toEqual({ is: 'value', value: 6 });
    expect(rows.get('UA-18')?.meanM2).toEqual({ is: 'none' });
  });
});

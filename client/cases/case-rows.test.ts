import { expect, test } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import type { CaseSummary } from '#contract/cases.ts';
import { inMinutes, NOON, NOON_MS, sampleClock } from '../test/samples.ts';
import { caseRows } from './case-rows.ts';

function summary(over: Partial<CaseSummary> = {}): CaseSummary {
  return {
    caseId: 'cr-68-2-000123',
    facilityId: 'ua-68-itt-2',
    regionId: 'UA-68',
    areaId: 'ua-68-itt-2-cell-4',
    person: null,
    detainedAt: NOON,
    closedAt: null,
    clocks: [],
    contradictions: 0,
    updatedAt: NOON,
    ...over,
  };
}

const wish = {
  filter: NO_FILTER,
  matched: new Set(['ua-68-itt-2-cell-4']),
  text: '',
  order: 'urgent' as const,
  registry: undefined,
  nowMs: NOON_MS,
};
const due = (minutes: number) => [
  sampleClock({ amberAt: inMinutes(-3), redAt: inMinutes(-2), dueAt: inMinutes(minutes) }),
];
const idsOf = (rows: ReturnType<typeof caseRows>) =>
  rows.map((row) => (row.kind === 'case' ? row.summary.caseId : row.facilityId));

test('the most pressing clock comes first, people without clocks last', () => {
  const rows = caseRows(
    [
      summary({ caseId: 'cr-none' }),
      summary({ caseId: 'cr-later', clocks: due(30) }),
      summary({ caseId: 'cr-over', clocks: due(-1) }),
      summary({ caseId: 'cr-soon', clocks: due(5) }),
    ],
    wish,
  );
  expect(idsOf(rows)).toEqual(['cr-over', 'cr-soon', 'cr-later', 'cr-none']);
});

test('who is in an area that the filter leaves out is left out', () => {
  const cases = [summary({ caseId: 'cr-in' }), summary({ caseId: 'cr-out', areaId: 'ua-68-itt-2-cell-9' })];
  expect(idsOf(caseRows(cases, wish))).toEqual(['cr-in']);
});

test('who is in no area is shown by region alone', () => {
  const cases = [summary({ areaId: null })];
  const filtered = (filter: Partial<typeof NO_FILTER>) =>
    caseRows(cases, { ...wish, filter: { ...NO_FILTER, ...filter } }).length;
  expect(filtered({})).toBe(1);
  expect(filtered({ region: ['UA-68'] })).toBe(1);
  expect(filtered({ region: ['UA-05'] })).toBe(0);
  expect(filtered({ kind: ['cell'] })).toBe(0);
  expect(filtered({ clock: 'red' })).toBe(0);
});

test('by place: the facility’s name with its number of people above them; search is by number', () => {
  const cases = [
    summary({ caseId: 'cr-one' }),
    summary({ caseId: 'cr-two' }),
    summary({ caseId: 'cr-three', facilityId: 'ua-68-itt-1' }),
  ];
  const rows = caseRows(cases, { ...wish, order: 'place', text: ' CR-T ' });
  expect(rows.filter(({ kind }) => kind === 'place')).toEqual([
    { kind: 'place', facilityId: 'ua-68-itt-1', count: 1 },
    { kind: 'place', facilityId: 'ua-68-itt-2', count: 1 },
  ]);
  expect(idsOf(rows)).toEqual(['ua-68-itt-1', 'cr-three', 'ua-68-itt-2', 'cr-two']);
});

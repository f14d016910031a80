import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Flag } from '#contract/flags.ts';
import type { PlacedSpan } from '../custody/state/spans.ts';
import { coverageOf, coverageOfFlag, coversCase, coversComplaint } from './coverage.ts';

const HERE = 'ua-68-itt-1';
const CASE = { facilityId: HERE, caseId: 'cr-1' };
const iso = (ms: number) => new Date(ms).toISOString();
const stay = (areaId: string, from: number, until: number | null): PlacedSpan => ({
  areaId,
  span: [from, until],
});

test('a hold on a case covers it alone, wherever the person was', () => {
  const held = coverageOf({ kind: 'case', facilityId: HERE, caseId: 'cr-1' }, HERE);
  expect(coversCase(held, CASE, undefined)).toBe(true);
  expect(coversCase(held, { ...CASE, caseId: 'cr-2' }, undefined)).toBe(false);
  expect(coversCase(held, { ...CASE, facilityId: 'ua-05-itt-1' }, undefined)).toBe(false);
});

test('a hold on an area covers whoever was inside at any moment of its time', () => {
  const time = fc.integer({ min: 0, max: 50 });
  const span = fc.tuple(time, fc.option(fc.integer({ min: 0, max: 20 })));
  fc.assert(
    fc.property(span, span, ([from, heldFor], [since, stayedFor]) => {
      const to = heldFor === null ? null : from + heldFor;
      const until = stayedFor === null ? null : since + stayedFor;
      const held = coverageOf(
        { kind: 'area', areaId: 'cell-1', from: iso(from), to: to === null ? null : iso(to) },
        HERE,
      );
      const last = (end: number | null) => end ?? 100;
      const moments = Array.from({ length: 101 }, (_, moment) => moment);
      const meets = moments.some(
        (moment) => moment >= from && moment <= last(to) && moment >= since && moment <= last(until),
      );
      expect(coversCase(held, CASE, [stay('cell-1', since, until)])).toBe(meets);
      expect(coversCase(held, CASE, [stay('cell-2', since, until)])).toBe(false);
    }),
  );
});

test('where nobody can tell where somebody was, everything of the facility is covered', () => {
  const held = coverageOf({ kind: 'area', areaId: 'cell-1', from: iso(0), to: iso(1) }, HERE);
  expect(coversCase(held, CASE, undefined)).toBe(true);
  expect(coversCase(held, { ...CASE, facilityId: 'ua-05-itt-1' }, undefined)).toBe(false);
});

test('what surrounds a flag is covered; of a flag on a whole facility, in all its areas', () => {
  const day = 24 * 3_600_000;
  const step = (state: Flag['state'], at: number) => ({
    state,
    by: { kind: 'rule', id: 'r', name: 'r' } as const,
    at: iso(at),
  });
  const flag: Flag = {
    id: '7b0e4a9a-6c53-4dbb-8c4d-1f1d3f4b9a11',
    regionId: 'UA-68',
    facilityId: HERE,
    areaId: 'cell-1',
    category: 'force',
    severity: 1,
    note: '',
    state: 'resolved',
    history: [step('raised', 10 * day), step('resolved', 12 * day)],
    version: 2,
  };
  const closed = coverageOfFlag(flag);
  expect(coversCase(closed, CASE, [stay('cell-1', 0, 9 * day - 1)])).toBe(false);
  expect(coversCase(closed, CASE, [stay('cell-1', 0, 9 * day)])).toBe(true);
  expect(coversCase(closed, CASE, [stay('cell-1', 13 * day, null)])).toBe(true);
  expect(coversCase(closed, CASE, [stay('cell-1', 13 * day + 1, null)])).toBe(false);
  expect(coversCase(closed, CASE, [stay('cell-2', 10 * day, null)])).toBe(false);
  const { areaId: _, ...ofFacility } = flag;
  expect(coversCase(coverageOfFlag(ofFacility), CASE, [stay('cell-2', 10 * day, null)])).toBe(true);
});

test('a complaint is covered when what it tells of, or its taking, lies in the time of a hold on its facility', () => {
  const area = (from: number, to: number | null) =>
    coverageOf({ kind: 'area', areaId: 'cell-1', from: iso(from), to: to === null ? null : iso(to) }, HERE);
  const complaint = (happened: number | null, taken: number, facilityId = HERE) => ({
    facilityId,
    happenedAt: happened === null ? null : iso(happened),
    history: [{ state: 'received' as const, by: 'hotline', at: iso(taken) }],
  });
  expect(coversComplaint(area(10, 20), complaint(15, 30))).toBe(true);
  expect(coversComplaint(area(10, 20), complaint(5, 15))).toBe(true);
  expect(coversComplaint(area(10, 20), complaint(5, 9))).toBe(false);
  expect(coversComplaint(area(10, 20), complaint(21, 30))).toBe(false);
  expect(coversComplaint(area(10, null), complaint(21, 30))).toBe(true);
  // Nobody knows when: it may have been then.
  expect(coversComplaint(area(10, 20), complaint(null, 30))).toBe(true);
  expect(coversComplaint(area(10, 20), complaint(null, 9))).toBe(false);
  expect(coversComplaint(area(10, 20), complaint(15, 30, 'ua-05-itt-1'))).toBe(false);
  const ofCase = coverageOf({ kind: 'case', facilityId: HERE, caseId: 'cr-1' }, HERE);
  expect(coversComplaint(ofCase, complaint(15, 30))).toBe(false);
});

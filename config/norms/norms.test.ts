import { expect, test } from 'vitest';
import { LimitInfo } from '#contract/live.ts';
import { Interval, NormSet } from './norm-set.ts';
import { limits, NORMS, normSetsAt } from './norms.ts';

const HOUR_MINUTES = 60;

test('the norm sets keep to their schema', () => {
  for (const set of NORMS.sets) expect(NormSet.parse(set)).toEqual(set);
  expect(Interval.parse(NORMS.welfareCheck)).toEqual(NORMS.welfareCheck);
});

test.each([
  ['ua-cpc', 'suspicion', 24, '278'],
  ['ua-cpc', 'court', 60, '211'],
  ['ua-cpc', 'decision', 72, '12'],
  ['ua-admin', 'detention', 3, '263'],
])('%s/%s: %i hours, article %s', (setId, limitId, hours, article) => {
  const limit = NORMS.sets.find(({ id }) => id === setId)?.limits.find(({ id }) => id === limitId);
  expect(limit?.minutes).toBe(hours * HOUR_MINUTES);
  expect(limit?.source.en).toContain(`art. ${article}`);
  expect(limit?.source.uk).toContain(`ст. ${article}`);
  expect(limit?.standing).toBe('law');
});

test('the interface learns of every limit, and what has no source is not called law', () => {
  const all = limits();
  for (const one of all) expect(LimitInfo.parse(one)).toEqual(one);
  expect(all.map(({ normSet, limit }) => `${normSet}/${limit}`)).toEqual([
    'ua-cpc/suspicion',
    'ua-cpc/court',
    'ua-cpc/decision',
    'ua-admin/detention',
    'practice/welfare-check',
  ]);
  expect(all.find(({ limit }) => limit === 'welfare-check')?.standing).toBe('general-knowledge');
});

test('a set counts from its first instant up to, not including, its last', () => {
  const [cpc] = NORMS.sets;
  if (!cpc) throw new Error('no norm set');
  const old = { ...cpc, validTo: '2026-01-01T00:00:00+02:00' };
  const next = { ...cpc, version: 2, validFrom: '2026-01-01T00:00:00+02:00' };
  const norms = { ...NORMS, sets: [old, next] };
  const border = Date.parse('2026-01-01T00:00:00+02:00');
  expect(normSetsAt(norms, 'criminal', border - 1)).toEqual([old]);
  expect(normSetsAt(norms, 'criminal', border)).toEqual([next]);
  expect(normSetsAt(norms, 'administrative', border)).toEqual([]);
  expect(normSetsAt(norms, 'criminal', Date.parse(cpc.validFrom) - 1)).toEqual([]);
});

test.each([
  ['warnings in the wrong order', { warnings: { amber: 0.9, red: 0.75, standing: 'judgment' } }],
  ['an end before the start', { validTo: '2000-01-01T00:00:00Z' }],
  ['the same limit twice', { limits: [NORMS.sets[0]?.limits[0], NORMS.sets[0]?.limits[0]] }],
])('%s is refused', (_, change) => {
  expect(NormSet.safeParse({ ...NORMS.sets[0], ...change }).success).toBe(false);
});

import { expect, test } from 'vitest';
import { type Flag, FlagCategory } from '#contract/flags.ts';
import { isClipped } from './evidence.ts';

function flag(kind: 'person' | 'rule', category: Flag['category'], severity: Flag['severity']): Flag {
  return {
    id: '7b0e4a9a-6c53-4dbb-8c4d-1f1d3f4b9a11',
    regionId: 'UA-68',
    facilityId: 'ua-68-itt-1',
    areaId: 'ua-68-itt-1-cell-2',
    category,
    severity,
    note: '',
    state: 'raised',
    history: [{ state: 'raised', by: { kind, id: 'x', name: 'x' }, at: '2026-11-22T14:05:00.000Z' }],
    version: 1,
  };
}

test('whatever a person flags is kept', () => {
  for (const category of FlagCategory.options)
    for (const severity of [1, 2, 3, 4] as const)
      expect(isClipped(flag('person', category, severity))).toBe(true);
});

test('of rules, what somebody may be harmed by, and nothing that only papers tell', () => {
  expect(isClipped(flag('rule', 'force', 1))).toBe(true);
  expect(isClipped(flag('rule', 'self-harm', 2))).toBe(true);
  expect(isClipped(flag('rule', 'force', 3))).toBe(false);
  for (const category of ['deadline', 'no-video', 'camera-fault', 'record-mismatch', 'overcrowding'] as const)
    expect(isClipped(flag('rule', category, 1))).toBe(false);
});

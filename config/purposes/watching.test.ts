import { expect, test } from 'vitest';
import { RoleId } from '#contract/session.ts';
import { ROLE_ACTIONS } from '../roles/roles.ts';
import { PurposeRule, purposesFor } from './purposes.ts';
import { ALARM_PURPOSE, layerWithoutPurpose, WATCH_PURPOSES } from './watching.ts';

test('every purpose keeps to its schema and is stated by one id; nobody states an alarm', () => {
  for (const purpose of WATCH_PURPOSES) expect(PurposeRule.parse(purpose)).toEqual(purpose);
  const ids = WATCH_PURPOSES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).not.toContain(ALARM_PURPOSE);
});

test('who may watch has a purpose to choose, the usual one without a note first; nobody else has', () => {
  for (const role of RoleId.options) {
    const open = purposesFor(role, Date.UTC(2026, 10, 22), WATCH_PURPOSES);
    expect([role, open.length > 0]).toEqual([role, ROLE_ACTIONS[role].includes('feed.watch')]);
    expect(open.slice(0, 3).some(({ needsNote }) => !needsNote)).toBe(open.length > 0);
  }
});

test('only the wall of those whose work it is is sharp without a purpose, and only in usual areas', () => {
  expect(layerWithoutPurpose('duty', 'normal')).toBe('high');
  expect(layerWithoutPurpose('duty', 'masked')).toBe('low');
  expect(layerWithoutPurpose('prosecutor', 'normal')).toBe('low');
});

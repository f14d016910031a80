import { expect, test } from 'vitest';
import { RoleId } from '#contract/session.ts';
import { ROLE_ACTIONS } from '../roles/roles.ts';
import { PURPOSES, PurposeRule, purposesFor } from './purposes.ts';

test('every purpose keeps to its schema, and no id means two things at one time', () => {
  for (const purpose of PURPOSES) expect(PurposeRule.parse(purpose)).toEqual(purpose);
  expect(new Set(PURPOSES.map(({ id, validFrom }) => `${id} ${validFrom}`)).size).toBe(PURPOSES.length);
});

test('who may read personal data has a purpose to choose, and nobody else has', () => {
  const nowMs = Date.UTC(2026, 10, 22);
  for (const role of RoleId.options)
    expect([role, purposesFor(role, nowMs).length > 0]).toEqual([
      role,
      ROLE_ACTIONS[role].includes('personal.read'),
    ]);
});

test('a purpose holds from the beginning of its first day to the end of its last', () => {
  const [first] = PURPOSES;
  if (!first) throw new Error('no purpose');
  const dated = [{ ...first, validFrom: '2027-02-28', validUntil: '2028-02-29' }];
  const [role = 'situation'] = first.roles;
  const holdsAt = (text: string) => purposesFor(role, Date.parse(text), dated).length === 1;
  expect(holdsAt('2027-02-27T23:59:59.999Z')).toBe(false);
  expect(holdsAt('2027-02-28T00:00:00Z')).toBe(true);
  expect(holdsAt('2028-02-29T23:59:59.999Z')).toBe(true);
  expect(holdsAt('2028-03-01T00:00:00Z')).toBe(false);
});

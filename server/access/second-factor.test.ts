import { expect, test } from 'vitest';
import type { Account } from './account.ts';
import { setupOf, toPerson } from './account.ts';
import { createFactorSecrets } from './factor-secrets.ts';
import { passwordWeakness } from './password-rules.ts';
import { spendSecondFactor, totpStepOf } from './second-factor.ts';

/** RFC 6238 appendix B: the secret of its SHA-1 vectors, in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const AT = { nowMs: 59_000, secrets: createFactorSecrets([]) };

const account: Account = {
  username: 'olena',
  displayName: { uk: 'О', en: 'O' },
  role: 'admin',
  scope: { kind: 'nation' },
  passwordHash: 'x',
  sample: false,
  totp: { secret: SECRET, lastStep: 0 },
};

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1234567890, '005924'],
])('at %d s the code is the one of RFC 6238, and its neighbours in time count', (seconds, code) => {
  const step = Math.floor(seconds / 30);
  for (const off of [-30, 0, 30]) expect(totpStepOf(SECRET, code, (seconds + off) * 1000)).toBe(step);
  for (const off of [-60, 60]) expect(totpStepOf(SECRET, code, (seconds + off) * 1000)).toBeUndefined();
});

test('a step counts once, and none before it afterwards', () => {
  const spent = spendSecondFactor(account, { totp: '287082' }, AT);
  expect(spent?.totp?.lastStep).toBe(1);
  expect(spent && spendSecondFactor(spent, { totp: '287082' }, AT)).toBeUndefined();
});

test('who has to set something up may do nothing else; sample accounts need nothing', () => {
  expect(setupOf({ ...account, mustChange: true })).toEqual(['password']);
  const { totp: _, ...without } = account;
  expect(setupOf(without)).toEqual(['totp']);
  expect(toPerson(without).limited).toBe(true);
  expect(toPerson(account).limited).toBeUndefined();
  expect(setupOf({ ...without, sample: true })).toEqual([]);
  expect(setupOf({ ...without, role: 'duty' })).toEqual([]);
});

test.each([
  ['elevenchars', 'too_short'],
  ['my name is OLENA 7', 'has_username'],
  ['Password-2026-11', 'common'],
  ['ababababababab', 'common'],
  ['довга фраза про море', undefined],
])('%s: %s', (password, weakness) => {
  expect(passwordWeakness(password, 'olena')).toBe(weakness);
});

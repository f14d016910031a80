import { expect, test } from 'vitest';
import type { ErrorCode } from '#contract/errors.ts';
import { VartaError } from '#contract/errors.ts';
import { toPerson } from '../account.ts';
import { toExternalAccount } from './external-account.ts';

const person = {
  username: 'olena',
  displayName: { uk: 'Олена', en: 'Олена' },
  role: 'duty' as const,
  scope: { kind: 'regions' as const, regionIds: ['UA-68'] },
};
const SOMEBODY = { issuer: 'https://id.example', subject: '1' };
const account = toExternalAccount(undefined, person, SOMEBODY);

function codeOf(work: () => unknown): ErrorCode | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof VartaError) return error.code;
    throw error;
  }
}

test('somebody new gets an account without a password, and may start at once', () => {
  expect(account).toMatchObject({ ...person, external: SOMEBODY, sample: false });
  expect(toPerson({ ...account, role: 'admin' })).not.toHaveProperty('limited');
});

test('nothing changes while the provider says the same', () => {
  expect(toExternalAccount(account, person, SOMEBODY)).toBe(account);
});

test('other rights end the sessions of before; another name does not', () => {
  expect(toExternalAccount(account, { ...person, role: 'inspector' }, SOMEBODY)).toMatchObject({
    role: 'inspector',
    rev: 1,
  });
  expect(
    toExternalAccount(account, { ...person, displayName: { uk: 'О', en: 'О' } }, SOMEBODY),
  ).toMatchObject({ displayName: { uk: 'О' }, rev: 0 });
});

test('a name is never taken over: not a local account’s, nor from another subject or provider', () => {
  const { external: _, ...local } = account;
  expect(codeOf(() => toExternalAccount(local, person, SOMEBODY))).toBe('account_exists');
  expect(codeOf(() => toExternalAccount(account, person, { ...SOMEBODY, subject: '2' }))).toBe(
    'account_exists',
  );
  expect(
    codeOf(() => toExternalAccount(account, person, { ...SOMEBODY, issuer: 'https://else.example' })),
  ).toBe('account_exists');
});

test('whom an administrator has disabled stays out', () => {
  expect(codeOf(() => toExternalAccount({ ...account, disabled: true }, person, SOMEBODY))).toBe(
    'oidc_no_right',
  );
});

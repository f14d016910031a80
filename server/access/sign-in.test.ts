import { expect, test } from 'vitest';
import type { Account } from './account.ts';
import { hashPassword } from './password.ts';
import { createSignIn, type SignInLimiter } from './sign-in.ts';

const account: Account = {
  username: 'olena',
  displayName: { uk: 'Олена', en: 'Olena' },
  role: 'duty',
  scope: { kind: 'regions', regionIds: ['UA-68'] },
  passwordHash: await hashPassword('right'),
  sample: false,
};
const accounts = { find: async (username: string) => (username === 'olena' ? account : undefined) };
const address = '10.0.0.1';

function tally(tries: number): SignInLimiter & { forgiven: string[] } {
  let left = tries;
  const forgiven: string[] = [];
  return {
    forgiven,
    take: async () => (left-- > 0 ? undefined : { retryAfterMs: 1000 }),
    forgive: async (username) => void forgiven.push(username),
  };
}

test('the right password opens, and the tries before it are forgiven', async () => {
  const limiter = tally(9);
  const signIn = await createSignIn({ accounts, spendFactor: async () => false, limiter });
  expect(await signIn({ username: 'olena', password: 'wrong', address })).toEqual({
    ok: false,
    code: 'bad_credentials',
    knownUser: true,
  });
  expect(limiter.forgiven).toEqual([]);
  expect(await signIn({ username: 'olena', password: 'right', address })).toEqual({ ok: true, account });
  expect(limiter.forgiven).toEqual(['olena']);
});

test('an unknown user is answered like a wrong password', async () => {
  const signIn = await createSignIn({ accounts, spendFactor: async () => false, limiter: tally(9) });
  expect(await signIn({ username: 'nobody', password: 'right', address })).toEqual({
    ok: false,
    code: 'bad_credentials',
    knownUser: false,
  });
});

test('without a try left, even the right password is not looked at', async () => {
  const signIn = await createSignIn({ accounts, spendFactor: async () => false, limiter: tally(0) });
  expect(await signIn({ username: 'olena', password: 'right', address })).toEqual({
    ok: false,
    code: 'rate_limited',
    retryAfterMs: 1000,
  });
});

test('a flood of tries is bounded', async () => {
  const signIn = await createSignIn({ accounts, spendFactor: async () => false, limiter: tally(1000) });
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => signIn({ username: 'nobody', password: 'x', address })),
  );
  const refused = answers.filter((answer) => !answer.ok && answer.code === 'rate_limited');
  expect(refused.length).toBe(200 - 66);
});

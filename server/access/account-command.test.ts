import { expect, test } from 'vitest';
import { parseAccountCommand } from './account-command.ts';

test('an account is made with role and scope', () => {
  expect(
    parseAccountCommand(['create', 'olena', '--role', 'duty', '--scope', 'regions:UA-68,UA-32']),
  ).toEqual({
    command: 'create',
    username: 'olena',
    role: 'duty',
    scope: { kind: 'regions', regionIds: ['UA-68', 'UA-32'] },
    name: 'olena',
  });
  expect(parseAccountCommand(['create', 'boss', '--role', 'admin', '--scope', 'nation'])).toMatchObject({
    scope: { kind: 'nation' },
  });
  expect(parseAccountCommand(['reset', 'boss'])).toEqual({ command: 'reset', username: 'boss' });
});

test.each([
  ['no role', ['create', 'olena', '--scope', 'nation']],
  ['no scope', ['create', 'olena', '--role', 'duty']],
  ['regions without one', ['create', 'olena', '--role', 'duty', '--scope', 'regions:']],
  ['an unknown role', ['create', 'olena', '--role', 'king', '--scope', 'nation']],
  ['an unknown option', ['create', 'olena', '--password', 'x']],
  ['capital letters', ['reset', 'Olena']],
  ['nothing', []],
])('%s is refused', (_, args) => {
  expect(() => parseAccountCommand(args)).toThrow();
});

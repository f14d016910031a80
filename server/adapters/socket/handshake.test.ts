import { expect, test } from 'vitest';
import { ConsoleHandshake } from '#contract/live.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { parseHandshake } from './handshake.ts';

const tabId = '9a1c8ad0-6d0c-4bb1-8fd4-0e2f57b6a0c1';

test('a handshake of our version is taken', () => {
  const auth = { protocol: PROTOCOL_VERSION, tabId };
  expect(parseHandshake(ConsoleHandshake, auth)).toEqual({ ok: true, handshake: auth });
});

test.each([
  [{ protocol: PROTOCOL_VERSION + 1, tabId }, 'protocol_unsupported'],
  [{ protocol: 0, something: 'else' }, 'protocol_unsupported'],
  [{ protocol: PROTOCOL_VERSION }, 'invalid'],
  [{ protocol: PROTOCOL_VERSION, tabId, more: 1 }, 'invalid'],
  [{ protocol: '1', tabId }, 'invalid'],
  [{}, 'invalid'],
  [null, 'invalid'],
  ['text', 'invalid'],
])('%j is refused with %s', (auth, code) => {
  expect(parseHandshake(ConsoleHandshake, auth)).toEqual({ ok: false, code });
});

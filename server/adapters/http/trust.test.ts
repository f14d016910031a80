import { expect, test } from 'vitest';
import { createTrust } from './trust.ts';

test('only the proxy that is named is believed, and only for one step', () => {
  const isTrusted = createTrust('https://varta.example', ['loopback', '10.0.0.0/8']);
  expect(isTrusted('127.0.0.1', 0)).toBe(true);
  expect(isTrusted('10.1.2.3', 0)).toBe(true);
  expect(isTrusted('203.0.113.9', 0)).toBe(false);
  // Who stands in the proxy's network behind it cannot say that they are somebody else.
  expect(isTrusted('10.1.2.4', 1)).toBe(false);
});

test('without HTTPS there is no proxy of ours', () => {
  expect(createTrust('http://localhost:8080', ['loopback'])('127.0.0.1', 0)).toBe(false);
});

import { expect, test } from 'vitest';
import { ViewerId } from '#contract/ids.ts';
import { SESSION_ABSOLUTE_MS, sessionTimeLeftMs, toSessionHandle, toViewerId } from './session.ts';

test('a session lives for the idle time from its last use, and never past its absolute end', () => {
  expect(sessionTimeLeftMs(0, 'duty', 0)).toBe(30 * 60_000);
  expect(sessionTimeLeftMs(0, 'duty', SESSION_ABSOLUTE_MS - 1000)).toBe(1000);
  expect(sessionTimeLeftMs(0, 'duty', SESSION_ABSOLUTE_MS)).toBeLessThanOrEqual(0);
  expect(sessionTimeLeftMs(0, 'admin', 8 * 3_600_000)).toBeLessThanOrEqual(0);
});

test('the handle does not tell the session id, and differs by session', () => {
  expect(toSessionHandle('secret')).not.toContain('secret');
  expect(toSessionHandle('one')).not.toBe(toSessionHandle('two'));
});

test('a viewer is one tab of one session', () => {
  const viewer = toViewerId('session', 'tab');
  expect(ViewerId.parse(viewer)).toBe(viewer);
  expect(toViewerId('session', 'tab')).toBe(viewer);
  expect(toViewerId('session', 'other')).not.toBe(viewer);
  expect(toViewerId('other', 'tab')).not.toBe(viewer);
});

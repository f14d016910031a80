import { expect, test } from 'vitest';
import { alertLinkOf } from './landing.ts';

test('an alert leads to its tile at a desk, to its flag in the queue where there is no tile, and in a pocket to itself', () => {
  const alert = { flagId: '3f0a7b1e-6a57-4f0e-9d5e-1b2c3d4e5f60' };
  expect(alertLinkOf('duty', { ...alert, areaId: 'ua-68-itt-2-cell-4' })).toBe('/?area=ua-68-itt-2-cell-4');
  expect(alertLinkOf('duty', alert)).toBe(`/flags?id=${alert.flagId}`);
  expect(alertLinkOf('oncall', alert)).toBe(`/oncall?flag=${alert.flagId}`);
  expect(alertLinkOf(undefined, alert)).toBe(`/oncall?flag=${alert.flagId}`);
});

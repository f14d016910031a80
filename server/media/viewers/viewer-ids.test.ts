import { expect, test } from 'vitest';
import { ViewerId } from '#contract/ids.ts';
import { toOtherId, toPageId } from './viewer-ids.ts';

test('a page has two ids, taken in turn, and is known by either', () => {
  const first = 'session-1.tab-1';
  const second = toOtherId(first);
  expect(second).not.toBe(first);
  expect(ViewerId.parse(second)).toBe(second);
  expect(toOtherId(second)).toBe(first);
  expect([toPageId(first), toPageId(second)]).toEqual([first, first]);
});

import { expect, test } from 'vitest';
import { NODE_LATE_MS } from '#contract/registry.ts';
import { createFaultFinder } from './others-fault.ts';

const HOMES: Record<string, string> = { own: 'here', well: 'well', late: 'late', aside: 'aside' };

const isOthers = createFaultFinder({
  homesOf: async (feedIds) => feedIds.map((feedId) => HOMES[feedId] ?? null),
  unrenewedMs: async (nodeId) => (nodeId === 'late' ? NODE_LATE_MS : NODE_LATE_MS - 1),
  isInDoubt: (nodeId) => nodeId === 'aside',
});

test('silence is another node’s fault when all feeds enter at nodes that are in doubt', async () => {
  expect(await isOthers('here', ['late'])).toBe(true);
  expect(await isOthers('here', ['late', 'aside'])).toBe(true);
});

test('it is the page’s own node’s when one enters there, or at a node that is well, or nowhere', async () => {
  expect(await isOthers('here', ['own', 'late'])).toBe(false);
  expect(await isOthers('here', ['well', 'late'])).toBe(false);
  expect(await isOthers('here', ['nowhere', 'late'])).toBe(false);
  expect(await isOthers('late', ['late'])).toBe(false);
  expect(await isOthers('here', [])).toBe(false);
});

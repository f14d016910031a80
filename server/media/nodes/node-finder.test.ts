import { expect, test } from 'vitest';
import type { NodeRecord } from '#contract/registry.ts';
import { NodeFinder } from './node-finder.ts';

const AT = '2026-11-22T14:00:00.000Z';

function find(...nodes: (Partial<NodeRecord> & { nodeId: string })[]) {
  const clock = { nowMs: 0 };
  const candidates = nodes.map((change) => ({
    reachable: true,
    assigned: 0,
    record: {
      controlUrl: 'http://127.0.0.1:44300',
      regionId: null,
      workers: 2,
      load: 0.2,
      viewers: 0,
      feeds: 0,
      draining: false,
      deaf: false,
      gone: false,
      startedAt: AT,
      at: AT,
      ...change,
    },
  }));
  const finder = new NodeFinder({
    links: { candidates: () => candidates, noteAssignment: () => undefined, isOpen: () => true },
    distance: () => 0,
    now: () => clock.nowMs,
  });
  return { finder, clock, choose: () => finder.find(undefined, new Set()) };
}

test('a node that hears nothing is left, and chosen only where there is no other', async () => {
  const { finder, choose } = find({ nodeId: 'a', deaf: true }, { nodeId: 'b', load: 0.8 });
  expect(finder.isToBeLeft('a')).toBe(true);
  expect(finder.isToBeLeft('b')).toBe(false);
  expect(await choose()).toBe('b');
  expect(await find({ nodeId: 'a', deaf: true }).choose()).toBe('a');
});

test('nobody goes to and fro between nodes of which none is any better', () => {
  const { finder } = find({ nodeId: 'a', deaf: true }, { nodeId: 'b', deaf: true });
  finder.setAside('b', 30_000);
  expect(finder.isToBeLeft('a')).toBe(false);
  expect(finder.isToBeLeft('b')).toBe(false);
});

test('a node is in doubt for a moment after it was set aside, and while it hears nothing or is not there', () => {
  const { finder, clock } = find({ nodeId: 'a' }, { nodeId: 'b', deaf: true });
  expect(['a', 'b', 'c'].map((nodeId) => finder.isInDoubt(nodeId))).toEqual([false, true, true]);
  finder.setAside('a', 30_000);
  expect(finder.isInDoubt('a')).toBe(true);
  clock.nowMs = 8_000;
  expect(finder.isInDoubt('a')).toBe(false);
  expect(finder.isToBeLeft('a')).toBe(false);
});

test('a node that was set aside is left for as long as that was said', async () => {
  const { finder, clock, choose } = find({ nodeId: 'a' }, { nodeId: 'b', load: 0.8 });
  finder.setAside('a', 30_000);
  expect(finder.isToBeLeft('a')).toBe(true);
  expect(await choose()).toBe('b');
  clock.nowMs = 30_000;
  expect(finder.isToBeLeft('a')).toBe(false);
  expect(await choose()).toBe('a');
});

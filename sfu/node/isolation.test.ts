import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Isolation } from './isolation.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp() {
  const node = { linked: true, lapsed: true, alone: 0 };
  const isolation = new Isolation({
    isLinked: () => node.linked,
    hasLapsed: () => node.lapsed,
    onAlone: () => {
      node.alone += 1;
    },
    now: Date.now,
  });
  return { node, isolation };
}

describe('a node', () => {
  it('is alone when it is cut off and no server has been there for the life of a grant', () => {
    const { node, isolation } = setUp();
    vi.advanceTimersByTime(60_000);
    node.linked = false;
    vi.advanceTimersByTime(14_000);
    expect(node.alone).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(node.alone).toBe(1);
    isolation[Symbol.dispose]();
    vi.advanceTimersByTime(5_000);
    expect(node.alone).toBe(1);
  });

  it('is not alone while a server comes back now and then, or while its lease holds', () => {
    const { node, isolation } = setUp();
    for (let round = 0; round < 5; round += 1) {
      node.linked = false;
      vi.advanceTimersByTime(14_000);
      node.linked = true;
      vi.advanceTimersByTime(1_000);
    }
    node.linked = false;
    node.lapsed = false;
    vi.advanceTimersByTime(60_000);
    expect(node.alone).toBe(0);
    isolation[Symbol.dispose]();
  });
});

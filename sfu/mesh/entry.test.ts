import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedSource } from '#contract/nation.ts';
import type { NodeRecord } from '#contract/registry.ts';
import { chooseOther, decideEntry, HOME_STALE_MS, type Holding, type Situation } from './entry.ts';

const AT = '2026-11-22T14:00:00.000Z';

function record(nodeId: string, change: Partial<NodeRecord> = {}): NodeRecord {
  return {
    nodeId,
    controlUrl: 'http://10.0.0.1:44300',
    mesh: { url: 'http://10.0.0.1:44300', address: '10.0.0.1' },
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
  };
}

const other = (change: Partial<NodeRecord> = {}, unrenewedMs = 500): Holding => ({
  state: 'other',
  nodeId: 'other',
  record: record('other', change),
  unrenewedMs,
});
const gone: Holding = { state: 'other', nodeId: 'other', record: undefined, unrenewedMs: Infinity };

/** A node that can enter the feed wants it for a viewer of its own, and all is well. */
function decide(change: Partial<Situation> = {}) {
  return decideEntry({
    source: 'edge',
    holding: { state: 'free' },
    canEnter: true,
    isDraining: false,
    isDeaf: false,
    isSettled: true,
    failed: new Map(),
    forPeer: false,
    ...change,
  });
}
const failed = (how: 'refused' | 'silent' | 'conflict') => new Map([['other', how]]);
const cannot = { canEnter: false };

describe('a feed that this node can enter', () => {
  it('enters here when it is nobody’s, or this node’s already', () => {
    expect(decide()).toEqual({ act: 'claim', from: undefined });
    expect(decide({ holding: { state: 'mine' } })).toEqual({ act: 'enter' });
  });

  it('comes from its home while that one lives, and from nowhere else for another node', () => {
    expect(decide({ holding: other() })).toMatchObject({ act: 'ask', record: { nodeId: 'other' } });
    expect(decide({ holding: other(), forPeer: true })).toEqual({ act: 'refuse', code: 'conflict' });
  });

  it('is taken over from a home without a record, unless the registry has only just come back', () => {
    expect(decide({ holding: gone })).toEqual({ act: 'claim', from: 'other' });
    expect(decide({ holding: gone, isSettled: false })).toEqual({ act: 'refuse', code: 'store_unavailable' });
  });

  it('is left to another node by one that hears nothing, unless that one asks it', () => {
    for (const holding of [{ state: 'free' } as const, gone]) {
      expect(decide({ holding, isDeaf: true })).toEqual({ act: 'find-other' });
      expect(decide({ holding, isDeaf: true, forPeer: true })).toMatchObject({ act: 'claim' });
    }
    expect(decide({ holding: other({ draining: true }), isDeaf: true })).toMatchObject({ act: 'ask' });
    expect(decide({ holding: { state: 'mine' }, isDeaf: true })).toEqual({ act: 'enter' });
  });

  it('is taken over when nobody listens at its home, or when that one is silent and out of date', () => {
    expect(decide({ holding: other(), failed: failed('refused') })).toEqual({ act: 'claim', from: 'other' });
    expect(decide({ holding: other({}, HOME_STALE_MS), failed: failed('silent') })).toEqual({
      act: 'claim',
      from: 'other',
    });
    // A record that is out of date alone says nothing: it may be asked.
    expect(decide({ holding: other({}, HOME_STALE_MS) })).toMatchObject({ act: 'ask' });
  });

  it('is not taken from a home that lives though it does not answer', () => {
    for (const how of ['silent', 'conflict'] as const)
      expect(decide({ holding: other(), failed: failed(how) })).toEqual({ act: 'refuse', code: 'no_sfu' });
  });

  it('is taken from a home that drains, but not by one that drains itself', () => {
    const holding = other({ draining: true });
    expect(decide({ holding })).toEqual({ act: 'claim', from: 'other' });
    expect(decide({ holding, isDraining: true })).toMatchObject({ act: 'ask' });
  });
});

describe('a feed that an encoder publishes', () => {
  const whip = (change: Partial<Situation>) => decide({ source: 'whip', ...cannot, ...change });

  it('is not live when nobody has it, when this node had it, and when its node is gone', () => {
    for (const holding of [{ state: 'free' }, { state: 'mine' }, gone] satisfies Holding[])
      expect(whip({ holding })).toEqual({ act: 'refuse', code: 'feed_not_live' });
  });

  it('comes from its home, also from one that drains, and is never taken over', () => {
    expect(whip({ holding: other() })).toMatchObject({ act: 'ask' });
    expect(whip({ holding: other({ draining: true }) })).toMatchObject({ act: 'ask' });
    expect(whip({ holding: other(), failed: failed('refused') })).toEqual({ act: 'refuse', code: 'no_sfu' });
  });
});

describe('a camera that this node cannot pull', () => {
  const rtsp = (change: Partial<Situation>) => decide({ source: 'rtsp', ...cannot, ...change });

  it('comes from a node that can', () => {
    for (const holding of [{ state: 'free' }, { state: 'mine' }, gone] satisfies Holding[])
      expect(rtsp({ holding })).toEqual({ act: 'find-puller' });
    expect(rtsp({ holding: other() })).toMatchObject({ act: 'ask' });
    expect(rtsp({ holding: other(), failed: failed('refused') })).toEqual({ act: 'find-puller' });
  });

  it('does not go on to another node', () => {
    expect(rtsp({ forPeer: true })).toEqual({ act: 'refuse', code: 'conflict' });
  });
});

it('a feed is opened here, or taken, only by a node that can enter it, and a living home is asked once', () => {
  const holdings = fc.oneof(
    fc.constantFrom<Holding>({ state: 'free' }, { state: 'mine' }, gone),
    fc
      .tuple(fc.boolean(), fc.integer({ min: 0, max: 6_000 }))
      .map(([draining, unrenewedMs]) => other({ draining }, unrenewedMs)),
  );
  const failures = fc.constantFrom(
    new Map(),
    ...(['refused', 'silent', 'conflict'] as const).map((how) => failed(how)),
  );
  fc.assert(
    fc.property(
      fc.constantFrom<FeedSource>('edge', 'whip', 'rtsp'),
      holdings,
      failures,
      fc.record({
        canEnter: fc.boolean(),
        isDraining: fc.boolean(),
        isDeaf: fc.boolean(),
        isSettled: fc.boolean(),
        forPeer: fc.boolean(),
      }),
      (source, holding, failedNodes, flags) => {
        const situation = { source, holding, failed: failedNodes, ...flags };
        const canEnter = flags.canEnter && source !== 'whip';
        const entry = decideEntry({ ...situation, canEnter });
        if (entry.act === 'enter' || entry.act === 'claim') expect(canEnter).toBe(true);
        if (entry.act === 'ask') {
          expect(flags.forPeer).toBe(false);
          expect(failedNodes.has(entry.record.nodeId)).toBe(false);
        }
      },
    ),
  );
});

describe('which node is asked for a camera', () => {
  it('the least loaded that does not drain, of those that have not failed', () => {
    const nodes = [
      record('a', { load: 0.1, draining: true }),
      record('b', { load: 0.5 }),
      record('c', { load: 0.3 }),
    ];
    expect(chooseOther(nodes, new Map())?.nodeId).toBe('c');
    expect(chooseOther(nodes, new Map([['c', 'silent']]))?.nodeId).toBe('b');
    expect(
      chooseOther(
        nodes,
        new Map([
          ['b', 'silent'],
          ['c', 'refused'],
        ]),
      )?.nodeId,
    ).toBe('a');
    expect(chooseOther([], new Map())).toBeUndefined();
  });
});

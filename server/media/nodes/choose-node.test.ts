import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeRecord } from '#contract/registry.ts';
import { chooseNode, FULL_LOAD, type NodeCandidate } from './choose-node.ts';

const AT = '2026-11-22T14:00:00.000Z';

function candidate(nodeId: string, change: Partial<NodeRecord & Omit<NodeCandidate, 'record'>> = {}) {
  const { reachable = true, assigned = 0, aside = false, ...record } = change;
  return {
    reachable,
    assigned,
    aside,
    record: {
      nodeId,
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
      ...record,
    },
  } satisfies NodeCandidate;
}

const distance = (from: string, to: string) =>
  from === to ? 0 : from === 'UA-68' && to === 'UA-61' ? 110 : 800;
const choose = (nodes: NodeCandidate[], region?: string, exclude?: ReadonlySet<string>) =>
  chooseNode(nodes, { region, distance, ...(exclude ? { exclude } : {}) })?.nodeId;

test('the least loaded of equally near nodes', () => {
  expect(choose([candidate('one', { load: 0.5 }), candidate('two', { load: 0.1 })])).toBe('two');
});

test('what was just assigned counts before the node says so', () => {
  expect(choose([candidate('one', { load: 0.1, assigned: 30 }), candidate('two', { load: 0.2 })])).toBe(
    'two',
  );
});

test('the own region first, then a near one, then a national one, then one far away', () => {
  const own = candidate('own', { regionId: 'UA-68', load: 0.7 });
  const near = candidate('near', { regionId: 'UA-61', load: 0.6 });
  const national = candidate('national', { load: 0.1 });
  const far = candidate('far', { regionId: 'UA-14', load: 0 });
  const nodes = [far, national, near, own];
  for (const expected of ['own', 'near', 'national', 'far']) {
    expect(choose(nodes, 'UA-68')).toBe(expected);
    nodes.pop();
  }
});

test('somebody national gets a national node, even a busier one', () => {
  const nodes = [candidate('regional', { regionId: 'UA-68', load: 0 }), candidate('national', { load: 0.6 })];
  expect(choose(nodes)).toBe('national');
});

test('a full node gives way to a farther one, and is taken when there is no other', () => {
  const full = candidate('full', { regionId: 'UA-68', load: FULL_LOAD });
  const far = candidate('far', { regionId: 'UA-14', load: 0.1 });
  expect(choose([full, far], 'UA-68')).toBe('far');
  expect(choose([full], 'UA-68')).toBe('full');
});

test.each([
  ['draining', { draining: true }],
  ['gone', { gone: true }],
  ['out of reach', { reachable: false }],
])('a node that is %s is never chosen', (_, change) => {
  expect(choose([candidate('bad', change)])).toBeUndefined();
  expect(choose([candidate('bad', change), candidate('good', { load: 0.99 })])).toBe('good');
});

test('nor is one that has just failed', () => {
  expect(choose([candidate('one')], undefined, new Set(['one']))).toBeUndefined();
});

test('any usable node will do when it is the only one, and the order of the list never matters', () => {
  const anyCandidate = fc
    .record({
      load: fc.double({ min: 0, max: 1.5, noNaN: true }),
      regionId: fc.constantFrom(null, 'UA-68', 'UA-61', 'UA-14'),
      draining: fc.boolean(),
      reachable: fc.boolean(),
      assigned: fc.nat(200),
    })
    .map((change) => change);
  fc.assert(
    fc.property(
      fc.array(anyCandidate, { maxLength: 8 }),
      fc.constantFrom(undefined, 'UA-68', 'UA-14'),
      (changes, region) => {
        const nodes = changes.map((change, index) => candidate(`node-${index}`, change));
        const chosen = choose(nodes, region);
        const usable = nodes.filter(({ reachable, record }) => reachable && !record.draining);
        expect(chosen !== undefined).toBe(usable.length > 0);
        if (chosen) expect(usable.map(({ record }) => record.nodeId)).toContain(chosen);
        expect(choose([...nodes].reverse(), region)).toBe(chosen);
      },
    ),
  );
});

test('a node that was set aside, only when there is no other', () => {
  const aside = candidate('one', { load: 0, aside: true });
  expect(choose([aside, candidate('two', { load: 0.99, regionId: 'UA-05' })], 'UA-68')).toBe('two');
  expect(choose([aside, candidate('two', { draining: true })])).toBe('one');
});

import { expect, test } from 'vitest';
import type { RegionDelta } from '#contract/live.ts';
import type { Principal } from '../access/decide.ts';
import { areaStatus, feedStatus, flagOn } from '../test/fixtures/live-records.ts';
import { person, smallRegistry } from '../test/fixtures/nation.ts';
import { narrow, sightOf, sightsKey, sightsOf } from './sight.ts';

const registry = smallRegistry();
const inspector = person('inspector', { kind: 'facilities', facilityIds: ['ua-68-itt-2'] });

const DELTA: RegionDelta = {
  regionId: 'UA-68',
  seq: 7,
  at: '2026-11-22T10:00:00.000Z',
  areas: [areaStatus('ua-68-itt-1-cell-1'), areaStatus('ua-68-itt-2-cell-1')],
  feeds: [feedStatus('ua-68-itt-1-cell-1'), feedStatus('ua-68-itt-2-cell-1')],
  flags: [flagOn('ua-68-itt-1-cell-1'), flagOn('ua-68-itt-2-cell-1')],
};

test('who has the region in scope sees all of it, and it is not even copied', () => {
  const sight = sightOf(person('duty', { kind: 'regions', regionIds: ['UA-68'] }), 'UA-68', registry);
  expect(sight).toEqual({ status: 'all', flags: 'all' });
  expect(sight && narrow(DELTA, sight, registry)).toBe(DELTA);
});

test('a facility’s own people see its records, under the same number', () => {
  const sight = sightOf(inspector, 'UA-68', registry);
  const seen = sight && narrow(DELTA, sight, registry);
  expect(seen).toEqual({
    ...DELTA,
    areas: DELTA.areas?.slice(1),
    feeds: DELTA.feeds?.slice(1),
    flags: DELTA.flags?.slice(1),
  });
});

test('what a delta does not speak of stays unspoken of', () => {
  const sight = sightOf(inspector, 'UA-68', registry);
  const numberOnly: RegionDelta = { regionId: 'UA-68', seq: 7, at: DELTA.at };
  expect(sight && narrow(numberOnly, sight, registry)).toEqual(numberOnly);
});

test('an area that nobody knows is shown to no one who sees a part only', () => {
  const sight = sightOf(inspector, 'UA-68', registry);
  const strange = { ...DELTA, areas: [areaStatus('ua-68-itt-9-cell-9')] };
  expect(sight && narrow(strange, sight, registry).areas).toEqual([]);
});

test('nobody sees what lies outside their scope or role', () => {
  expect([...sightsOf(inspector, registry).keys()]).toEqual(['UA-68']);
  expect(sightsOf(person('admin'), registry).size).toBe(0);
  expect(sightsOf({ kind: 'anonymous' }, registry).size).toBe(0);
  expect(sightsOf(person('situation'), registry).size).toBe(2);
  expect(
    sightOf(person('duty', { kind: 'regions', regionIds: ['UA-05'] }), 'UA-68', registry),
  ).toBeUndefined();
});

test('sights that differ have different keys, and the order of regions does not matter', () => {
  const nation = sightsOf(person('situation'), registry);
  expect(sightsKey(nation)).toBe(sightsKey(new Map([...nation].reverse())));
  const keys = [nation, sightsOf(inspector, registry), sightsOf(person('admin'), registry)].map(sightsKey);
  expect(new Set(keys).size).toBe(3);
});

test('a screen on a wall is told what and how urgent, and nothing that people wrote or said', () => {
  const by = { kind: 'person', id: 'duty-68', name: 'duty-68' } as const;
  const at = '2026-11-22T10:00:00.000Z';
  const flag = flagOn('ua-68-itt-1-cell-1', {
    note: 'words of a note',
    history: [{ state: 'raised', by, at, reason: 'words of a reason' }],
    calls: [
      { id: crypto.randomUUID(), by, at, called: 'the duty desk', reached: true, said: 'what was said' },
    ],
    shelvings: [{ id: crypto.randomUUID(), by, at, until: at, reason: 'words of a reason to wait' }],
  });
  const display: Principal = { kind: 'display', displayId: 'd', scope: { kind: 'nation' }, shift: null };
  const sight = sightOf(display, 'UA-68', registry);
  const [seen] = (sight && narrow({ ...DELTA, flags: [flag] }, sight, registry).flags) ?? [];
  expect(seen).toMatchObject({ id: flag.id, severity: flag.severity, state: flag.state });
  expect(JSON.stringify(seen)).not.toMatch(/words of|duty|said/);
});

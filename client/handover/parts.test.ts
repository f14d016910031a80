import { expect, test } from 'vitest';
import sample from '../../config/nation/sample-ua.json' with { type: 'json' };
import { REGION_GROUPS } from '../../config/region-groups.ts';
import { freeRegions, groupOf, regionsOf } from './parts.ts';

const ALL = sample.regions.map(({ id }) => id);

test('the usual parts are the whole country, and no region is in two of them', () => {
  const regions = REGION_GROUPS.flatMap(({ regionIds }) => [...regionIds]);
  expect(regions.toSorted()).toEqual(ALL.toSorted());
});

test('what is being handed over already is not free', () => {
  const nation = { kind: 'nation' } as const;
  const east = [...(REGION_GROUPS.find(({ id }) => id === 'east')?.regionIds ?? [])];
  const open = [{ scope: { kind: 'regions' as const, regionIds: [...east, 'UA-68'] } }];
  const free = freeRegions(nation, ALL, open);
  expect(free).toHaveLength(ALL.length - 4);
  expect(regionsOf('east', free)).toEqual([]);
  expect(regionsOf('west', free)).not.toContain('UA-68');
  expect(regionsOf('west', free)).toContain('UA-46');
  expect(freeRegions(nation, ALL, [{ scope: nation }])).toEqual([]);
});

test('one region, or facilities, have no parts', () => {
  expect(freeRegions({ kind: 'regions', regionIds: ['UA-68'] }, ALL, [])).toEqual([]);
  expect(freeRegions({ kind: 'facilities', facilityIds: ['ua-68-itt-1'] }, ALL, [])).toEqual([]);
});

test('a usual part is known by its regions, in whatever order', () => {
  const [west] = REGION_GROUPS;
  expect(groupOf({ kind: 'regions', regionIds: [...west.regionIds].reverse() })?.id).toBe('west');
  expect(groupOf({ kind: 'regions', regionIds: ['UA-68'] })).toBeUndefined();
  expect(groupOf({ kind: 'nation' })).toBeUndefined();
});

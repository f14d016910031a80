import { expect, test } from 'vitest';
import { AreaFilter, MAX_PLACES, NO_FILTER } from '#contract/area-filter.ts';
import type { Flag } from '#contract/flags.ts';
import { sampleFlag } from '../test/samples.ts';
import { filterTo } from './filter-to.ts';

const inArea = (areaId: string, over: Partial<Flag> = {}) => sampleFlag({ areaId, ...over });
function onFacility(facilityId: string): Flag {
  const { areaId, ...flag } = sampleFlag({ facilityId });
  return flag;
}

test('areas are asked for by themselves, each once', () => {
  const flags = [inArea('cell-1'), inArea('cell-2'), inArea('cell-1')] as const;
  expect(filterTo(flags)).toEqual({ ...NO_FILTER, place: ['cell-1', 'cell-2'] });
});

test('of a blackout every facility is asked for, beside the areas that have a flag of their own', () => {
  const flags = [onFacility('itt-1'), onFacility('itt-2'), inArea('cell-9'), onFacility('itt-3')] as const;
  expect(filterTo(flags)).toEqual({ ...NO_FILTER, place: ['itt-1', 'itt-2', 'cell-9', 'itt-3'] });
});

const more = MAX_PLACES + 1;
const many = (count: number, facilityOf: (index: number) => string): [Flag, ...Flag[]] => [
  inArea('cell-0', { severity: 2, facilityId: facilityOf(0) }),
  ...Array.from({ length: count - 1 }, (_, index) =>
    inArea(`cell-${index + 1}`, { severity: 3, facilityId: facilityOf(index + 1) }),
  ),
];

test('as many places as a filter can name are named', () => {
  const filter = filterTo(many(MAX_PLACES, () => 'itt-1'));
  expect(AreaFilter.parse(filter).place).toHaveLength(MAX_PLACES);
});

test('more areas are asked for by facility and level, or else by region', () => {
  expect(filterTo(many(more, (index) => `itt-${index % 2}`))).toEqual({
    ...NO_FILTER,
    place: ['itt-0', 'itt-1'],
    flag: '3',
  });
  expect(filterTo(many(more, (index) => `itt-${index}`))).toEqual({
    ...NO_FILTER,
    place: ['UA-68'],
    flag: '3',
  });
});

test('with a whole facility among them no level is asked for: none of its areas has that flag', () => {
  const flags = [...many(more, () => 'itt-1'), onFacility('itt-2')] as const;
  expect(filterTo(flags)).toEqual({ ...NO_FILTER, place: ['itt-1', 'itt-2'] });
});

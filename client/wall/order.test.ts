import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AreaRow } from '../store/facts.ts';
import {
  inMinutes,
  NOON_MS,
  sampleArea,
  sampleClock,
  sampleFacility,
  sampleFlag,
  sampleRegion,
  sampleStatus,
} from '../test/samples.ts';
import { orderAreas, placeAreas } from './order.ts';

function row(id: string, severities: readonly (1 | 2 | 3 | 4)[], dueInMinutes?: number): AreaRow {
  const clocks =
    dueInMinutes === undefined
      ? []
      : [
          sampleClock({
            amberAt: inMinutes(dueInMinutes - 120),
            redAt: inMinutes(dueInMinutes - 60),
            dueAt: inMinutes(dueInMinutes),
          }),
        ];
  return {
    area: sampleArea({ id }),
    facility: sampleFacility(),
    regionName: sampleRegion().name,
    status: sampleStatus({ areaId: id, clocks }),
    feeds: [undefined],
    flags: severities.map((severity) => sampleFlag({ areaId: id, severity })),
    flagSeverities: severities,
  };
}

test('severity goes before clocks, clocks before the registry', () => {
  const rows = [
    row('calm-a', []),
    row('due-later', [], 90),
    row('flag-3', [3, 4]),
    row('due-soon', [], 30),
    row('breached', [], -10),
    row('flag-1', [4, 1]),
    row('calm-b', [], 600),
  ];
  expect(orderAreas(rows, NOON_MS)).toEqual([
    'flag-1',
    'flag-3',
    'breached',
    'due-soon',
    'due-later',
    'calm-a',
    'calm-b',
  ]);
});

test('on a page who stays keeps the place, and who comes takes the place of who goes', () => {
  expect(placeAreas(['a', 'b', 'c', 'd'], ['x', 'a', 'b', 'd'])).toEqual(['a', 'b', 'x', 'd']);
  expect(placeAreas(['a', 'b', 'c'], ['b', 'a'])).toEqual(['a', 'b']);
  expect(placeAreas([], ['b', 'a'])).toEqual(['b', 'a']);
});

test('placing shows exactly the wanted areas, and moves nobody up while somebody comes for each who goes', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 40 }).map(String), { maxLength: 20 });
  fc.assert(
    fc.property(ids, ids, (before, wanted) => {
      const placed = placeAreas(before, wanted);
      expect(placed.toSorted()).toEqual(wanted.toSorted());
      if (wanted.length < before.length) return;
      for (const [index, id] of before.entries()) if (wanted.includes(id)) expect(placed[index]).toBe(id);
    }),
  );
});

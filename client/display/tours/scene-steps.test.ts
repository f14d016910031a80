import { expect, test } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import type { SceneContent } from '#contract/scenes.ts';
import { moved, placed, resized } from './scene-steps.ts';

const scene: SceneContent = {
  name: 'Перша',
  rows: 2,
  columns: 2,
  fill: { kind: 'areas', areaIds: ['cell-1', 'cell-2', null, 'cell-4'] },
};

test('a scene goes a step earlier or later, and not beyond the ends', () => {
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
});

test('of another size, areas stay in their rows and columns', () => {
  expect(resized(scene, 2, 3).fill).toEqual({
    kind: 'areas',
    areaIds: ['cell-1', 'cell-2', null, null, 'cell-4', null],
  });
  expect(resized(scene, 1, 2).fill).toEqual({ kind: 'areas', areaIds: ['cell-1', 'cell-2'] });
  const filter = { kind: 'filter' as const, filter: NO_FILTER };
  const map = { ...filter, kind: 'map' as const, measure: 'space' as const };
  for (const fill of [filter, map])
    expect(resized({ ...scene, fill }, 4, 6)).toEqual({ ...scene, rows: 4, columns: 6, fill });
});

test('an area that is given a place leaves the one it had; a place can be emptied', () => {
  expect(placed(scene, 2, 'cell-1').fill).toEqual({
    kind: 'areas',
    areaIds: [null, 'cell-2', 'cell-1', 'cell-4'],
  });
  expect(placed(scene, 1, null).fill).toEqual({ kind: 'areas', areaIds: ['cell-1', null, null, 'cell-4'] });
  const map: SceneContent = { ...scene, fill: { kind: 'map', filter: NO_FILTER, measure: 'state' } };
  expect(placed(map, 1, 'cell-1')).toBe(map);
});

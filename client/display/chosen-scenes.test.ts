import { expect, test } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import { MAX_COLUMNS, MAX_ROWS, type SceneContent } from '#contract/scenes.ts';
import { asOnWall, chosenScenes, wallOf } from './chosen-scenes.ts';

const matched = Array.from({ length: 10 }, (_, index) => `cell-${index}`);
const view = { filter: NO_FILTER, capacity: 4, shape: { rows: 2, columns: 2 }, measure: 'space' as const };
const idsOf = (scenes: readonly SceneContent[]) =>
  scenes.map(({ fill }) => (fill.kind === 'areas' ? fill.areaIds : fill.kind));

test('the areas of the wall are those of the page that is shown; a tour has all of them, from the first', () => {
  const wall = wallOf(view, { matched, page: 1 });
  const scene = { name: 'Стіна', rows: 2, columns: 2 };
  expect(idsOf(chosenScenes('areas', scene, wall))).toEqual([['cell-4', 'cell-5', 'cell-6', 'cell-7']]);
  expect(idsOf(chosenScenes('tour', scene, wall))).toEqual([
    matched.slice(0, 4),
    matched.slice(4, 8),
    matched.slice(8),
  ]);
  expect(idsOf(chosenScenes('filter', scene, wall))).toEqual(['filter']);
});

test('the map is that of the wall’s filter, with the signs that are chosen there', () => {
  const fill = { kind: 'map', filter: NO_FILTER, measure: 'space' };
  const scene = { name: 'Мапа', rows: 2, columns: 2 };
  expect(chosenScenes('map', scene, wallOf(view, { matched, page: 1 }))).toEqual([{ ...scene, fill }]);
});

test('a wall that was not laid out since the page was loaded begins at its first area, in a grid of the scene’s own', () => {
  const wall = wallOf({ ...view, capacity: 1, shape: null }, { matched, page: 2 });
  expect(wall).toMatchObject({ first: 0, grid: undefined });
  const fill = { kind: 'areas' as const, areaIds: [null] };
  const scene = asOnWall({ name: 'Сцена', rows: 1, columns: 3, fill }, wall);
  expect(scene).toMatchObject({ rows: 1, columns: 3, fill: { areaIds: ['cell-0', 'cell-1', 'cell-2'] } });
});

test('a scene of a tour that is made as the wall is has its page and its grid; places that it leaves empty are', () => {
  const fill = { kind: 'areas' as const, areaIds: [null, null, null] };
  const scene = asOnWall({ name: 'Сцена', rows: 1, columns: 3, fill }, wallOf(view, { matched, page: 2 }));
  expect(scene).toEqual({
    name: 'Сцена',
    rows: 2,
    columns: 2,
    fill: { kind: 'areas', areaIds: ['cell-8', 'cell-9', null, null] },
  });
});

test.each([
  { rows: 16, columns: 4 },
  { rows: 2, columns: 32 },
  { rows: 9, columns: 4 },
])(
  'a window of $rows rows and $columns columns becomes a grid that a scene may have, with room for all',
  (shape) => {
    const capacity = shape.rows * shape.columns;
    const { grid } = wallOf({ ...view, capacity, shape }, { matched, page: 0 });
    expect(grid?.rows).toBeLessThanOrEqual(MAX_ROWS);
    expect(grid?.columns).toBeLessThanOrEqual(MAX_COLUMNS);
    expect((grid?.rows ?? 0) * (grid?.columns ?? 0)).toBeGreaterThanOrEqual(capacity);
  },
);

import { expect, test } from 'vitest';
import { NO_FILTER } from '#contract/area-filter.ts';
import { WHOLE } from '#contract/displays.ts';
import type { SceneContent, SceneFill } from '#contract/scenes.ts';
import { cellsOf, holdCells, placesSeen } from './cells.ts';
import { isLowerLeft, isLowest, mapOf, mapWidth, partOf, placesBeside, withRoom } from './map-part.ts';

const scene = (fill: SceneFill, columns = 4): SceneContent => ({ name: 's', rows: 2, columns, fill });
const map = (measure: 'state' | 'space'): SceneContent => scene({ kind: 'map', filter: NO_FILTER, measure });
const tiles = scene({ kind: 'areas', areaIds: ['a1', 'a2'] });
const LEFT = { x: 0, y: 0, width: 0.48, height: 1 };
const RIGHT = { x: 0.52, y: 0, width: 0.48, height: 1 };

test('the map of a show is that of the scene, else the one that was on before, which waits', () => {
  const [state, space] = [map('state'), map('space')];
  const tour = [tiles, state, tiles, tiles, space];
  expect([0, 1, 2, 3, 4].map((index) => mapOf(tour, index))).toEqual(
    [space, state, state, state, space].map(({ fill }) => fill),
  );
  expect(mapOf([tiles, tiles], 1)).toBeUndefined();
  expect(mapOf([], 0)).toBeUndefined();
});

test('alarms stand in the last column, however many there are, and the map in those before it', () => {
  const { rows, columns } = map('state');
  const beside = placesBeside({ columns }, placesSeen({ rows, columns }, [WHOLE]));
  expect(beside).toEqual([3, 7]);
  const held = (calling: string[]) =>
    holdCells(cellsOf(map('state'), []), [['a1', 'a2', 'a3']], calling, { spot: ['c1'], seen: beside });
  const shown = (calling: string[]) =>
    held(calling).flatMap(({ areaId }, place) => (areaId === null ? [] : [`${place} ${areaId}`]));
  expect(mapWidth({ columns }, held([]))).toBe(1);
  expect(shown(['a1'])).toEqual(['7 a1']);
  expect(mapWidth({ columns }, held(['a1']))).toBe(0.75);
  expect(shown(['a1', 'c1'])).toEqual(['3 c1', '7 a1']);
  expect(shown(['a1', 'a2', 'a3'])).toEqual(['3 a2', '7 a1']);
  // One that is on the map alone is a sign on it.
  expect(shown(['b1'])).toEqual([]);
});

test('where no screen shows the last column, alarms stand in the last one that some screen shows', () => {
  const grid = { rows: 2, columns: 4 };
  expect(placesBeside(grid, placesSeen(grid, [LEFT]))).toEqual([1, 5]);
  expect(placesBeside(grid, [])).toEqual([]);
});

test('a map of one column leaves room beside it; tiles stay as they are', () => {
  expect(withRoom(scene(map('state').fill, 1)).columns).toBe(2);
  expect(withRoom(map('state')).columns).toBe(4);
  expect(withRoom(scene(tiles.fill, 1)).columns).toBe(1);
});

test('screens of a wall have parts of one map, and of a narrower one less or nothing', () => {
  expect(partOf(1, WHOLE)).toEqual({ screen: 1, part: WHOLE });
  expect(partOf(0.75, WHOLE)).toEqual({ screen: 0.75, part: WHOLE });
  expect(partOf(1, RIGHT)).toEqual({ screen: 1, part: RIGHT });
  const { screen, part } = partOf(0.75, RIGHT);
  expect(screen).toBeCloseTo(0.23 / 0.48, 9);
  expect(part.x).toBeCloseTo(0.52 / 0.75, 9);
  expect(part.x + part.width).toBeCloseTo(1, 9);
  expect(partOf(0.75, LEFT)).toEqual({ screen: 1, part: { ...LEFT, width: 0.48 / 0.75 } });
  expect(partOf(0.5, RIGHT).screen).toBe(0);
});

test('the legend of a wall stands on its lower left screen, whatever hangs there', () => {
  const above = { x: 0, y: 0, width: 0.5, height: 0.5 };
  const below = [0, 0.5].map((x) => ({ x, y: 0.5, width: 0.5, height: 0.5 }));
  const parts = [above, ...below];
  expect(parts.map((part) => isLowerLeft(part, parts))).toEqual([false, true, false]);
  expect(parts.map((part) => isLowest(part, parts))).toEqual([false, true, true]);
  expect(isLowerLeft(RIGHT, [RIGHT])).toBe(true);
  expect(isLowerLeft(WHOLE, [])).toBe(true);
});

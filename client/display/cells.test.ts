import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WHOLE } from '#contract/displays.ts';
import { cellsOf, holdCells, placesSeen, placesWithin } from './cells.ts';

const show = (cells: ReturnType<typeof holdCells>) =>
  cells.map(({ areaId, held }) => `${areaId ?? '·'}${held ? '!' : ''}`).join(' ');

describe('holdCells', () => {
  const first = ['a1', 'a2', 'a3', 'a4'];
  const second = ['b1', 'b2', 'b3', 'b4'];

  test('an area that calls keeps its place while the tour goes on', () => {
    expect(show(holdCells(first, [second], ['a2']))).toBe('a1 a2! a3 a4');
    expect(show(holdCells(second, [first], ['a2']))).toBe('b1 a2! b3 b4');
    expect(show(holdCells(second, [first], []))).toBe('b1 b2 b3 b4');
  });

  test('two that want one place are both shown', () => {
    expect(show(holdCells(second, [first], ['a2', 'b2']))).toBe('b1 b2! b3 a2!');
  });

  test('an area of no scene of the tour is not brought', () => {
    expect(show(holdCells(second, [first], ['c1']))).toBe('b1 b2 b3 b4');
  });

  test('on a display that consents, one of no scene comes to the spot, and only there', () => {
    const spot = ['c1', 'c2'];
    expect(show(holdCells(second, [first], ['c1'], { spot }))).toBe('c1! b2 b3 b4');
    // Another one as bad takes the last place; what the tour has stays in its own.
    expect(show(holdCells(second, [first], ['c1', 'c2', 'a2'], { spot }))).toBe('c1! a2! b3 c2!');
    expect(show(holdCells(second, [first], ['c1', 'c9'], { spot: ['c1'], seen: [2, 3] }))).toBe(
      'b1 b2 c1! b4',
    );
  });

  test('what no screen of a wall shows is no place for an alarm', () => {
    const seen = [0, 1, 3];
    expect(show(holdCells(second, [first], ['a3'], { seen }))).toBe('b1 b2 b3 a3!');
    // Nor is it where the scene itself has it.
    expect(show(holdCells(first, [second], ['a3'], { seen }))).toBe('a1 a2 · a3!');
  });

  test('a place that calls itself is not taken by the spot', () => {
    expect(show(holdCells(second, [first], ['b1', 'c1'], { spot: ['c1'] }))).toBe('b1! b2 b3 c1!');
  });

  test('never shows an area twice, keeps the number of places, and all that call as far as there is room', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const scene = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        scene,
        fc.array(scene, { maxLength: 3 }),
        fc.uniqueArray(fc.constantFrom(...ids)),
        (own, others, calling) => {
          const cells = holdCells(own, others, calling);
          expect(cells).toHaveLength(own.length);
          const areas = cells.map(({ areaId }) => areaId);
          expect(new Set(areas).size).toBe(areas.length);
          const known = calling.filter(
            (id) => own.includes(id) || others.some((other) => other.includes(id)),
          );
          expect(cells.filter(({ held }) => held)).toHaveLength(Math.min(known.length, own.length));
        },
      ),
    );
  });
});

test('a filter fills places in the order of urgency', () => {
  const scene = { name: 's', rows: 1, columns: 3, fill: { kind: 'filter' as const, filter: {} as never } };
  expect(cellsOf(scene, ['x', 'y'])).toEqual(['x', 'y', null]);
});

test('a part of a picture shows the places that lie in it', () => {
  const grid = { rows: 2, columns: 4 };
  expect(placesWithin(grid, WHOLE)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(placesWithin(grid, { x: 0, y: 0, width: 0.5, height: 1 })).toEqual([0, 1, 4, 5]);
  // With a bezel in between the middle ones go over it.
  expect(placesWithin({ rows: 1, columns: 3 }, { x: 0.52, y: 0, width: 0.48, height: 1 })).toEqual([1, 2]);
  const half = { y: 0, width: 0.5, height: 1 };
  expect(
    placesSeen(grid, [
      { x: 0.5, ...half, height: 0.5 },
      { x: 0, ...half },
    ]),
  ).toEqual([0, 1, 2, 3, 4, 5]);
});

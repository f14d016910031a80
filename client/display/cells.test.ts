import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsOf, holdCells } from './cells.ts';

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

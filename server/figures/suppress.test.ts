import fc from 'fast-check';
import { expect, test } from 'vitest';
import { suppress } from './suppress.ts';

const SMALLEST = 5;

/** Every small number that a kept-back cell could be, for somebody who knows the rule and everything that is told. */
function possible({ cells, total }: ReturnType<typeof suppress>, target: number): Set<number> {
  if (total.is === 'hidden') return new Set([1, 2, 3, 4]);
  const told = cells.reduce((sum, cell) => sum + (cell.is === 'value' ? cell.value : 0), 0);
  const totals = total.is === 'value' ? [total.value] : [1, 2, 3, 4];
  const found = new Set<number>();
  const search = (index: number, left: number, mine: number): void => {
    const cell = cells[index];
    if (cell === undefined) {
      if (left === 0) found.add(mine);
    } else if (cell.is === 'value') {
      search(index + 1, left, mine);
    } else {
      const from = cell.is === 'few' ? 1 : SMALLEST;
      const to = Math.min(left, cell.is === 'few' ? SMALLEST - 1 : left);
      for (let value = from; value <= to; value += 1)
        search(index + 1, left - value, index === target ? value : mine);
    }
  };
  for (const sum of totals) search(0, sum - told, 0);
  return found;
}

const count = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 3, arbitrary: fc.integer({ min: 5, max: 12 }) },
);

test('no small number can be computed from what is published, nor even narrowed down', () => {
  fc.assert(
    fc.property(fc.array(count, { minLength: 1, maxLength: 6 }), (counts) => {
      const published = suppress(counts, SMALLEST);
      counts.forEach((own, index) => {
        const cell = published.cells[index];
        if (own > 0 && own < SMALLEST) {
          expect(cell).toEqual({ is: 'few' });
          expect([...possible(published, index)].sort()).toEqual([1, 2, 3, 4]);
        } else {
          expect(cell?.is).not.toBe('few');
          if (cell?.is === 'value') expect(cell.value).toBe(own);
        }
      });
    }),
    { numRuns: 2_000 },
  );
});

test('nothing is kept back without need: zeros and columns of large numbers are told whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 5, max: 500 })), { minLength: 1 }),
      (counts) => {
        const { cells, total } = suppress(counts, SMALLEST);
        expect(cells).toEqual(counts.map((value) => ({ is: 'value', value })));
        expect(total).toEqual({ is: 'value', value: counts.reduce((a, b) => a + b, 0) });
      },
    ),
  );
});

test.each([
  // One small number alone: the total would tell it, so the next larger one goes too.
  [[3, 20, 40], ['few', 'hidden', '40'], '63'],
  // With a five beside it, a one would still be told: 6 is 1 and 5.
  [[1, 5, 40], ['few', 'hidden', 'hidden'], '46'],
  // Nobody else to hide behind: the total goes.
  [[2, 0, 0], ['few', '0', '0'], 'few'],
  [[1, 1], ['few', 'few'], 'hidden'],
  [[4, 4], ['few', 'few'], 'hidden'],
  [[2, 3, 3], ['few', 'few', 'few'], '8'],
])('%j', (counts, cells, total) => {
  const published = suppress(counts, SMALLEST);
  const shown = (cell: (typeof published.cells)[number]) =>
    cell.is === 'value' ? String(cell.value) : cell.is;
  expect([published.cells.map(shown), shown(published.total)]).toEqual([cells, total]);
});

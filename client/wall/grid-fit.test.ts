import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WallGrid } from '#contract/layouts.ts';
import {
  arrange,
  autoCount,
  capacityOf,
  fitGrid,
  GRID_SIZES,
  neighbour,
  parseGrid,
  pictureWidth,
  shapeOf,
} from './grid-fit.ts';

const GUTTER = 3;

test.each(GRID_SIZES.map(Number))('%d tiles on a desk with an alarm column make a square grid', (count) => {
  const { columns, rows } = fitGrid({ width: 1600, height: 1036 }, count, GUTTER);
  expect(columns * rows).toBeGreaterThanOrEqual(count);
  expect(columns).toBe(Math.sqrt(count));
  expect(rows).toBe(Math.sqrt(count));
});

test('a very wide wall gets more columns than rows', () => {
  const { columns, rows } = fitGrid({ width: 3840, height: 1080 }, 16, GUTTER);
  expect(columns).toBeGreaterThan(rows);
});

test('a phone held upright gets one column for a few tiles', () => {
  expect(fitGrid({ width: 390, height: 700 }, 3, GUTTER).columns).toBe(1);
});

test('auto on a desk shows a couple of dozen readable tiles', () => {
  const box = { width: 1600, height: 1036 };
  const count = autoCount(box, 1);
  const fit = fitGrid(box, count, GUTTER);
  expect(count).toBeGreaterThanOrEqual(16);
  const { places } = arrange('auto', box, { capacity: count, matched: 1_000, gutter: GUTTER });
  expect(places).toHaveLength(fit.columns * fit.rows);
  for (const { width, height } of places) expect(pictureWidth(width, height)).toBeGreaterThanOrEqual(280);
});

test('auto shows as many tiles on a screen of twice the size with text of twice the size', () => {
  expect(autoCount({ width: 3200, height: 2072 }, 2)).toBe(autoCount({ width: 1600, height: 1036 }, 1));
});

const GRIDS = fc.oneof(
  fc.constantFrom<WallGrid>('auto', 'strip', 'spotlight', 'map', 'list', ...GRID_SIZES),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 8 }))
    .map(([columns, rows]) => WallGrid.parse(`${columns}x${rows}`)),
);
const side = fc.integer({ min: 200, max: 8_000 });
const sum = (sizes: readonly number[]) =>
  sizes.reduce((all, size) => all + size, 0) + GUTTER * (sizes.length - 1);

test('any grid has a place for each of its tiles, none over another, and stays in its box', () => {
  fc.assert(
    fc.property(GRIDS, side, side, fc.nat(100), (grid, width, height, matched) => {
      const box = { width, height };
      const capacity = capacityOf(grid, box, 1);
      const { columns, rows, places } = arrange(grid, box, { capacity, matched, gutter: GUTTER });
      const auto = grid === 'auto' || grid === 'map' || grid === 'list';
      expect(places.length).toBeGreaterThanOrEqual(
        auto ? Math.min(capacity, Math.max(1, matched)) : capacity,
      );
      expect(sum(columns)).toBeLessThanOrEqual(width);
      expect(sum(rows)).toBeLessThanOrEqual(height);
      const cells = places.flatMap((place) =>
        Array.from({ length: place.columns * place.rows }, (_, index) => {
          const column = place.column + (index % place.columns);
          const row = place.row + Math.floor(index / place.columns);
          expect(column).toBeLessThan(columns.length);
          expect(row).toBeLessThan(rows.length);
          return `${column}/${row}`;
        }),
      );
      expect(new Set(cells).size).toBe(cells.length);
    }),
  );
});

test('12x8 has 96 tiles in twelve columns; what is no grid is auto', () => {
  expect(capacityOf('12x8', { width: 3840, height: 2160 }, 1)).toBe(96);
  const { columns, rows } = arrange(
    '12x8',
    { width: 3840, height: 2160 },
    { capacity: 96, matched: 9, gutter: GUTTER },
  );
  expect([columns.length, rows.length]).toEqual([12, 8]);
  for (const text of ['13x8', '12x9', '0x3', '1x', 'x', '7', '', '-1x2', '1.5x2', null])
    expect(parseGrid(text)).toBe('auto');
});

test('arrows lead to the nearest tile in their direction, and nowhere where there is none', () => {
  const box = { width: 1600, height: 1000 };
  const to = (grid: WallGrid, from: number, key: string) =>
    neighbour(
      arrange(grid, box, { capacity: capacityOf(grid, box, 1), matched: 99, gutter: GUTTER }).places,
      from,
      key,
    );
  expect(['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'].map((key) => to('4x3', 5, key))).toEqual([
    6, 9, 4, 1,
  ]);
  expect(['ArrowRight', 'ArrowDown'].map((key) => to('4x3', 11, key))).toEqual([11, 11]);
  // Below the large tile is the strip; from each of the strip the large one is above.
  expect(to('strip', 0, 'ArrowDown')).toBe(1);
  expect(to('strip', 4, 'ArrowUp')).toBe(0);
  expect(to('spotlight', 0, 'ArrowRight')).toBe(1);
  expect(to('spotlight', 3, 'ArrowLeft')).toBe(0);
  expect([to('strip', 3, 'Home'), to('strip', 3, 'End')]).toEqual([0, 6]);
});

test('from every tile of every grid every tile can be reached by arrows', () => {
  fc.assert(
    fc.property(GRIDS, side, side, (grid, width, height) => {
      const box = { width, height };
      const { places } = arrange(grid, box, {
        capacity: capacityOf(grid, box, 1),
        matched: 99,
        gutter: GUTTER,
      });
      const reached = new Set([0]);
      for (const at of reached)
        for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'])
          reached.add(neighbour(places, at, key));
      expect(reached.size).toBe(places.length);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['3x2', { columns: 3, rows: 2 }],
  ['16', { columns: 4, rows: 4 }],
  ['strip', { columns: 3, rows: 3 }],
  ['spotlight', { columns: 3, rows: 3 }],
] as const)('%s has columns and rows; of tiles of several sizes, those of as many alike', (grid, shape) => {
  const box = { width: 1600, height: 900 };
  const capacity = capacityOf(grid, box, 1);
  const plan = arrange(grid, box, { capacity, matched: 100, gutter: GUTTER });
  expect(shapeOf(plan, capacity)).toEqual(shape);
  // One column that is scrolled has none of its own.
  expect(shapeOf(undefined, 8)).toEqual({ columns: 3, rows: 3 });
});

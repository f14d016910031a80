import fc from 'fast-check';
import { expect, test } from 'vitest';
import { autoCount, fitGrid, GRID_SIZES, pictureWidth } from './grid-fit.ts';

const GUTTER = 3;

test.each(GRID_SIZES)('%d tiles on a desk with an alarm column make a square grid', (count) => {
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
  expect(pictureWidth(fit.cellWidth, fit.cellHeight)).toBeGreaterThanOrEqual(280);
});

test('auto shows as many tiles on a screen of twice the size with text of twice the size', () => {
  expect(autoCount({ width: 3200, height: 2072 }, 2)).toBe(autoCount({ width: 1600, height: 1036 }, 1));
});

test('any grid holds its tiles and stays in its box', () => {
  const side = fc.integer({ min: 200, max: 8_000 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 96 }), (width, height, count) => {
      const { columns, rows, cellWidth, cellHeight } = fitGrid({ width, height }, count, GUTTER);
      expect(columns * rows).toBeGreaterThanOrEqual(count);
      expect((columns - 1) * rows).toBeLessThan(count);
      expect(columns * cellWidth + (columns - 1) * GUTTER).toBeLessThanOrEqual(width);
      expect(rows * cellHeight + (rows - 1) * GUTTER).toBeLessThanOrEqual(height);
    }),
  );
});

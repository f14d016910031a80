import { expect, test } from 'vitest';
import { growthOf, slopeOf } from './slope.ts';

test('a line has its own slope, whatever lies evenly about it', () => {
  const line = [0, 1, 2, 3].map((x) => ({ x, y: 3 * x - 7 }));
  expect(slopeOf(line)).toBeCloseTo(3, 12);
  const spread = line.flatMap(({ x, y }) => [
    { x, y: y + 5 },
    { x, y: y - 5 },
  ]);
  expect(slopeOf(spread)).toBeCloseTo(3, 12);
});

test('one point, or all at once, tell of no growth', () => {
  expect(slopeOf([{ x: 1, y: 2 }])).toBe(0);
  expect(
    slopeOf([
      { x: 1, y: 2 },
      { x: 1, y: 9 },
    ]),
  ).toBe(0);
});

test('growth is told by the line, not by its first and last point', () => {
  const even = [100, 140, 140, 140, 140, 140, 140, 140, 140, 140].map((y, x) => ({ x, y }));
  expect(growthOf(even)).toBeLessThan(1.2);
  const growing = [100, 110, 120, 130, 140].map((y, x) => ({ x, y }));
  expect(growthOf(growing)).toBeCloseTo(1.4, 12);
});

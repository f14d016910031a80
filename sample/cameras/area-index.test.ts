import { expect, test } from 'vitest';
import { generateSampleNation } from '../../config/nation/sample-nation.ts';
import { createAreaIndex } from './area-index.ts';

const nation = generateSampleNation();
const index = createAreaIndex(nation);

test('every area has a number of its own, and the number leads back to it', () => {
  for (const [position, { id }] of nation.areas.entries()) {
    expect(index.indexOf(id)).toBe(position);
    expect(index.areaAt(position)).toBe(id);
  }
});

test('what is not there has no number', () => {
  expect(index.indexOf('ua-00-itt-1-cell-1')).toBeUndefined();
  expect(index.areaAt(nation.areas.length)).toBeUndefined();
});

test('more areas than the code can number are refused', () => {
  const [area] = nation.areas;
  if (!area) throw new Error('unreachable');
  expect(() => createAreaIndex({ areas: Array.from({ length: 65_537 }, () => area) })).toThrow(RangeError);
});

import { expect, test } from 'vitest';
import { SliceTally } from './slice-tally.ts';

test('three slices of B-frames in one layer are proof, wherever the other layer has none', () => {
  const tally = new SliceTally();
  for (let picture = 0; picture < 3; picture += 1) {
    expect([tally.hasBFrames, tally.isEnoughOf(['low', 'high'])]).toEqual([false, false]);
    tally.see('low', 'slice');
    tally.see('high', 'b-slice');
  }
  expect([tally.hasBFrames, tally.isEnoughOf(['low', 'high'])]).toEqual([true, true]);
});

test('a damaged packet in each layer is none', () => {
  const tally = new SliceTally();
  for (const layer of ['low', 'low', 'high', 'high'] as const) tally.see(layer, 'b-slice');
  expect(tally.hasBFrames).toBe(false);
});

test('it is enough when there is enough of every layer that comes', () => {
  const tally = new SliceTally();
  for (let slice = 0; slice < 45; slice += 1) tally.see('low', 'slice');
  tally.see('high', 'none');
  expect(tally.isEnoughOf(['low'])).toBe(true);
  expect(tally.isEnoughOf(['low', 'high'])).toBe(false);
  expect([tally.layers, tally.hasBFrames]).toEqual([['low'], false]);
});

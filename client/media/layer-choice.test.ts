import { expect, test } from 'vitest';
import { chooseLayer } from './layer-choice.ts';

test('a large picture gets the high layer, on a sharp screen sooner', () => {
  expect(chooseLayer(400, 1, undefined)).toBe('low');
  expect(chooseLayer(640, 1, undefined)).toBe('high');
  expect(chooseLayer(400, 2, undefined)).toBe('high');
});

test('a size that wavers about the threshold does not change the layer', () => {
  expect(chooseLayer(500, 1, 'low')).toBe('low');
  expect(chooseLayer(460, 1, 'high')).toBe('high');
  expect(chooseLayer(540, 1, 'low')).toBe('high');
  expect(chooseLayer(420, 1, 'high')).toBe('low');
});

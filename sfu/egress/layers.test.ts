import { describe, expect, it } from 'vitest';
import type { Layer } from '#contract/nation.ts';
import { chooseLayer, isAboveCap } from './layers.ts';

describe('chooseLayer', () => {
  it.each<[Layer[], Layer, Layer, Layer | undefined]>([
    [['low', 'high'], 'high', 'high', 'high'],
    [['low', 'high'], 'high', 'low', 'low'],
    [['low', 'high'], 'low', 'high', 'low'],
    [['high'], 'low', 'high', 'high'],
    [['high'], 'high', 'low', undefined],
    [['low'], 'high', 'high', 'low'],
  ])('of %j, asked for %s, allowed up to %s: %s', (layers, asked, most, expected) => {
    expect(chooseLayer(layers, asked, most)).toBe(expected);
  });
});

describe('isAboveCap', () => {
  it('holds only when nothing else flows than what is not allowed', () => {
    expect(isAboveCap(['high'], 'low')).toBe(true);
    expect(isAboveCap(['low', 'high'], 'low')).toBe(false);
    expect(isAboveCap([], 'low')).toBe(false);
    expect(isAboveCap(['high'], 'high')).toBe(false);
  });
});

import { expect, test } from 'vitest';
import { mediaNation } from '../../test/fixtures/media-nation.ts';
import { createRegionDistance } from './region-distance.ts';

test('from Lviv to Khmelnytskyi it is about 219 km, both ways', () => {
  const distance = createRegionDistance(mediaNation);
  expect(distance('UA-46', 'UA-68')).toBeCloseTo(219, -1);
  expect(distance('UA-68', 'UA-46')).toBe(distance('UA-46', 'UA-68'));
});

test('a region is at no distance from itself, and at an unknown one from a region without facilities', () => {
  const distance = createRegionDistance(mediaNation);
  expect(distance('UA-43', 'UA-43')).toBe(0);
  expect(distance('UA-43', 'UA-68')).toBeUndefined();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_ZOOM, NO_ZOOM, panBy, zoomBy } from './zoom.ts';

const point = fc.record({
  x: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
  y: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
});

test('what lies under the pointer stays there', () => {
  fc.assert(
    fc.property(point, fc.double({ min: 1, max: MOST_ZOOM, noNaN: true }), (at, by) => {
      const { factor, x } = zoomBy(NO_ZOOM, by, at);
      // The point of the picture that is shown there.
      expect((at.x - x) / factor).toBeCloseTo(at.x, 9);
    }),
  );
});

test('whatever is done, the picture fills its place and is enlarged within its bounds', () => {
  const step = fc.oneof(
    fc.tuple(fc.constant('zoom' as const), fc.double({ min: 0.1, max: 10, noNaN: true }), point),
    fc.tuple(fc.constant('pan' as const), fc.double({ min: -3, max: 3, noNaN: true }), point),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let zoom = NO_ZOOM;
      for (const [kind, by, at] of steps)
        zoom = kind === 'zoom' ? zoomBy(zoom, by, at) : panBy(zoom, by * at.x, by * at.y);
      expect(zoom.factor).toBeGreaterThanOrEqual(1);
      expect(zoom.factor).toBeLessThanOrEqual(MOST_ZOOM);
      expect(Math.abs(zoom.x)).toBeLessThanOrEqual((zoom.factor - 1) / 2 + 1e-9);
      expect(Math.abs(zoom.y)).toBeLessThanOrEqual((zoom.factor - 1) / 2 + 1e-9);
    }),
  );
});

test('back to the whole picture nothing is moved any more', () => {
  expect(zoomBy(panBy(zoomBy(NO_ZOOM, 4), 1, -1), 0.01)).toEqual(NO_ZOOM);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Span } from '#contract/displays.ts';
import { spansOf } from './spans.ts';

const id = (index: number) =>
  `d-${'a'.repeat(8)}${'abcdefghijklmnop'[Math.floor(index / 16)]}${'abcdefghijklmnop'[index % 16]}`;

test('two alike side by side are halves of the picture but for the bezel between them', () => {
  const [a, b] = [id(0), id(1)];
  const spans = spansOf({ places: [[a, b]], bezelXMm: 100, bezelYMm: 0 }, () => 55);
  const width = (55 * 25.4 * 16) / Math.hypot(16, 9);
  expect(spans.get(a)).toEqual({ x: 0, y: 0, width: width / (2 * width + 100), height: 1 });
  expect(spans.get(b)?.x).toBeCloseTo((width + 100) / (2 * width + 100), 12);
});

test('a smaller display stands in the middle of its place', () => {
  const [a, b] = [id(0), id(1)];
  const spans = spansOf({ places: [[a], [b]], bezelXMm: 0, bezelYMm: 0 }, (one) => (one === a ? 80 : 40));
  expect(spans.get(b)).toEqual({ x: 0.25, y: 2 / 3, width: 0.5, height: 1 / 3 });
});

test('a display that is no more leaves its place, and no display leaves nothing', () => {
  const [a, b] = [id(0), id(1)];
  const places = { places: [[a, b]], bezelXMm: 20, bezelYMm: 0 };
  expect([...spansOf(places, (one) => (one === a ? undefined : 55)).keys()]).toEqual([b]);
  expect(spansOf(places, () => undefined).size).toBe(0);
});

test('whatever the wall, parts lie inside the whole, and none over another', () => {
  const wall = fc
    .record({
      rows: fc.integer({ min: 1, max: 6 }),
      columns: fc.integer({ min: 1, max: 8 }),
      bezelXMm: fc.double({ min: 0, max: 300, noNaN: true }),
      bezelYMm: fc.double({ min: 0, max: 300, noNaN: true }),
      diagonals: fc.array(fc.double({ min: 5, max: 500, noNaN: true }), { minLength: 48, maxLength: 48 }),
    })
    .map(({ rows, columns, ...rest }) => ({
      ...rest,
      places: Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) => id(row * columns + column)),
      ),
    }));
  fc.assert(
    fc.property(wall, ({ diagonals, ...rest }) => {
      const ids = rest.places.flat();
      const spans = [...spansOf(rest, (one) => diagonals[ids.indexOf(one)]).values()];
      expect(spans).toHaveLength(ids.length);
      for (const span of spans) {
        expect(span.x + span.width).toBeLessThanOrEqual(1 + 1e-9);
        expect(span.y + span.height).toBeLessThanOrEqual(1 + 1e-9);
        expect(Span.safeParse(span).success).toBe(true);
        for (const other of spans) {
          if (other === span) continue;
          const apart =
            other.x >= span.x + span.width - 1e-9 ||
            span.x >= other.x + other.width - 1e-9 ||
            other.y >= span.y + span.height - 1e-9 ||
            span.y >= other.y + other.height - 1e-9;
          expect(apart).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});

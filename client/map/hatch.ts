import { edges, ringsOf, type Shape } from './geo/shapes.ts';
import type { Stroke } from './geo/strokes.ts';

/**
 * Slanting strokes that fill a shape: the sign of "no data", without a colour. `spacing` in degrees. A line of slope one
 * has a constant `y - x`; along it lie the crossings with the shape's edges, and every second gap is inside.
 */
export function hatch(shape: Shape, spacing: number): Stroke[] {
  const sides = ringsOf(shape).flatMap(edges);
  const offsets = sides.map(([x, y]) => y - x);
  const first = Math.ceil(Math.min(...offsets) / spacing);
  const last = Math.floor(Math.max(...offsets) / spacing);
  const strokes: Stroke[] = [];
  for (let line = first; line <= last; line += 1) {
    const offset = line * spacing;
    const xs = crossings(sides, offset);
    for (let index = 0; index + 1 < xs.length; index += 2) {
      const [a = 0, b = 0] = xs.slice(index, index + 2);
      strokes.push({ from: [a, a + offset], to: [b, b + offset] });
    }
  }
  return strokes;
}

function crossings(sides: readonly [number, number, number, number][], offset: number): number[] {
  const xs: number[] = [];
  for (const [ax, ay, bx, by] of sides) {
    const a = ay - ax - offset;
    const b = by - bx - offset;
    // An end that lies on the line counts for one of its two sides only.
    if (a < 0 === b < 0) continue;
    xs.push(ax + ((bx - ax) * a) / (a - b));
  }
  return xs.sort((one, other) => one - other);
}

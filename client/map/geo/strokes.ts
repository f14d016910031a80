import type { MultiLineString } from 'geojson';

/** A straight line between two points; longitude and latitude in degrees. */
export interface Stroke {
  from: [number, number];
  to: [number, number];
}

/** Lines of any length, stroke by stroke. */
export function strokesOf({ coordinates }: MultiLineString): Stroke[] {
  return coordinates.flatMap((line) =>
    line.slice(1).map(([bx = 0, by = 0], index): Stroke => {
      const [ax = 0, ay = 0] = line[index] ?? [];
      return { from: [ax, ay], to: [bx, by] };
    }),
  );
}

import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { RegionId } from '#contract/ids.ts';
import countries from './context-countries.topo.json' with { type: 'json' };
import ukraine from './ua-admin1.topo.json' with { type: 'json' };

/** A region's shape; `iso` is its id in the registry. */
export type RegionShape = Feature<Polygon | MultiPolygon, { iso: RegionId }>;
export type Shape = Feature<Polygon | MultiPolygon, object>;

/** West, south, east, north in degrees. */
export type Bounds = readonly [number, number, number, number];

/** Shapes of the regions. The files are our own, see SOURCE.md, so that their form is known. */
export function loadRegionShapes(): readonly RegionShape[] {
  return unpack<{ iso: RegionId }>(ukraine, 'ua').features as RegionShape[];
}

/** Shapes of the countries around, Ukraine among them. */
export function loadCountryShapes(): readonly Shape[] {
  return unpack<object>(countries, 'build').features as Shape[];
}

function unpack<P extends object>(topology: unknown, name: string): FeatureCollection<Polygon, P> {
  const known = topology as Topology<Record<string, GeometryCollection<P>>>;
  const collection = known.objects[name];
  if (!collection) throw new Error(`the map has no layer ${name}`);
  return feature(known, collection) as FeatureCollection<Polygon, P>;
}

/** Rings of all parts of a shape. */
export function ringsOf({ geometry }: Shape): readonly Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}

export function boundsOf(shapes: readonly Shape[]): Bounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    for (const ring of ringsOf(shape)) {
      for (const [x = 0, y = 0] of ring) {
        [west, east] = [Math.min(west, x), Math.max(east, x)];
        [south, north] = [Math.min(south, y), Math.max(north, y)];
      }
    }
  }
  return [west, south, east, north];
}

/** Where a region's name stands best: in the middle of its largest part, or where that would cover another name. */
export function labelPoint(shape: RegionShape): [number, number] {
  return MOVED[shape.properties.iso] ?? centroid(largestRing(shape));
}

/** Names that would lie on their neighbour's: around Kyiv, and on a narrow coast. */
const MOVED: Readonly<Record<RegionId, [number, number]>> = {
  'UA-32': [30.05, 49.72],
  'UA-30': [30.75, 50.62],
  'UA-65': [33.35, 46.62],
  'UA-40': [33.35, 44.42],
};

function largestRing(shape: Shape): Position[] {
  return ringsOf(shape).reduce(
    (best, ring) => (Math.abs(area(ring)) > Math.abs(area(best)) ? ring : best),
    [],
  );
}

/** Signed area of a ring in square degrees. */
function area(ring: readonly Position[]): number {
  return edges(ring).reduce((sum, [ax, ay, bx, by]) => sum + (ax * by - bx * ay) / 2, 0);
}

function centroid(ring: readonly Position[]): [number, number] {
  let [x, y] = [0, 0];
  for (const [ax, ay, bx, by] of edges(ring)) {
    const cross = ax * by - bx * ay;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  const six = 6 * area(ring);
  return [x / six, y / six];
}

export function edges(ring: readonly Position[]): [number, number, number, number][] {
  return ring.map(([ax = 0, ay = 0], index) => {
    const [bx = 0, by = 0] = ring[(index + 1) % ring.length] ?? [];
    return [ax, ay, bx, by];
  });
}

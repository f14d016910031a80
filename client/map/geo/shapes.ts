import type { Feature, MultiPolygon, Polygon, Position } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { NationGeometry } from '#contract/geometry.ts';
import type { RegionId } from '#contract/ids.ts';
import { type Stroke, strokesOf } from './strokes.ts';

/** A region's shape; `iso` is its id in the registry. */
export type RegionShape = Feature<
  Polygon | MultiPolygon,
  { iso: RegionId; label?: [number, number] | undefined }
>;
export type Shape = Feature<Polygon | MultiPolygon, object | null>;

/** West, south, east, north in degrees. */
export type Bounds = readonly [number, number, number, number];

/** The outlines of a country, and of those around it. */
export interface Shapes {
  regions: readonly RegionShape[];
  around: readonly Shape[];
  /** Outlines of all of either; one that two of them share is there once. */
  borders: { regions: readonly Stroke[]; around: readonly Stroke[] };
  /** Whose outlines they are. */
  source: string;
}

/** Unpacks the outlines that came with the nation. */
export function shapesOf(geometry: NationGeometry): Shapes {
  const topology = geometry as unknown as Topology<Record<string, GeometryCollection>>;
  const unpack = (name: string) => {
    const collection = topology.objects[name];
    return collection ? feature(topology, collection).features : [];
  };
  const bordersOf = (name: string) => {
    const collection = topology.objects[name];
    return collection ? strokesOf(mesh(topology, collection)) : [];
  };
  return {
    regions: unpack('regions') as RegionShape[],
    around: unpack('around') as Shape[],
    borders: { regions: bordersOf('regions'), around: bordersOf('around') },
    source: geometry.source,
  };
}

/** Rings of all parts of a shape. */
export function ringsOf({ geometry }: Shape): readonly Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}

export function boundsOf(shapes: readonly Shape[]): Bounds {
  return boundsOfPoints(shapes.flatMap((shape) => ringsOf(shape).flat()));
}

export function boundsOfPoints(points: readonly Position[]): Bounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of points) {
    [west, east] = [Math.min(west, x), Math.max(east, x)];
    [south, north] = [Math.min(south, y), Math.max(north, y)];
  }
  return [west, south, east, north];
}

/** How wide an ordinary region is, in degrees of longitude: half of them are wider. */
export function ordinaryWidth(shapes: readonly RegionShape[]): number {
  const widths = shapes.map(widthOf);
  return widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0;
}

/** Degrees of longitude. */
export function widthOf(shape: Shape): number {
  const [west, , east] = boundsOf([shape]);
  return east - west;
}

/** Where a region's name stands best: in the middle of its largest part, or where the outlines say that it should. */
export function labelPoint(shape: RegionShape): [number, number] {
  return shape.properties.label ?? centroid(largestRing(shape));
}

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

import type { RegionId } from '#contract/ids.ts';
import { edges, type RegionShape, ringsOf, type Shape, type Shapes } from './geo/shapes.ts';
import type { Stroke } from './geo/strokes.ts';
import { hatch } from './hatch.ts';
import { isReporting, type RegionFacts } from './map-facts.ts';

/** All lines of the ground. Each is the same array for as long as it has the same strokes. */
export interface GroundLines {
  hatched: readonly Stroke[];
  around: readonly Stroke[];
  regions: readonly Stroke[];
  chosen: readonly Stroke[];
}

interface Asked {
  shapes: Shapes | undefined;
  facts: ReadonlyMap<RegionId, RegionFacts>;
  chosen: readonly RegionId[];
}

/** Degrees between the strokes of "no data". */
const HATCH_SPACING = 0.16;

/** Makes the function that finds the lines; it remembers the last ones, for they change far less often than the view. */
export function createGroundLines(): (asked: Asked) => GroundLines {
  const hatched = lastOf((shape) => hatch(shape, HATCH_SPACING));
  const outlined = lastOf(outlineOf);
  return ({ shapes, facts, chosen }) => {
    const regions = shapes?.regions ?? [];
    const dark = darkRegions(regions, facts);
    const known = ({ properties: { iso } }: RegionShape) => dark.has(iso) && facts.has(iso);
    return {
      hatched: hatched(regions.filter(known)),
      around: shapes?.borders.around ?? NONE,
      regions: shapes?.borders.regions ?? NONE,
      chosen: outlined(regions.filter(({ properties }) => chosen.includes(properties.iso))),
    };
  };
}

const NONE: readonly Stroke[] = [];

/** Strokes of some shapes; the same array for the same shapes. */
function lastOf(strokesOf: (shape: RegionShape) => Stroke[]) {
  let last: { shapes: readonly RegionShape[]; strokes: readonly Stroke[] } = { shapes: [], strokes: NONE };
  return (shapes: readonly RegionShape[]): readonly Stroke[] => {
    const isSame =
      last.shapes.length === shapes.length && last.shapes.every((shape, index) => shape === shapes[index]);
    if (!isSame) last = { shapes, strokes: shapes.flatMap(strokesOf) };
    return last.strokes;
  };
}

/** Regions from which no data comes. */
export function darkRegions(
  shapes: readonly RegionShape[],
  facts: ReadonlyMap<RegionId, RegionFacts>,
): ReadonlySet<RegionId> {
  const ids = shapes.map(({ properties }) => properties.iso);
  return new Set(
    ids.filter((id) => {
      const found = facts.get(id);
      return found === undefined || !isReporting(found.region);
    }),
  );
}

/** The outline of a shape. */
function outlineOf(shape: Shape): Stroke[] {
  return ringsOf(shape)
    .flatMap(edges)
    .filter(([ax, ay, bx, by]) => ax !== bx || ay !== by)
    .map(([ax, ay, bx, by]) => ({ from: [ax, ay], to: [bx, by] }));
}

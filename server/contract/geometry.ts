import { z } from 'zod';
import { RegionId } from './ids.ts';
import { Position } from './nation.ts';

/** Places in `arcs`; one that is negative is walked backwards. */
const Ring = z.array(z.int()).max(20_000);
const shape = { id: z.union([z.string(), z.number()]).optional() };
const Polygon = z.object({ ...shape, type: z.literal('Polygon'), arcs: z.array(Ring) });
const MultiPolygon = z.object({ ...shape, type: z.literal('MultiPolygon'), arcs: z.array(z.array(Ring)) });

const Properties = z.object({
  /** The region's id in the nation file. */
  iso: RegionId,
  /** Where its name stands. @default the middle of its largest part */
  label: Position.optional(),
});

function collection<T extends z.ZodType>(geometry: T) {
  return z.object({ type: z.literal('GeometryCollection'), geometries: z.array(geometry).max(2_000) });
}

const Pair = z.tuple([z.number(), z.number()]);

/**
 * The outlines of a nation, as TopoJSON: `regions` by their ids, and `around`, the countries beside it with itself among
 * them, which carry no names. Longitude and latitude, WGS84.
 */
export const NationGeometry = z.object({
  type: z.literal('Topology'),
  transform: z.object({ scale: Pair, translate: Pair }).optional(),
  arcs: z.array(z.array(Pair).min(2)).max(20_000),
  objects: z.object({
    regions: collection(
      z.discriminatedUnion('type', [
        Polygon.extend({ properties: Properties }),
        MultiPolygon.extend({ properties: Properties }),
      ]),
    ),
    around: collection(z.discriminatedUnion('type', [Polygon, MultiPolygon])).optional(),
  }),
  /** Whose outlines they are: the map says it. */
  source: z.string().min(1).max(100),
});
export type NationGeometry = z.infer<typeof NationGeometry>;

/** `GET /api/v1/geometry`; null for a nation whose file names no outlines. */
export const GeometryReply = z.strictObject({ geometry: NationGeometry.nullable() });
export type GeometryReply = z.infer<typeof GeometryReply>;

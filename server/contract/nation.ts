import { z } from 'zod';
import { NormSlug } from './custody-details.ts';
import { AreaId, FacilityId, FeedId, LocalText, RegionId } from './ids.ts';

/** Longitude and latitude in degrees, WGS84. */
export const Position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
export type Position = z.infer<typeof Position>;

export const Region = z.strictObject({
  id: RegionId,
  name: LocalText,
  /** `temporarily-occupied`: no data comes from there, and the wall says so instead of showing green. */
  status: z.enum(['reporting', 'temporarily-occupied']),
});
export type Region = z.infer<typeof Region>;

export const FacilityKind = z.enum(['temporary-detention', 'police-unit', 'pre-trial']);
export type FacilityKind = z.infer<typeof FacilityKind>;

export const Facility = z.strictObject({
  id: FacilityId,
  regionId: RegionId,
  kind: FacilityKind,
  name: LocalText,
  /** Short name for a tile, such as `ІТТ №2 Хмельницький`. */
  shortName: LocalText,
  position: Position,
  /** The telephone of whoever is on duty there, as ITU-T E.164 writes it. */
  phone: z
    .string()
    .regex(/^\+\d{7,15}$/)
    .optional(),
});
export type Facility = z.infer<typeof Facility>;

export const AreaKind = z.enum([
  'cell',
  'corridor',
  'reception',
  'interview-room',
  'lawyer-room',
  'investigation-room',
  'medical-room',
  'exercise-yard',
]);
export type AreaKind = z.infer<typeof AreaKind>;

/** What may be shown of an area. `forbidden-when-occupied` fails closed when occupancy is unknown. */
export const PrivacyClass = z.enum(['normal', 'masked', 'no-audio', 'forbidden-when-occupied']);
export type PrivacyClass = z.infer<typeof PrivacyClass>;

/** `edge`: sent on demand by the facility's equipment. `whip`: published by an encoder. `rtsp`: pulled from a camera. */
export const FeedSource = z.enum(['edge', 'whip', 'rtsp']);
export type FeedSource = z.infer<typeof FeedSource>;

/** Simulcast layers, lowest first; the position is mediasoup's spatial layer. */
export const LAYERS = ['low', 'high'] as const;
export const Layer = z.enum(LAYERS);
export type Layer = z.infer<typeof Layer>;

const fraction = z.number().min(0).max(1);
/** A part of a picture, in fractions of its width and height, from its upper left corner. */
export const MaskRegion = z.strictObject({ x: fraction, y: fraction, width: fraction, height: fraction });
export type MaskRegion = z.infer<typeof MaskRegion>;

/** Whether all of one region lies within another. */
export function coversRegion(outer: MaskRegion, inner: MaskRegion): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

export const Feed = z.strictObject({
  id: FeedId,
  source: FeedSource,
  layers: z.array(Layer).min(1).max(2),
  /**
   * What nodes cover of it where its area is of the class `masked`. @default nothing: the facility's own equipment does it
   */
  masks: z.array(MaskRegion).min(1).max(8).optional(),
});
export type Feed = z.infer<typeof Feed>;

export const Area = z.strictObject({
  id: AreaId,
  facilityId: FacilityId,
  regionId: RegionId,
  kind: AreaKind,
  name: LocalText,
  privacy: PrivacyClass,
  /** Places; 0 for areas where nobody stays. */
  capacity: z.int().min(0).max(200),
  /** Net floor area in m², in-cell sanitary excluded, furniture included. */
  netAreaM2: z.number().positive().max(2000),
  feeds: z.array(Feed).max(8),
});
export type Area = z.infer<typeof Area>;

const NormSetIds = z.array(NormSlug).min(1).max(20);

/** The bodies of norms that hold in a country; an overlay that is named can be applied to a case, and is never on by itself. */
export const NationNorms = z.strictObject({
  sets: NormSetIds,
  /** Kinds of facility in which others hold. */
  byFacilityKind: z.partialRecord(FacilityKind, NormSetIds).optional(),
});
export type NationNorms = z.infer<typeof NationNorms>;

/** A country's facilities, as the nation file holds them. */
export const Nation = z.strictObject({
  id: z.string().regex(/^[A-Z]{2}$/),
  name: LocalText,
  /** Invented data: the interface says so on every page. */
  sample: z.boolean(),
  timeZone: z.string().min(1).max(64),
  /** @default the norms of Ukraine, see `config/norms/norms.ts` */
  norms: NationNorms.optional(),
  /**
   * The file of its outlines, counted from the nation file: TopoJSON, see `geometry.ts`. @default the map shows facilities
   * without outlines
   */
  geometry: z.string().min(1).max(200).optional(),
  regions: z.array(Region).min(1).max(200),
  facilities: z.array(Facility).max(5000),
  areas: z.array(Area).max(60_000),
});
export type Nation = z.infer<typeof Nation>;

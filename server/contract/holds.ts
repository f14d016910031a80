import { z } from 'zod';
import { pageOf } from './areas.ts';
import { AreaId, CaseId, FacilityId, FlagId, Instant, RegionId } from './ids.ts';
import { RoleId } from './session.ts';

/** What is to be preserved: a case, whatever happened in an area in a time, or what surrounds a flag. */
export const HoldTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('case'), facilityId: FacilityId, caseId: CaseId }),
  z.strictObject({
    kind: z.literal('area'),
    areaId: AreaId,
    from: Instant,
    /** Null: also what is still to come. */
    to: Instant.nullable(),
  }),
  z.strictObject({ kind: z.literal('flag'), flagId: FlagId }),
]);
export type HoldTarget = z.infer<typeof HoldTarget>;

const Reason = z.string().trim().min(3).max(500);
/** Number of a proceeding, an inquiry, a visit. */
const Reference = z.string().trim().min(1).max(120);

const HoldAct = z.strictObject({ by: z.string().max(64), at: Instant, reason: Reason });

/** An order to preserve. While it is in force nothing that it covers is erased; only the office that placed it ends it. */
export const Hold = z.strictObject({
  id: z.uuid(),
  regionId: RegionId,
  facilityId: FacilityId,
  /** The office, by its role. */
  office: RoleId,
  target: HoldTarget,
  reference: Reference,
  placed: HoldAct,
  /** Null while it is in force. */
  released: HoldAct.nullable(),
});
export type Hold = z.infer<typeof Hold>;

export const PlaceHoldBody = z.strictObject({
  /** Chosen by the sender: the same twice is the same hold. */
  id: z.uuid(),
  target: HoldTarget.refine(
    (target) =>
      target.kind !== 'area' || target.to === null || Date.parse(target.from) <= Date.parse(target.to),
    { path: ['to'], message: 'ends before it begins' },
  ),
  reference: Reference,
  reason: Reason,
});
export type PlaceHoldBody = z.infer<typeof PlaceHoldBody>;

export const ReleaseHoldBody = z.strictObject({ reason: Reason });

export const HoldQuery = z.strictObject({
  state: z.enum(['in-force', 'released', 'all']).default('in-force'),
  facility: FacilityId.optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}_[0-9a-f-]{36}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type HoldQuery = z.infer<typeof HoldQuery>;

/** Newest first. */
export const HoldPage = pageOf(Hold);
export type HoldPage = z.infer<typeof HoldPage>;

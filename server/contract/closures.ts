import { z } from 'zod';
import { pageOf } from './areas.ts';
import { AreaId, CaseId, FacilityId, Instant, RegionId } from './ids.ts';
import { Gate, Unmasked, Visit } from './status.ts';

const place = { areaId: AreaId, facilityId: FacilityId, regionId: RegionId };

/** An area of which a part of the picture is covered, as the nation file says it; nothing of who is inside. */
export const MaskedArea = z.strictObject({
  ...place,
  feeds: z.int().min(0),
  /** Feeds that nodes of ours cover; of the others the facility's equipment does, before a picture leaves it. */
  byNodes: z.int().min(0),
});
export type MaskedArea = z.infer<typeof MaskedArea>;

/** `GET /api/v1/masks` */
export const MaskPage = pageOf(MaskedArea);
export type MaskPage = z.infer<typeof MaskPage>;

/** Why somebody did it, in their words; null where nobody said so here, as when a facility's system closed an area. */
const reason = z.string().max(500).nullable();

/** What is covered of an area is shown. */
export const Lifted = z.strictObject({
  ...place,
  ...Unmasked.shape,
  reason,
  /** Because of whom. */
  caseId: CaseId.nullable(),
  /** The closest observation that anybody inside is under now; a mask is lifted at 3 and 4 alone. */
  observation: z.int().min(1).max(4),
});
export type Lifted = z.infer<typeof Lifted>;

/** How often and for how long an area has been closed, and when that is flagged. */
export const ClosureUse = z.strictObject({
  /** Of the last seven days; `isCut`: at least, what was before is known no more. */
  timesInWeek: z.int().min(0),
  isCut: z.boolean(),
  /** Of the last 24 hours, which the limits are for; more than a limit is too much. */
  timesInDay: z.int().min(0),
  timesLimit: z.int().min(1),
  minutesInDay: z.int().min(0),
  minutesLimit: z.int().min(1),
});
export type ClosureUse = z.infer<typeof ClosureUse>;

/** An area that nobody may watch now: by a gate, for visits, or both. */
export const Closed = z.strictObject({
  ...place,
  since: Instant,
  gate: Gate.extend({ reason }).nullable(),
  visits: z.array(Visit),
  use: ClosureUse,
});
export type Closed = z.infer<typeof Closed>;

/** Areas of either list that are told at most; those that have stood longest come first. */
export const MAX_CLOSURES = 500;

/** `GET /api/v1/closures`: what is shown though it is covered, and what is closed, now. `isCut`: there are more. */
export const ClosureList = z.object({
  at: Instant,
  lifted: z.array(Lifted),
  closed: z.array(Closed),
  isCut: z.boolean(),
});
export type ClosureList = z.infer<typeof ClosureList>;

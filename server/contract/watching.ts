import { z } from 'zod';
import { AreaId, FacilityId, Instant, RegionId } from './ids.ts';

/** Somebody watched one area for long in one night. A question for outside control, and for nobody else. */
export const WatchingFinding = z.strictObject({
  id: z.uuid(),
  regionId: RegionId,
  facilityId: FacilityId,
  areaId: AreaId,
  /** User name of whoever watched. */
  person: z.string().min(1).max(64),
  /** From when to when the night was. */
  from: Instant,
  to: Instant,
  /** Of large picture, as far as known when it was found. */
  seconds: z.int().min(0),
  foundAt: Instant,
  reviewed: z
    .strictObject({ by: z.string().max(64), at: Instant, note: z.string().min(3).max(500) })
    .nullable(),
});
export type WatchingFinding = z.infer<typeof WatchingFinding>;

/** Newest first. `isCut`: there are older ones. */
export const WatchingList = z.object({ items: z.array(WatchingFinding), isCut: z.boolean() });
export type WatchingList = z.infer<typeof WatchingList>;

export const ReviewWatchingBody = z.strictObject({ note: z.string().trim().min(3).max(500) });

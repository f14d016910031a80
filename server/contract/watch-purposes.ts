import { z } from 'zod';
import { AreaId, Instant } from './ids.ts';
import { PrivacyClass } from './nation.ts';
import { Purpose, PurposeId } from './personal.ts';

/** A purpose in force: for all areas of a privacy class, until the session ends. */
export const StatedPurpose = z.object({ privacy: PrivacyClass, purpose: PurposeId, since: Instant });
export type StatedPurpose = z.infer<typeof StatedPurpose>;

/** `items`: what the caller may state, the usual one first. `stated`: what this session has. */
export const WatchPurposes = z.object({ items: z.array(Purpose), stated: z.array(StatedPurpose) });
export type WatchPurposes = z.infer<typeof WatchPurposes>;

/** What areas of the class of this one are opened for, from now on in this session. */
export const StatePurposeBody = z.strictObject({
  areaId: AreaId,
  purpose: PurposeId,
  note: z.string().trim().min(3).max(500).optional(),
});
export type StatePurposeBody = z.infer<typeof StatePurposeBody>;

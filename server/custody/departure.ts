import { z } from 'zod';
import { CaseId, FacilityId } from '#contract/ids.ts';

/** Somebody who was sent to another facility of ours, by the record of the one that sent them, and is not there yet. */
export const Departure = z.strictObject({
  caseId: CaseId,
  facilityId: FacilityId,
  to: FacilityId,
  atMs: z.int(),
});
export type Departure = z.infer<typeof Departure>;

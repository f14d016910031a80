import { z } from 'zod';
import { pageOf } from './areas.ts';
import { CaseViewing } from './cases.ts';
import { AreaId, CaseId, FacilityId, Instant, RegionId } from './ids.ts';

/** Who saw what: by who watched, by place or by case, within a time. */
export const ViewingQuery = z
  .strictObject({
    /** User name. */
    person: z.string().min(1).max(64).optional(),
    region: RegionId.optional(),
    facility: FacilityId.optional(),
    area: AreaId.optional(),
    /** Of this facility: what was seen of where the person was, while they were there. */
    case: CaseId.optional(),
    /** What had not ended before, and had begun until. */
    from: Instant.optional(),
    to: Instant.optional(),
    cursor: z
      .string()
      .regex(/^\d{1,15}_\d{1,6}$/)
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine((query) => query.case === undefined || query.facility !== undefined, {
    path: ['facility'],
    message: 'a case is told by its facility and its number',
  });
export type ViewingQuery = z.infer<typeof ViewingQuery>;

export const ReportedViewing = CaseViewing.extend({ regionId: RegionId, facilityId: FacilityId });
export type ReportedViewing = z.infer<typeof ReportedViewing>;

/** Those that go on first, then by their end, newest first. `isCut`: of a case, there are older ones that are not told. */
export const ViewingPage = pageOf(ReportedViewing).extend({ isCut: z.boolean() });
export type ViewingPage = z.infer<typeof ViewingPage>;

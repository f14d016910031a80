import { z } from 'zod';
import { CaseId, EventId, Instant } from './ids.ts';

/**
 * Has what is covered of an area's picture shown for a time, because of a person who is inside and at risk, or ends that.
 * It also ends by itself: at its time, when the person leaves, and when the risk is assessed lower.
 */
export const MaskBody = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('lift'),
    caseId: CaseId,
    minutes: z
      .int()
      .min(1)
      .max(24 * 60),
    reason: z.string().trim().min(3).max(500),
  }),
  z.strictObject({ act: z.literal('restore') }),
]);
export type MaskBody = z.infer<typeof MaskBody>;

/** `event`: the custody event by which it is on record. `until`: null once it covers again. */
export const MaskReply = z.strictObject({ event: EventId, until: Instant.nullable() });
export type MaskReply = z.infer<typeof MaskReply>;

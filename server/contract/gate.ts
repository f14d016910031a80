import { z } from 'zod';
import { CaseId, EventId, Instant } from './ids.ts';

const reason = z.string().trim().min(3).max(500);
const minutes = z
  .int()
  .min(1)
  .max(24 * 60);

/**
 * Closes an area to everybody for a time (`open` is what is said of a gate that stands in front of it), gives it more
 * time, or ends it. `minutes` count from now. `prolong` says that a visit goes on for which the area is closed: it gets as
 * much time as it had.
 */
export const GateBody = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('open'), minutes, reason }),
  z.strictObject({ act: z.literal('extend'), minutes, reason }),
  z.strictObject({ act: z.literal('close') }),
  z.strictObject({ act: z.literal('prolong'), caseId: CaseId }),
]);
export type GateBody = z.infer<typeof GateBody>;

/** `event`: the custody event by which it is on record. `until`: when it ends by itself; null once it has ended. */
export const GateReply = z.strictObject({ event: EventId, until: Instant.nullable() });
export type GateReply = z.infer<typeof GateReply>;

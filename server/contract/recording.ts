import { z } from 'zod';
import { AreaEvent, CaseEvent, CorrectionEvent, MAX_EVENTS_PER_BATCH } from './custody-events.ts';

const RecordedCaseEvent = CaseEvent.omit({ recordedBy: true });
const RecordedAreaEvent = AreaEvent.omit({ recordedBy: true });

/**
 * A custody event as a person records it: the same as a facility's system sends, all types, but for `recordedBy`, which
 * the server sets to the user name. `occurredAt` is when it happened, `recordedAt` when it was written down, both by
 * the clock of the device: an event that waited for a network tells of it by its times.
 */
export const RecordedEvent = z.discriminatedUnion('type', [
  RecordedCaseEvent,
  RecordedAreaEvent,
  CorrectionEvent.omit({ recordedBy: true }).extend({
    replacement: z.discriminatedUnion('type', [RecordedCaseEvent, RecordedAreaEvent]).optional(),
  }),
]);
export type RecordedEvent = z.infer<typeof RecordedEvent>;

/**
 * Each element is checked on its own, as {@link RecordedEvent}; answered with `CustodyEventsReply`. `account`: the user
 * name that wrote them down; when somebody else is signed in by now, nothing is taken (`precondition_failed`).
 */
export const RecordEventsBody = z.strictObject({
  account: z.string().min(1).max(64).optional(),
  events: z.array(z.unknown()).min(1).max(MAX_EVENTS_PER_BATCH),
});

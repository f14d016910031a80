import { z } from 'zod';
import { AreaEvent, CaseEvent } from '#contract/custody-events.ts';
import { ErrorCode } from '#contract/errors.ts';
import { EventId, FacilityId, Instant } from '#contract/ids.ts';

const GIVEN_LATER = { schema: true, id: true, occurredAt: true, recordedAt: true, recordedBy: true } as const;

/** What is recorded, before it has an id and times: an event of the contract without them. */
export const Draft = z.discriminatedUnion('type', [CaseEvent.omit(GIVEN_LATER), AreaEvent.omit(GIVEN_LATER)]);
export type Draft = z.infer<typeof Draft>;

/** When it happened, as the person said it. An instant is read off a watch; the others hang on the device's clock. */
export const Occurred = z.discriminatedUnion('when', [
  z.strictObject({ when: z.literal('now') }),
  z.strictObject({ when: z.literal('before'), agoMs: z.int().min(0) }),
  z.strictObject({ when: z.literal('at'), instant: Instant }),
]);
export type Occurred = z.infer<typeof Occurred>;

/**
 * What the device's clocks said at a moment. `baseMs` is the difference between its wall clock and its steady clock: it
 * changes when the wall clock is set, and only has a meaning within one life of the page.
 */
export const ClockReading = z.strictObject({ deviceMs: z.number(), baseMs: z.number(), page: z.string() });
export type ClockReading = z.infer<typeof ClockReading>;

/** How far the server's clock was ahead of the device's, and when that was measured. */
export const MeasuredOffset = z.strictObject({ ms: z.number(), reading: ClockReading });
export type MeasuredOffset = z.infer<typeof MeasuredOffset>;

/** `waiting`: only on this device. The others are the server's answer, and what the person did about a refusal. */
export const RecordState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting') }),
  z.strictObject({ state: z.literal('taken'), atMs: z.number() }),
  z.strictObject({
    state: z.literal('refused'),
    atMs: z.number(),
    code: ErrorCode,
    message: z.string(),
    path: z.array(z.union([z.string(), z.number()])),
  }),
  z.strictObject({ state: z.literal('discarded'), atMs: z.number(), reason: z.string() }),
]);
export type RecordState = z.infer<typeof RecordState>;

/** One record on the device. Its id was made here, so that sending it again does no harm. */
export const PendingRecord = z.strictObject({
  id: EventId,
  /** The user name of who wrote it; nobody else sends or sees it. */
  account: z.string(),
  facilityId: FacilityId,
  /** Grows with every record of the device; records are sent in this order. */
  order: z.int(),
  draft: Draft,
  occurred: Occurred,
  written: z.strictObject({ reading: ClockReading, offset: MeasuredOffset.nullable() }),
  state: RecordState,
});
export type PendingRecord = z.infer<typeof PendingRecord>;

/** The shortest reason for throwing a record away. */
export const MIN_REASON = 3;

/** A record that the server has: what it was, when and where, without what was said in it. */
export function slimmed(record: PendingRecord, atMs: number): PendingRecord {
  const { draft } = record;
  const kept: Draft =
    'caseId' in draft
      ? {
          type: draft.type,
          caseId: draft.caseId,
          ...(draft.areaId === undefined ? {} : { areaId: draft.areaId }),
        }
      : { type: draft.type, areaId: draft.areaId };
  return { ...record, draft: kept, state: { state: 'taken', atMs } };
}

import { z } from 'zod';
import { pageOf } from './areas.ts';
import { ComplaintKind, ComplaintOutcome, NormSlug } from './custody-details.ts';
import { FacilityId, FlagId, Instant, RegionId } from './ids.ts';

/** Chosen by whoever sends it, so that a repeated request takes one complaint. */
export const ComplaintId = z.uuid();
export type ComplaintId = z.infer<typeof ComplaintId>;

/** What the caller is told, such as `7KQ2-M9XD`; the note of the complaint's flag is the number alone. */
export const ComplaintNumber = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
export type ComplaintNumber = z.infer<typeof ComplaintNumber>;

/** Names an intake key; opens nothing. */
export const IntakeKeyId = z.string().regex(/^[0-9a-f]{16}$/);
export type IntakeKeyId = z.infer<typeof IntakeKeyId>;

const line = (most: number) => z.string().trim().min(1).max(most);

/** How to reach the person. It is personal data: kept encrypted, read only for a purpose. */
export const ComplaintContact = z.strictObject({
  name: line(200).optional(),
  phone: line(40).optional(),
  email: line(200).optional(),
  other: line(500).optional(),
});
export type ComplaintContact = z.infer<typeof ComplaintContact>;

export const TakeComplaintBody = z.strictObject({
  id: ComplaintId,
  facilityId: FacilityId,
  /** When it happened; absent when the person does not say. */
  happenedAt: Instant.optional(),
  kind: ComplaintKind,
  /** What the person says, in their words. Kept as the contact is, because it may name people. */
  text: line(8_000),
  /** Absent: anonymous. */
  contact: ComplaintContact.optional(),
});
export type TakeComplaintBody = z.infer<typeof TakeComplaintBody>;

/** An outside hotline, by its intake key. */
export const IntakeSource = z.strictObject({ keyId: IntakeKeyId, name: z.string().min(1).max(80) });
export type IntakeSource = z.infer<typeof IntakeSource>;

export const ComplaintState = z.enum(['received', 'in-review', 'answered']);
export type ComplaintState = z.infer<typeof ComplaintState>;

/** A note of a step may name people: it is kept as the words are, and read together with them. */
export const ComplaintStep = z.strictObject({
  state: ComplaintState,
  by: z.string().min(1).max(64),
  at: Instant,
  noted: z.literal(true).optional(),
});
export type ComplaintStep = z.infer<typeof ComplaintStep>;

/** A citizen's complaint without what they said and who they are. */
export const Complaint = z.strictObject({
  id: ComplaintId,
  number: ComplaintNumber,
  regionId: RegionId,
  facilityId: FacilityId,
  kind: ComplaintKind,
  happenedAt: Instant.nullable(),
  anonymous: z.boolean(),
  /** The outside hotline whose key it came with; absent: our own took it. */
  intake: IntakeSource.optional(),
  state: ComplaintState,
  outcome: ComplaintOutcome.nullable(),
  /** The flag that it raised on the facility. */
  flagId: FlagId,
  /** Every step, oldest first; the first is the taking. */
  history: z.array(ComplaintStep).min(1).max(50),
  version: z.int().min(1),
});
export type Complaint = z.infer<typeof Complaint>;

export const ComplaintQuery = z.strictObject({
  region: RegionId.optional(),
  facility: FacilityId.optional(),
  state: ComplaintState.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export type ComplaintQuery = z.infer<typeof ComplaintQuery>;

/** Newest first. */
export const ComplaintPage = pageOf(Complaint);
export type ComplaintPage = z.infer<typeof ComplaintPage>;

export const ComplaintStepBody = z.strictObject({
  to: z.enum(['in-review', 'answered']),
  /** Needed to answer. */
  outcome: ComplaintOutcome.optional(),
  note: z.string().trim().min(3).max(500).optional(),
  /** The version that the decision was made on; another one is refused with `conflict`. */
  version: z.int().min(1),
});
export type ComplaintStepBody = z.infer<typeof ComplaintStepBody>;

export const ComplaintNote = z.strictObject({
  /** The version that the step led to. */
  version: z.int().min(2),
  text: z.string().min(1).max(500),
});
export type ComplaintNote = z.infer<typeof ComplaintNote>;

export const ReadComplaintBody = z.strictObject({
  purpose: NormSlug,
  note: z.string().trim().min(3).max(500).optional(),
});

/** Not to be kept anywhere beyond the time that it is shown. */
export const ComplaintWords = z.object({
  id: ComplaintId,
  text: z.string(),
  contact: ComplaintContact.nullable(),
  /** What those who dealt with it noted, oldest first. */
  notes: z.array(ComplaintNote),
  /** The number of the audit entry that says who read it and why. */
  auditSeq: z.int().min(1),
});
export type ComplaintWords = z.infer<typeof ComplaintWords>;

import { z } from 'zod';
import { Complaint, ComplaintNumber, IntakeKeyId } from './complaints.ts';
import { FacilityId, Instant, LocalText, RegionId } from './ids.ts';
import { Scope } from './session.ts';

/**
 * The key of an outside hotline, as administrators see it: never the key. It takes complaints about facilities in its
 * scope, and does nothing else.
 */
export const IntakeKeyView = z.strictObject({
  keyId: IntakeKeyId,
  /** Whose it is, such as the name of the organisation. */
  name: z.string().trim().min(2).max(80),
  scope: Scope,
  /** Complaints that it may send in a minute. */
  perMinute: z.int().min(1).max(600),
  createdAt: Instant,
});
export type IntakeKeyView = z.infer<typeof IntakeKeyView>;
export const IntakeKeyList = z.object({ items: z.array(IntakeKeyView) });
export type IntakeKeyList = z.infer<typeof IntakeKeyList>;

export const IssueIntakeKeyBody = z.strictObject({
  name: IntakeKeyView.shape.name,
  scope: Scope,
  perMinute: IntakeKeyView.shape.perMinute.default(30),
});
/** Shown once. */
export const IssuedIntakeKey = z.object({ key: z.string(), view: IntakeKeyView });
export type IssuedIntakeKey = z.infer<typeof IssuedIntakeKey>;

export const IntakeKeyParams = z.strictObject({ keyId: IntakeKeyId });

/** What a hotline is told of a complaint that it sent: the caller's number and how far it is; nobody's name. */
export const IntakeReceipt = z.object({
  id: Complaint.shape.id,
  number: ComplaintNumber,
  facilityId: FacilityId,
  state: Complaint.shape.state,
  receivedAt: Instant,
});
export type IntakeReceipt = z.infer<typeof IntakeReceipt>;

/** Facilities that a key may send complaints about, to choose from. */
export const IntakePlaces = z.object({
  items: z.array(z.object({ id: FacilityId, name: LocalText, regionId: RegionId, regionName: LocalText })),
});
export type IntakePlaces = z.infer<typeof IntakePlaces>;

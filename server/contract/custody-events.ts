import { z } from 'zod';
import { AREA_DETAILS, CASE_DETAILS, NormSlug, Person } from './custody-details.ts';
import { ErrorCode, Problem } from './errors.ts';
import { AreaId, CaseId, EventId, FacilityId, Instant } from './ids.ts';
import { Sealed } from './sealed.ts';

/** Version of the events' shape. What is added within a version is optional; what exists keeps its meaning. */
export const CUSTODY_SCHEMA_VERSION = 1;

/** What happens to a person in custody. Events are never edited; `RECORD_CORRECTED` names the event that it replaces. */
export const CASE_EVENT_TYPES = [
  'APPREHENDED',
  /** The officer who answers for detained persons was told of the detention. */
  'CUSTODY_OFFICER_NOTIFIED',
  'DELIVERED',
  'REGISTERED',
  /** The officer who answers for detained persons decided that the person stays. */
  'DETENTION_AUTHORISED',
  'OFFICER_INTERVIEWED',
  'DETAINEE_INTERVIEWED',
  'RIGHTS_EXPLAINED',
  'INTERPRETER',
  'RISK_ASSESSED',
  'SEARCHED',
  'PROPERTY_TAKEN',
  'INJURY_RECORDED',
  'MEDICAL_EXAM_STARTED',
  'MEDICAL_EXAM_ENDED',
  'AMBULANCE',
  'MEDICATION',
  'RELATIVES_NOTIFIED',
  'GUARDIANSHIP_NOTIFIED',
  'EMBASSY_NOTIFIED',
  /** The body of a special service (intelligence, bailiffs) was told that one of its people is held. */
  'SERVICE_NOTIFIED',
  'LEGAL_AID_NOTIFIED',
  'LAWYER_ASSIGNED',
  'APPROPRIATE_ADULT_ARRIVED',
  'APPROPRIATE_ADULT_LEFT',
  'LAWYER_ARRIVED',
  'LAWYER_LEFT',
  /** A visit that nobody may watch goes on: the area stays closed for as long again. */
  'CONFIDENTIALITY_EXTENDED',
  /** The longest time of a visit is over, and nobody has said that it goes on: the area is open. Recorded by us alone. */
  'CONFIDENTIALITY_ENDED',
  'PROTOCOL_DRAWN',
  'PROSECUTOR_NOTIFIED',
  'SUSPICION_SERVED',
  'CHARGED',
  'CELL_PLACED',
  'CELL_MOVED',
  /** Taken to a shelter (in `areaId`, if it is an area of ours), and back to where the person was before. */
  'SHELTER_ENTERED',
  'SHELTER_LEFT',
  /** Left for a hospital, and was back from it. */
  'HOSPITAL_LEFT',
  'HOSPITAL_RETURNED',
  'SOBERED',
  'ROUSED',
  'MEAL',
  'WATER',
  'EXERCISE',
  'REST_STARTED',
  'REST_ENDED',
  'INTERROGATION_STARTED',
  'INTERROGATION_ENDED',
  'IDENTIFICATION',
  'VISIT',
  'COMPLAINT',
  'COMPLAINT_RESOLVED',
  'FORCE_USED',
  'RESTRAINT_ON',
  'RESTRAINT_OFF',
  'REVIEW_DONE',
  'REVIEW_POSTPONED',
  'EXTENSION_GRANTED',
  'OVERLAY_APPLIED',
  'OVERLAY_LIFTED',
  'HANDED_TO_CONVOY',
  'COURT_BROUGHT',
  /** The motion for a preventive measure was heard. */
  'MOTION_HEARD',
  /** The reasoned decision of a court on keeping the person was handed to them. */
  'COURT_DECISION_SERVED',
  'RELEASED',
  'TRANSFERRED',
  'ESCAPED',
  'DIED',
] as const;

/** What happens to an area, whoever is inside. */
export const AREA_EVENT_TYPES = [
  'CELL_CHECK',
  'INCIDENT',
  'CALL_BELL',
  'CALL_BELL_ANSWERED',
  'CONDITIONS_MEASURED',
  /** Somebody was seen inside, by a person or a sensor; nobody was. */
  'PRESENCE_SEEN',
  'EMPTY_SEEN',
  /** Nobody may watch the area from here on; again while it is so: it lasts longer. Ends by itself (`until`). */
  'GATE_OPENED',
  'GATE_CLOSED',
  /** What is covered of an area's picture may be seen, because of the person whom it `concerns`. Ends by itself (`until`). */
  'MASK_LIFTED',
  'MASK_RESTORED',
  /** The power of the area failed, so that its camera or its light is off; it is back. */
  'POWER_LOST',
  'POWER_RESTORED',
] as const;

const common = {
  /** The version that the sender speaks. @default 1 */
  schema: z.literal(CUSTODY_SCHEMA_VERSION).optional(),
  id: EventId,
  /** When it happened, by the facility's clock. */
  occurredAt: Instant,
  /** When it was written down, by the facility's clock. */
  recordedAt: Instant,
  /** Who recorded it: a service number or role, never a name. */
  recordedBy: z.string().min(1).max(64),
  note: z.string().max(2000).optional(),
};

export const CaseEvent = z.strictObject({
  ...common,
  type: z.enum(CASE_EVENT_TYPES),
  caseId: CaseId,
  /** Where it happened; where the person is now for `CELL_PLACED` and `CELL_MOVED`, which need it. */
  areaId: AreaId.optional(),
  person: Person.optional(),
  ...CASE_DETAILS,
});
export type CaseEvent = z.infer<typeof CaseEvent>;

export const AreaEvent = z.strictObject({
  ...common,
  type: z.enum(AREA_EVENT_TYPES),
  areaId: AreaId,
  ...AREA_DETAILS,
});
export type AreaEvent = z.infer<typeof AreaEvent>;

/** An earlier event was wrong: it counts as never recorded, and `replacement`, if any, as recorded in its stead. */
export const CorrectionEvent = z.strictObject({
  ...common,
  type: z.literal('RECORD_CORRECTED'),
  corrects: EventId,
  reason: z.string().min(3).max(2000),
  replacement: z.discriminatedUnion('type', [CaseEvent, AreaEvent]).optional(),
});
export type CorrectionEvent = z.infer<typeof CorrectionEvent>;

export const CustodyEvent = z.discriminatedUnion('type', [CaseEvent, AreaEvent, CorrectionEvent]);
export type CustodyEvent = z.infer<typeof CustodyEvent>;
export type CustodyEventType = CustodyEvent['type'];

/** By which way an event came to us, as the server saw it: with the facility's key, or from somebody who was signed in. */
export const RecordChannel = z.object({
  kind: z.enum(['facility', 'person', 'service']),
  /** The facility, the user name, or what of ours recorded it by itself. */
  id: z.string().min(1).max(64),
});
export type RecordChannel = z.infer<typeof RecordChannel>;

/** What clocks need of an event of another case, which went on somewhere else. */
export const CarriedEvent = CaseEvent.pick({
  id: true,
  type: true,
  occurredAt: true,
  recordedAt: true,
  person: true,
  basis: true,
  observationLevel: true,
}).extend({
  overlay: NormSlug.optional(),
  extension: z.object({ ground: NormSlug, until: Instant }).optional(),
});
export type CarriedEvent = z.infer<typeof CarriedEvent>;

/** What was on record of the case that an arrival goes on from, when the arrival was taken or when that record changed. */
export const Carried = z.object({
  facilityId: FacilityId,
  caseId: CaseId,
  /** Anything was on record. */
  isKnown: z.boolean(),
  /** The person was transferred from there, or handed to a convoy. Absent where nothing is known, or was asked. */
  isLeft: z.boolean().optional(),
  /** When that case was closed. Absent where it is open, or was not asked. */
  leftAt: Instant.optional(),
  events: z.array(CarriedEvent),
  /** An entry of its own: the arrival was taken before, and the earlier record has changed since. */
  again: z.literal(true).optional(),
});
export type Carried = z.infer<typeof Carried>;

/** An event as it stands in the stream: whose it is, and when we took it. */
export const StoredEvent = z.object({
  facilityId: FacilityId,
  receivedAt: Instant,
  /** Absent on what was taken before this was noted. */
  via: RecordChannel.optional(),
  /** Free words as they stand at rest, where there is a key: in `event` each of them is then {@link SEALED_WORDS}. */
  sealed: Sealed.optional(),
  carried: Carried.optional(),
  event: CustodyEvent,
});
export type StoredEvent = z.infer<typeof StoredEvent>;

/** Stands for free words that are sealed. */
export const SEALED_WORDS = '[…]';

/** Most events of one request. */
export const MAX_EVENTS_PER_BATCH = 500;

/** Most events of one request of lines (`application/x-ndjson`), and most bytes of a line. */
export const MAX_BULK_EVENTS = 20_000;
export const MAX_LINE_BYTES = 65_536;

/** Clocks that are kept by NTP differ by far less. */
export const SKEW_TOLERANCE_MS = 2_000;

/** How far ahead of ours a facility's clock was when it recorded an event; undefined within the tolerance. */
export function skewOf(
  { occurredAt, recordedAt }: Pick<CustodyEvent, 'occurredAt' | 'recordedAt'>,
  receivedMs: number,
): number | undefined {
  const aheadMs = Math.max(Date.parse(occurredAt), Date.parse(recordedAt)) - receivedMs;
  return aheadMs > SKEW_TOLERANCE_MS ? aheadMs : undefined;
}

/** Each element is checked on its own, so that one bad event does not spoil the batch. */
export const CustodyEventsBody = z.strictObject({
  events: z.array(z.unknown()).min(1).max(MAX_EVENTS_PER_BATCH),
});

export const CustodyEventResult = z.object({
  /** The event's id; null if the event had none that could be read. */
  id: z.string().nullable(),
  status: z.enum(['accepted', 'duplicate', 'rejected']),
  code: ErrorCode.optional(),
  message: z.string().optional(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  /** So far ahead of ours the facility's clock was, if that is more than {@link SKEW_TOLERANCE_MS}; the event was taken as it is. */
  skewMs: z.int().optional(),
});
export type CustodyEventResult = z.infer<typeof CustodyEventResult>;

/**
 * A line of the reply to lines: a result for each event, in order; in the end that all of it was read, or why not. What
 * was answered before is durable also then.
 */
export const CustodyBulkLine = z.union([
  CustodyEventResult,
  z.strictObject({ done: z.literal(true), events: z.int().min(0) }),
  z.strictObject({ done: z.literal(false), events: z.int().min(0), problem: Problem }),
]);

export const CustodyEventsReply = z.object({ results: z.array(CustodyEventResult) });

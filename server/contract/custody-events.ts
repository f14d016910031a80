import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { AreaId, CaseId, EventId, FacilityId, Instant } from './ids.ts';

/** What happens to a person in custody. Events are never edited; `RECORD_CORRECTED` names the event that it replaces. */
export const CASE_EVENT_TYPES = [
  'APPREHENDED',
  'DELIVERED',
  'REGISTERED',
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
  'LEGAL_AID_NOTIFIED',
  'LAWYER_ARRIVED',
  'LAWYER_LEFT',
  'PROTOCOL_DRAWN',
  'PROSECUTOR_NOTIFIED',
  'SUSPICION_SERVED',
  'CELL_PLACED',
  'CELL_MOVED',
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
  'FORCE_USED',
  'RESTRAINT_ON',
  'RESTRAINT_OFF',
  'HANDED_TO_CONVOY',
  'COURT_BROUGHT',
  /** The reasoned decision of a court on keeping the person was handed to them. */
  'COURT_DECISION_SERVED',
  'RELEASED',
  'TRANSFERRED',
] as const;

/** What happens to an area, whoever is inside. */
export const AREA_EVENT_TYPES = [
  'CELL_CHECK',
  'INCIDENT',
  'CALL_BELL',
  'CALL_BELL_ANSWERED',
  'CONDITIONS_MEASURED',
] as const;

const common = {
  id: EventId,
  /** When it happened, by the facility's clock. */
  occurredAt: Instant,
  /** When it was written down, by the facility's clock. */
  recordedAt: Instant,
  /** Who recorded it: a service number or role, never a name. */
  recordedBy: z.string().min(1).max(64),
  note: z.string().max(2000).optional(),
};

/** Facts about the person that clocks and separation rules need; said with the first event, and whenever they change. */
export const Person = z.strictObject({
  sex: z.enum(['female', 'male']),
  minor: z.boolean(),
  regime: z.enum(['criminal', 'administrative']),
  atRisk: z.boolean(),
});
export type Person = z.infer<typeof Person>;

export const CaseEvent = z.strictObject({
  ...common,
  type: z.enum(CASE_EVENT_TYPES),
  caseId: CaseId,
  /** Where it happened; where the person is now for `CELL_PLACED` and `CELL_MOVED`, which need it. */
  areaId: AreaId.optional(),
  person: Person.optional(),
});
export type CaseEvent = z.infer<typeof CaseEvent>;

export const AreaEvent = z.strictObject({
  ...common,
  type: z.enum(AREA_EVENT_TYPES),
  areaId: AreaId,
  /** For `CONDITIONS_MEASURED`: air temperature in °C. */
  temperatureC: z.number().min(-40).max(60).optional(),
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

/** An event as it stands in the stream: whose it is, and when we took it. */
export const StoredEvent = z.object({
  facilityId: FacilityId,
  receivedAt: Instant,
  event: CustodyEvent,
});
export type StoredEvent = z.infer<typeof StoredEvent>;

/** Most events of one request. */
export const MAX_EVENTS_PER_BATCH = 500;

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
});
export type CustodyEventResult = z.infer<typeof CustodyEventResult>;

export const CustodyEventsReply = z.object({ results: z.array(CustodyEventResult) });

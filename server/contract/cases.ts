import { z } from 'zod';
import { pageOf } from './areas.ts';
import { AuditActor } from './audit.ts';
import { Clock, Standing } from './clocks.ts';
import { AREA_DETAILS, CASE_DETAILS, NormSlug, Person } from './custody-details.ts';
import { AREA_EVENT_TYPES, CASE_EVENT_TYPES, RecordChannel } from './custody-events.ts';
import { DarkSeconds } from './dark.ts';
import { Flag } from './flags.ts';
import { AreaId, CaseId, EventId, FacilityId, FeedId, Instant, RegionId } from './ids.ts';
import { PurposeId } from './personal.ts';

/** What in a case's record contradicts itself; in this order on the page. */
export const CONTRADICTIONS = [
  /** A later step was recorded as earlier than the actual detention. */
  'delivered-before-actual',
  'registered-before-actual',
  'protocol-before-actual',
  'placed-before-actual',
  'ended-before-actual',
  /** The record let the person go, and has them held after that in the same case. */
  'held-after-release',
  'registered-before-delivered',
  /** The person was in an area before anything was registered, or nothing is to this day. */
  'placed-before-registered',
  'seen-before-any-record',
  /** The way took longer than the norms give it. */
  'delivery-too-long',
  /** An overlay was applied when the ordinary limit was over; or one that does not hold here. */
  'overlay-after-limit',
  'overlay-unknown',
  /** An extension was granted when there was nothing left to extend; or on a ground that no limit knows. */
  'extension-after-limit',
  'extension-unknown',
  /** Limits count from the actual detention, and nobody said when it was. */
  'apprehension-missing',
  /** The person came from another facility, where no such case is on record. */
  'previous-case-unknown',
  /** The person came from another facility, which has recorded neither a transfer nor a convoy. */
  'previous-case-not-left',
] as const;

/** Most cases on one page of a list. */
export const MAX_CASES_PER_PAGE = 200;

export const CaseQuery = z.strictObject({
  region: RegionId.optional(),
  facility: FacilityId.optional(),
  /** `open`: held now, wherever. `closed`: released, transferred, escaped or dead. */
  state: z.enum(['open', 'closed', 'all']).default('open'),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_CASES_PER_PAGE).default(100),
});
export type CaseQuery = z.infer<typeof CaseQuery>;

/** A case in a list: facts that norms ask about and no identity. */
export const CaseSummary = z.object({
  caseId: CaseId,
  facilityId: FacilityId,
  regionId: RegionId,
  /** Where the person is; null when not in an area of the facility, or not placed yet. */
  areaId: AreaId.nullable(),
  /** As last stated; null while nothing was. */
  person: Person.nullable(),
  /** The actual detention, or else the first that is known; null while nothing that tells is on record. */
  detainedAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  /** Those that run, as on the wall; none once the case is closed. */
  clocks: z.array(Clock),
  /** How many things in the record contradict each other. */
  contradictions: z.int().min(0),
  /** When the last event of the case was recorded. */
  updatedAt: Instant,
});
export type CaseSummary = z.infer<typeof CaseSummary>;

/** Newest detention first. */
export const CasePage = pageOf(CaseSummary);
export type CasePage = z.infer<typeof CasePage>;

/** The four times of a case; null for what was not recorded. */
export const CaseTimes = z.object({
  actual: Instant.nullable(),
  delivered: Instant.nullable(),
  registered: Instant.nullable(),
  protocol: Instant.nullable(),
});
export type CaseTimes = z.infer<typeof CaseTimes>;

/** Two instants that cannot both be right, or should not be. */
export const CaseContradiction = z.object({
  code: z.enum(CONTRADICTIONS),
  /** What is in doubt. */
  at: Instant,
  /** What it is held against; null for what is missing. */
  against: Instant.nullable(),
  /** The limit it is about, if it is about one. */
  limit: z.object({ normSet: NormSlug, limit: NormSlug }).optional(),
});
export type CaseContradiction = z.infer<typeof CaseContradiction>;

/** One run of a limit, from its anchor until it was met, or until now. A limit that comes again has several. */
export const CaseRun = z.object({
  normSet: NormSlug,
  limit: NormSlug,
  kind: z.enum(['deadline', 'duty', 'review', 'accumulation']),
  /** What the due instant rests on. */
  standing: Standing,
  /** Another norm holds in its place for this case. */
  shadowed: z.boolean(),
  /** The ground of the extension that moved the due instant. */
  ground: NormSlug.nullable(),
  anchorAt: Instant,
  amberAt: Instant,
  redAt: Instant,
  dueAt: Instant,
  /** When it was met, late if after `dueAt`; null while it runs. What still ran when the case was closed was not met. */
  metAt: Instant.nullable(),
  /** Since when the clock stands, while it runs. */
  pausedAt: Instant.nullable(),
});
export type CaseRun = z.infer<typeof CaseRun>;

/** A time in one area, one after the other. */
export const CaseStay = z.object({ areaId: AreaId, from: Instant, to: Instant.nullable() });
export type CaseStay = z.infer<typeof CaseStay>;

const { reason: _case, ...caseDetails } = CASE_DETAILS;
const { reason: _area, ...areaDetails } = AREA_DETAILS;

/** What an event of any type says beside the common fields; only what it has, and no words of whoever wrote it down. */
export const EventDetails = z.object({ ...caseDetails, ...areaDetails });
export type EventDetails = z.infer<typeof EventDetails>;

/**
 * An event as it was recorded. A correction has an entry of its own (`RECORD_CORRECTED`, with `corrects`), and so has the replacement that it brought (with `replaces`).
 */
export const TimelineEntry = z.object({
  id: EventId,
  type: z.enum([...CASE_EVENT_TYPES, ...AREA_EVENT_TYPES, 'RECORD_CORRECTED']),
  occurredAt: Instant,
  recordedAt: Instant,
  receivedAt: Instant,
  /** How far ahead of ours the recorder's clock was, if it was more than is usual. */
  skewMs: z.int().optional(),
  recordedBy: z.string(),
  /** By which way it came, whatever `recordedBy` says; absent on what was taken before this was noted. */
  via: RecordChannel.optional(),
  areaId: AreaId.nullable(),
  person: Person.optional(),
  details: EventDetails,
  /** It has a note or a reason in free words. They may name somebody, and are read apart, for a purpose. */
  hasWords: z.boolean(),
  /** The correction by which it counts as never recorded, as things stand now. */
  voidedBy: EventId.nullable(),
  /** The event in whose place it stands. */
  replaces: EventId.nullable(),
  /** Of a correction: the event that it corrects, and what it put there. */
  corrects: EventId.optional(),
  replacement: EventId.optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** What was written to an event in free words. */
export const EventWords = z.object({
  id: EventId,
  note: z.string().optional(),
  reason: z.string().optional(),
});
export type EventWords = z.infer<typeof EventWords>;

/** The free words of a case's events, for a purpose. Not to be kept anywhere, as personal data. */
export const ReadWordsReply = z.object({
  caseId: CaseId,
  items: z.array(EventWords),
  /** The number of the audit entry that says who read them and why. */
  auditSeq: z.int().min(1),
});
export type ReadWordsReply = z.infer<typeof ReadWordsReply>;

/** Somebody saw an area while the person was in it. Cut to the stay. */
/** `high`: those of the seconds in which the picture was a large one. */
export const SeenTime = z.object({ seconds: z.number().min(0), high: z.number().min(0) });
export type SeenTime = z.infer<typeof SeenTime>;

export const CaseViewing = z.object({
  by: AuditActor,
  areaId: AreaId,
  feedId: FeedId,
  from: Instant,
  /** Null while it goes on, or when its end was never recorded. */
  to: Instant.nullable(),
  /** Until now while it goes on; 0 when its end was never recorded. */
  seconds: z.number().min(0),
  /**
   * For how long the picture could truly be seen, as the page says (visible page, tile on the screen, moving frames), never
   * more than `seconds`. Absent if it said nothing, as a standard player does, and while the viewing goes on.
   */
  seen: SeenTime.optional(),
  /** What the area was opened for (`alarm`: because of its flag); absent while it was seen on a wall. */
  purpose: PurposeId.optional(),
});
export type CaseViewing = z.infer<typeof CaseViewing>;

/** A case whole. Everything is derived from its events, also years after it was closed. */
export const CaseDetail = z.object({
  summary: CaseSummary,
  times: CaseTimes,
  contradictions: z.array(CaseContradiction),
  /** In the order of the norm sets; of one limit, earliest first. */
  runs: z.array(CaseRun),
  stays: z.array(CaseStay),
  /** By when it happened, then by when it was recorded; also what does not count any more. */
  timeline: z.array(TimelineEntry),
  /** Raised about the areas of the stays in their time, or naming the case; newest first. */
  flags: z.array(Flag),
  /** Newest first; absent for those who may not read the audit. */
  viewings: z.array(CaseViewing).optional(),
  /** Occupied without video, by cause, in seconds; absent where it is not counted. */
  dark: DarkSeconds.optional(),
  /** At least so many of each, the oldest, are not told, because there are too many. */
  leftOut: z.object({ events: z.int().min(0), flags: z.int().min(0), viewings: z.int().min(0) }),
});
export type CaseDetail = z.infer<typeof CaseDetail>;

import { z } from 'zod';
import { pageOf } from './areas.ts';
import { AREA_EVENT_TYPES, CASE_EVENT_TYPES } from './custody-events.ts';
import { Flag, Severity } from './flags.ts';
import { AreaId, CaseId, FacilityId, FlagId, Instant, RegionId } from './ids.ts';
import { RoleId, Scope } from './session.ts';
import { Vulnerability } from './status.ts';

/** What the person who comes has to know, in the order in which it is gone through. */
export const HandoverKind = z.enum(['flag', 'dark', 'unplaced', 'risk', 'clock', 'check', 'gate', 'change']);
export type HandoverKind = z.infer<typeof HandoverKind>;

/** One thing that is handed over: where it is, and what about it. */
export const HandoverEntry = z.strictObject({
  /** Names the thing; another state of it is another thing. */
  key: z.string().min(1).max(200),
  facilityId: FacilityId,
  /** Absent when it is about the whole facility. */
  areaId: AreaId.optional(),
  /** Since when, or when it is due. */
  at: Instant,
  caseId: CaseId.optional(),
  /** Norm set and limit that run out, as in `ua-cpc/court`. */
  limit: z.string().max(90).optional(),
  /** Why somebody there is at risk. */
  vulnerabilities: z.array(Vulnerability).max(8).optional(),
  /** Why there is no video: a cause of the rules. */
  cause: z.string().max(40).optional(),
  flag: z
    .strictObject({
      id: FlagId,
      category: Flag.shape.category,
      severity: Severity,
      state: Flag.shape.state,
      note: z.string().max(500),
      rule: Flag.shape.rule,
      /** Who has it, if anybody has. */
      takenBy: z.string().max(120).optional(),
      /** It is put aside: until when, by whom and why. */
      shelved: z
        .strictObject({ until: Instant, by: z.string().max(120), reason: z.string().max(500) })
        .optional(),
      /** Why it was closed. */
      reason: z.string().max(500).optional(),
    })
    .optional(),
});
export type HandoverEntry = z.infer<typeof HandoverEntry>;

/** Entries that an item names; `count` says how many there are, and the others come as an item of their own afterwards. */
export const MAX_HANDOVER_ENTRIES = 100;
/**
 * Things that one handover names in all, acknowledged or not. A thing takes 200 to 500 bytes: one of this size has about
 * 3 MB, which each acknowledgement writes anew. Who has more hands over in parts.
 */
export const MAX_HANDOVER_THINGS = 8_000;

const Signature = z.strictObject({ by: z.string().min(1).max(64), at: Instant });
export type Signature = z.infer<typeof Signature>;

/** What is acknowledged as one: a thing, or for the whole nation those of a region that are alike. */
export const HandoverItem = z.strictObject({
  id: z.string().min(1).max(240),
  kind: HandoverKind,
  regionId: RegionId,
  severity: Severity.optional(),
  entries: z.array(HandoverEntry).min(1).max(MAX_HANDOVER_ENTRIES),
  count: z.int().min(1),
  addedAt: Instant,
  /** It came up after the handover was opened. */
  late: z.boolean(),
  /** Nothing of it was in the last handover; absent where that is not known. */
  isNew: z.literal(true).optional(),
  /** Grows when something is added to it; an acknowledgement names the one that was seen. */
  rev: z.int().min(1),
  acknowledged: Signature.nullable(),
});
export type HandoverItem = z.infer<typeof HandoverItem>;

export const HandoverNote = z.strictObject({
  by: z.string().max(64),
  at: Instant,
  text: z.string().max(2000),
});
export type HandoverNote = z.infer<typeof HandoverNote>;

/** `withdrawn`: opened by mistake, and taken back by who opened it. */
export const HandoverState = z.enum(['open', 'closed', 'withdrawn']);
export type HandoverState = z.infer<typeof HandoverState>;

const summary = {
  id: z.uuid(),
  /** Whose shift it is: the next one of the same role takes it over. Absent on handovers of before there were parts. */
  desk: RoleId.optional(),
  /** All that the desk answers for, or a part of it. */
  scope: Scope,
  state: HandoverState,
  /** Who goes. */
  opened: Signature,
  /** Until when the next shift lasts: limits that run out before it are handed over. */
  shiftEndsAt: Instant,
  /** Who came, and closed it; or who withdrew it. */
  ended: Signature.nullable(),
} as const;

export const HandoverSummary = z.strictObject({
  ...summary,
  items: z.int().min(0),
  acknowledged: z.int().min(0),
});
export type HandoverSummary = z.infer<typeof HandoverSummary>;

/** Flags between the last handover and this one. */
export const HandoverCounts = z.strictObject({
  raised: z.int().min(0),
  resolved: z.int().min(0),
  dismissed: z.int().min(0),
  /** There were more flags than are looked through: some that were closed may be missing. */
  whole: z.literal(false).optional(),
});

/** What is counted of a shift, in the order in which it is told. Those who came are counted by case, all else by event. */
export const SHIFT_COUNTS = [
  'arrivals',
  'released',
  'transfersIn',
  'transfersOut',
  'moves',
  'hospital',
  'escaped',
  'died',
  'incidents',
  'force',
  'complaints',
  'overlays',
  'extensions',
  'gates',
] as const;
export type ShiftCount = (typeof SHIFT_COUNTS)[number];

/** Events that are told one by one; the newest are. */
export const MAX_NOTABLE = 40;

/** What was recorded in the shift that ends, as of the opening. */
export const HandoverChanges = z.strictObject({
  /** From when on it is counted. */
  from: Instant,
  /** From the last handover on; otherwise there was more than is read. */
  whole: z.boolean(),
  /** What there was none of is left out. */
  counts: z.partialRecord(z.enum(SHIFT_COUNTS), z.int().min(1)),
  notable: z
    .array(
      z.strictObject({
        type: z.enum([...CASE_EVENT_TYPES, ...AREA_EVENT_TYPES]),
        at: Instant,
        facilityId: FacilityId,
        areaId: AreaId.optional(),
        caseId: CaseId.optional(),
      }),
    )
    .max(MAX_NOTABLE),
});
export type HandoverChanges = z.infer<typeof HandoverChanges>;

export const Handover = z.strictObject({
  ...summary,
  /** When the last one of this scope was closed; null when this is the first. */
  previousAt: Instant.nullable(),
  /** What happened since then, or in the last day. */
  since: HandoverCounts,
  /** Absent on handovers of before it was told. */
  changes: HandoverChanges.optional(),
  items: z.array(HandoverItem).max(MAX_HANDOVER_THINGS),
  /** Things that are in no item yet, of the least urgent sorts: they come as others are acknowledged, before it can close. */
  left: z.int().min(0),
  notes: z.array(HandoverNote).max(100),
  /** When items were last held against what is live. */
  checkedAt: Instant,
  version: z.int().min(1),
});
export type Handover = z.infer<typeof Handover>;

export const OpenHandoverBody = z.strictObject({
  /** Length of the shift that comes. */
  shiftHours: z.int().min(1).max(24).default(12),
  note: z.string().trim().max(2000).default(''),
  /** The part that is handed over, within the own scope. @default the whole of it */
  regionIds: z.array(RegionId).min(1).max(100).optional(),
});
export const HandoverNoteBody = z.strictObject({ text: z.string().trim().min(1).max(2000) });
export const AcknowledgeItemBody = z.strictObject({
  itemId: HandoverItem.shape.id,
  /** The item as it was seen; another one is refused with `conflict`. */
  rev: HandoverItem.shape.rev,
});
/** `closed` by who comes, when all is acknowledged; `withdrawn` by who opened it, with a reason. */
export const EndHandoverBody = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('closed') }),
  z.strictObject({ to: z.literal('withdrawn'), reason: z.string().trim().min(3).max(500) }),
]);

/**
 * What the caller's desk is handing over now: the handover of its whole scope if there is one, and in short every one that
 * is open, also of parts.
 */
export const CurrentHandover = z.object({
  handover: Handover.nullable(),
  open: z.array(HandoverSummary).default([]),
});

export const HandoverQuery = z.strictObject({
  cursor: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
/** Newest first. */
export const HandoverPage = pageOf(HandoverSummary);

import { z } from 'zod';
import { NormSlug } from './custody-details.ts';
import { CaseId, Instant, LocalText } from './ids.ts';

/** What a purpose is called in requests, such as `medical-emergency`. */
export const PurposeId = NormSlug;
export type PurposeId = z.infer<typeof PurposeId>;

/** A reason for which the caller's role may read personal data now. */
export const Purpose = z.object({
  id: PurposeId,
  label: LocalText,
  /** What it is for, and what not. */
  explanation: LocalText,
  /** The request has to say more in `note`, such as the number of a proceeding. */
  needsNote: z.boolean(),
});
export type Purpose = z.infer<typeof Purpose>;

export const PurposeList = z.object({ items: z.array(Purpose) });

const line = (most: number) => z.string().trim().min(1).max(most);

/**
 * Who a case is about. It never stands in events, lists, live news or logs; it is kept encrypted, and erased some time
 * after the case was closed.
 */
export const PersonalData = z.strictObject({
  familyName: line(100),
  givenName: line(100),
  patronymic: line(100).optional(),
  /** A calendar date, such as `1990-01-31`. */
  birthDate: z.iso.date().optional(),
  citizenship: line(100).optional(),
  /** Articles and their names, one an item. */
  charges: z.array(line(300)).max(20).default([]),
  /** What whoever looks after the person has to know. */
  healthNotes: z.array(line(1_000)).max(20).default([]),
});
export type PersonalData = z.infer<typeof PersonalData>;

/** A facility's system states the whole of it each time; of two statements the one that was recorded later stands. */
export const PutPersonalBody = z.strictObject({ recordedAt: Instant, data: PersonalData });
export type PutPersonalBody = z.infer<typeof PutPersonalBody>;

export const PutPersonalReply = z.object({
  caseId: CaseId,
  /** `outdated`: something that was recorded later is kept; `unchanged`: the very same is. */
  status: z.enum(['stored', 'unchanged', 'outdated']),
});
export type PutPersonalReply = z.infer<typeof PutPersonalReply>;

/**
 * Changes of one record that are taken. What a facility said before is never thrown away for what it says now, so there has
 * to be an end; nobody corrects a case so often, and a key that was found out cannot fill the store. Our own judgment.
 */
export const MAX_PERSONAL_VERSIONS = 200;

export const ReadPersonalBody = z.strictObject({
  purpose: PurposeId,
  note: z.string().trim().min(3).max(500).optional(),
});
export type ReadPersonalBody = z.infer<typeof ReadPersonalBody>;

/** Not to be kept anywhere: neither by the page beyond the time that it is shown, nor by anything between. */
export const ReadPersonalReply = z.object({
  caseId: CaseId,
  data: PersonalData,
  /** When the facility wrote it down, and when it reached us. */
  recordedAt: Instant,
  receivedAt: Instant,
  /** The number of the audit entry that says who read it and why. */
  auditSeq: z.int().min(1),
});
export type ReadPersonalReply = z.infer<typeof ReadPersonalReply>;

/** Statements that are told at once. */
export const EARLIER_PAGE = 20;

export const ReadEarlierBody = ReadPersonalBody.extend({
  /** Only what was said before this version; without it, before the present one. */
  before: z.int().min(1).max(MAX_PERSONAL_VERSIONS).optional(),
});
export type ReadEarlierBody = z.infer<typeof ReadEarlierBody>;

/** What a facility said of a case before what it says now, newest first. Not to be kept anywhere, as above. */
export const ReadEarlierReply = z.object({
  caseId: CaseId,
  items: z
    .array(
      z.object({
        /** 1 is what was said first. */
        version: z.int().min(1),
        data: PersonalData,
        recordedAt: Instant,
        receivedAt: Instant,
      }),
    )
    .max(EARLIER_PAGE),
  /** `before` of the next page; null when there is no more. */
  nextBefore: z.int().nullable(),
  auditSeq: z.int().min(1),
});
export type ReadEarlierReply = z.infer<typeof ReadEarlierReply>;

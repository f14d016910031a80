import { z } from 'zod';
import { ComplaintKind, ComplaintOutcome, ForceKind } from './custody-details.ts';
import { DarkSeconds } from './dark.ts';
import { FacilityId, Instant, RegionId } from './ids.ts';

/** A calendar day of the nation, such as `2026-11-22`. */
export const Day = z.iso.date();
export type Day = z.infer<typeof Day>;

/** A calendar month of the nation, such as `2026-11`. */
export const Month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/);
export type Month = z.infer<typeof Month>;

/** Longest period that can be asked for, in days. */
export const MAX_FIGURE_DAYS = 400;

/** Most facilities of one answer. */
const MAX_PLACES = 5_000;

export const FiguresQuery = z.strictObject({
  /** First and last day, both included. @default the present month, up to today */
  from: Day.optional(),
  to: Day.optional(),
  region: RegionId.optional(),
  facility: FacilityId.optional(),
  /** What a row is. @default the next level below what was asked for */
  by: z.enum(['region', 'facility']).optional(),
  format: z.enum(['json', 'csv']).default('json'),
});
export type FiguresQuery = z.infer<typeof FiguresQuery>;

const count = z.int().min(0);
const seconds = z.number().min(0);

/** How one limit was kept. Durations run from the anchor until it was met, in whole minutes. */
export const LimitFigures = z.object({
  normSet: z.string(),
  limit: z.string(),
  /** Met in time. */
  kept: count,
  /** Met after its end, or not at all; for what is no law: late, and no breach. */
  late: count,
  medianMinutes: z.number().min(0).nullable(),
  worstMinutes: z.number().min(0).nullable(),
});
export type LimitFigures = z.infer<typeof LimitFigures>;

/** What a place has to account for in a period. */
export const Figures = z.object({
  /** Detentions that began, and cases that were closed. */
  begun: count,
  closed: count,
  /** People who were held at all, summed over the days: somebody held on three days counts three times. */
  personDays: count,
  /** Time that people spent in areas. */
  heldSeconds: seconds,
  /** Of it, time in which no camera showed them. */
  dark: DarkSeconds,
  /** Limits with at least one case. */
  limits: z.array(LimitFigures),
  /**
   * From the lawyer's assignment to the arrival. `none`: assigned, and never came. `unassigned`: none was recorded until the
   * case was closed, nor in the first six hours of one that is open. The hour and the six are generally known, and no law. */
  lawyer: z.object({
    within1h: count,
    within6h: count,
    later: count,
    none: count,
    unassigned: count,
    medianMinutes: z.number().min(0).nullable(),
    worstMinutes: z.number().min(0).nullable(),
  }),
  /** Each person's: one check of a cell with three people inside counts three times. */
  checks: z.object({ onTime: count, late: count, missed: count }),
  /** As the facilities recorded them. */
  complaints: z.object({
    byKind: z.partialRecord(ComplaintKind, count),
    byOutcome: z.partialRecord(ComplaintOutcome, count),
  }),
  /** That came to the hotline, and how they were answered. */
  hotline: z.object({
    byKind: z.partialRecord(ComplaintKind, count),
    byOutcome: z.partialRecord(ComplaintOutcome, count),
  }),
  force: z.partialRecord(ForceKind, count),
  restraints: count,
  /**
   * Time that people spent where people are held, and of it with less room than 4 and 3 m² each; and how much each had, on
   * the average of that time and at the least, in m². Null where nobody was held.
   */
  space: z.object({
    seconds,
    under4Seconds: seconds,
    under3Seconds: seconds,
    meanM2: z.number().min(0).nullable(),
    leastM2: z.number().min(0).nullable(),
  }),
});
export type Figures = z.infer<typeof Figures>;

export const FiguresRow = z.object({
  place: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('nation') }),
    /** Everything that the caller may read, when that is neither the nation nor one place. */
    z.object({ kind: z.literal('scope') }),
    z.object({ kind: z.literal('region'), regionId: RegionId }),
    z.object({ kind: z.literal('facility'), regionId: RegionId, facilityId: FacilityId }),
  ]),
  figures: Figures,
});
export type FiguresRow = z.infer<typeof FiguresRow>;

/** What a chart by days needs. */
export const DayFigures = z.object({
  day: Day,
  begun: count,
  heldSeconds: seconds,
  darkSeconds: seconds,
  /** Of limits that rest on law. */
  breaches: count,
  checksMissed: count,
  force: count,
  complaints: count,
});
export type DayFigures = z.infer<typeof DayFigures>;

export const FiguresReply = z.object({
  from: Day,
  to: Day,
  timeZone: z.string(),
  /** The present, up to which what goes on is counted. */
  asOf: Instant,
  /** False while events wait to be counted: after a long interruption, or when the figures are built anew. */
  complete: z.boolean(),
  /** Invented data. */
  sample: z.boolean(),
  total: FiguresRow,
  rows: z.array(FiguresRow).max(MAX_PLACES),
  days: z.array(DayFigures).max(MAX_FIGURE_DAYS),
});
export type FiguresReply = z.infer<typeof FiguresReply>;

export const DigestQuery = z.strictObject({ month: Month });

/**
 * A cell that may be published. `few`: 1 to 4, shown as "<5". `hidden`: kept back, so that a "<5" cannot be computed from
 * it and the total. `none`: there is nothing of which it would be the average.
 */
export const DigestCell = z.union([
  z.object({ is: z.literal('value'), value: z.number() }),
  z.object({ is: z.literal('few') }),
  z.object({ is: z.literal('hidden') }),
  z.object({ is: z.literal('none') }),
]);
export type DigestCell = z.infer<typeof DigestCell>;

/** What the digest tells; in this order. Counts and hours are summed over the rows. */
export const DIGEST_COUNTS = [
  'begun',
  'breaches',
  'guidanceLate',
  'lawyerLate',
  'lawyerNever',
  'checksMissed',
  'force',
  'complaints',
  'hotline',
] as const;
export const DIGEST_HOURS = ['heldHours', 'darkHours', 'unknownHours', 'under4Hours', 'under3Hours'] as const;
/** Averages: the nation's is of all people, and no sum of the regions. */
export const DIGEST_MEANS = ['meanM2'] as const;
export const DIGEST_COLUMNS = [...DIGEST_COUNTS, ...DIGEST_HOURS, ...DIGEST_MEANS] as const;
export type DigestColumn = (typeof DIGEST_COLUMNS)[number];

/** What of a month may be published: by region, no personal data, small numbers kept back. */
export const DigestReply = z.object({
  month: Month,
  asOf: Instant,
  /** The month is not over yet. */
  provisional: z.boolean(),
  complete: z.boolean(),
  sample: z.boolean(),
  /** Counts below this are not told. */
  smallest: z.int().min(2),
  rows: z.array(
    z.object({ regionId: RegionId, reporting: z.boolean(), cells: z.record(z.string(), DigestCell) }),
  ),
  total: z.record(z.string(), DigestCell),
});
export type DigestReply = z.infer<typeof DigestReply>;

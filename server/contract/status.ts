import { z } from 'zod';
import { Clock } from './clocks.ts';
import { Air, Space } from './conditions.ts';
import { AreaId, CaseId, Instant } from './ids.ts';

/** People of a category in an area, for separation rules and filters; no identities. */
export const Vulnerability = z.enum([
  'minor',
  'woman',
  'at-risk',
  'administrative',
  'vulnerable',
  'intoxicated',
]);
export type Vulnerability = z.infer<typeof Vulnerability>;

/** Code of the finding, under `record`, that the power of an area has failed. */
export const POWER_LOST = 'power-lost';

/** Something about an area that contradicts a rule or the record. Codes of separation are those of the norm sets. */
export const AreaFinding = z.strictObject({
  /** Norm set and rule, as in `ua-order-777` and `minor-with-adult`; `record` for what the record itself says or contradicts. */
  normSet: z.string().max(40),
  code: z.string().max(40),
  /** Since when it has been so. */
  since: Instant,
});
export type AreaFinding = z.infer<typeof AreaFinding>;

/** Somebody closed the area to everybody: when, until when at the latest, and who; a user name or a service number. */
export const Gate = z.strictObject({ since: Instant, until: Instant, by: z.string().min(1).max(64) });
export type Gate = z.infer<typeof Gate>;

export const VisitKind = z.enum(['lawyer', 'medical']);
export type VisitKind = z.infer<typeof VisitKind>;

/** Somebody is with a lawyer or a doctor, and nobody may watch: since when, and until when unless somebody says that it goes on. */
export const Visit = z.strictObject({ kind: VisitKind, caseId: CaseId, since: Instant, until: Instant });
export type Visit = z.infer<typeof Visit>;

/** Visits of an area that are told; the others, that end later, are told when these are over. */
export const MAX_VISITS = 16;

/** What is covered of the picture may be seen: when that began, until when at the latest, and who decided it. */
export const Unmasked = z.strictObject({ since: Instant, until: Instant, by: z.string().min(1).max(64) });
export type Unmasked = z.infer<typeof Unmasked>;

/** What custody knows of an area now. Derived from events and the registry only. */
export const AreaStatus = z.strictObject({
  areaId: AreaId,
  headcount: z.int().min(0).max(1000),
  /** Clocks of the people inside, most urgent first as of `updatedAt`; at most one per case and limit. */
  clocks: z.array(Clock).max(200),
  vulnerabilities: z.array(Vulnerability).max(8),
  /** Next welfare check due, if anybody is inside. */
  nextCheckDueAt: Instant.nullable(),
  /** Minutes from one check to the next, the strictest of anybody inside; absent where it is the usual (`WELFARE_CHECK`). */
  checkMinutes: z.int().min(1).max(1_440).optional(),
  /** Set while the area is confidential by event (lawyer's visit, medical examination, a gate). */
  confidentialSince: Instant.nullable(),
  /** The gate that stands in front of it, if it is confidential by one. */
  gate: Gate.optional(),
  /** The visits for which it is confidential, the one that ends first in front. */
  visits: z.array(Visit).min(1).max(MAX_VISITS).optional(),
  /** Its mask is lifted until then; absent while it covers. */
  unmasked: Unmasked.optional(),
  space: Space.optional(),
  air: Air.optional(),
  /** A call bell was rung then, and nobody has answered it or looked in since. */
  bellSince: Instant.optional(),
  /** The closest observation that anybody inside is under, from 2 (intermittent) to 4 (close proximity); absent for general. */
  observation: z.int().min(2).max(4).optional(),
  /** In a fixed order; absent when there is nothing to say. */
  findings: z.array(AreaFinding).max(16).optional(),
  /** When the last event that touched the area was recorded. */
  updatedAt: Instant,
});
export type AreaStatus = z.infer<typeof AreaStatus>;

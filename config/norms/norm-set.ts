import { z } from 'zod';
import { CASE_EVENT_TYPES, Person } from '#contract/custody-events.ts';
import { Instant, LocalText } from '#contract/ids.ts';

const CaseEventType = z.enum(CASE_EVENT_TYPES);
const slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .max(40);

/** What a figure rests on: a law in force, official guidance, or what is merely generally known (never shown as law). */
export const Standing = z.enum(['law', 'guidance', 'general-knowledge']);
export type Standing = z.infer<typeof Standing>;

/** A span of time that stops a limit's clock. */
const Pause = z.strictObject({ from: CaseEventType, until: CaseEventType });

/** How much time a person's case may take from one event to another. */
export const Limit = z.strictObject({
  id: slug,
  /** The clock starts with the earliest event of these types. */
  anchor: z.array(CaseEventType).min(1),
  minutes: z
    .int()
    .min(1)
    .max(366 * 24 * 60),
  /** The clock is met by the first event of these types at or after its anchor; leaving custody ends it anyhow. */
  metBy: z.array(CaseEventType).min(1),
  pauses: z.array(Pause).max(8),
  label: LocalText,
  source: LocalText,
  standing: Standing,
});
export type Limit = z.infer<typeof Limit>;

/** Fractions of a limit at which its clock turns amber and red. */
const Warnings = z
  .strictObject({
    amber: z.number().gt(0).lt(1),
    red: z.number().gt(0).lt(1),
    /** No source gives these figures. */
    standing: z.literal('judgment'),
  })
  .refine(({ amber, red }) => amber < red, { error: 'amber must come before red', path: ['amber'] });

/** Limits of one body of norms, as they stood in a span of time. A case uses the set that was valid at its anchor. */
export const NormSet = z
  .strictObject({
    id: slug,
    version: z.int().min(1),
    name: LocalText,
    /** Whom the set is for. */
    regime: Person.shape.regime,
    validFrom: Instant,
    /** The first instant at which the set is no longer valid; null while it is in force. */
    validTo: Instant.nullable(),
    warnings: Warnings,
    limits: z.array(Limit).min(1).max(40),
  })
  .refine(({ validFrom, validTo }) => validTo === null || Date.parse(validFrom) < Date.parse(validTo), {
    error: 'validTo must be after validFrom',
    path: ['validTo'],
  })
  .refine(({ limits }) => new Set(limits.map(({ id }) => id)).size === limits.length, {
    error: 'a limit occurs twice',
    path: ['limits'],
  });
export type NormSet = z.infer<typeof NormSet>;

/** An interval of practice that is kept for an area and not for a case. */
export const Interval = z.strictObject({
  normSet: slug,
  id: slug,
  minutes: z
    .int()
    .min(1)
    .max(24 * 60),
  label: LocalText,
  source: LocalText,
  standing: Standing,
});
export type Interval = z.infer<typeof Interval>;

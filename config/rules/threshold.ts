import { z } from 'zod';
import { Standing } from '#contract/clocks.ts';
import { Instant } from '#contract/ids.ts';
import { RuleId } from './rule.ts';

/** What a rule measures in time. */
export const LengthId = z.enum([
  'gate-too-long',
  'examination-too-long',
  'visit-ending',
  'closed-elsewhere',
  'closed-for-visits',
  'silent-without-cameras',
  'silent-while-occupied',
  'clock-stands',
  'transfer-received',
  'drift-over',
  'power-accounts',
  'news',
  'recorded-late',
  'edited-late',
  'moved',
  'told-late',
  'apart',
  'record-leeway',
  'sighted-again',
  'checked-again',
]);
export type LengthId = z.infer<typeof LengthId>;

/** What a rule counts in a day. */
export const CountId = z.enum(['gates-elsewhere', 'gates-for-visits']);
export type CountId = z.infer<typeof CountId>;

const common = {
  version: z.int().min(1),
  /** Counts from this instant up to, not including, the last; null while it is in force. */
  validFrom: Instant,
  validTo: Instant.nullable(),
  value: z.int().min(1).max(10_000),
  /** Rules that depend on it. */
  rules: z.array(RuleId).min(1),
  /** What it decides. */
  what: z.string().min(1),
  standing: Standing,
  /** What the figure rests on. */
  source: z.string().min(1),
  /** Where that was read; null if nowhere. */
  address: z.url().nullable(),
};

/** A figure by which a rule is raised or is not, as it stood in a span of time. */
export const Threshold = z.discriminatedUnion('unit', [
  z.strictObject({ id: LengthId, unit: z.literal('second'), ...common }),
  z.strictObject({ id: LengthId, unit: z.literal('minute'), ...common }),
  z.strictObject({ id: LengthId, unit: z.literal('hour'), ...common }),
  z.strictObject({ id: CountId, unit: z.literal('times a day'), ...common }),
]);
export type Threshold = z.infer<typeof Threshold>;

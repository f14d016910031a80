import { z } from 'zod';
import { Actor } from './flags.ts';
import { Instant, RegionId } from './ids.ts';

/** A chain of audit entries: one for each region, and one for what belongs to no region (sign-ins, accounts). */
export const AuditChain = z.union([z.literal('nation'), RegionId]);
export type AuditChain = z.infer<typeof AuditChain>;

/** Who did it; beside people and rules, machines and strangers. */
export const AuditActor = z.strictObject({
  kind: z.enum([...Actor.shape.kind.options, 'facility', 'anonymous', 'system']),
  id: z.string().min(1).max(64),
});
export type AuditActor = z.infer<typeof AuditActor>;

/** SHA-256 in lower-case hex. */
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What the first entry of a chain names as its predecessor. */
export const AUDIT_GENESIS = '0'.repeat(64);

/**
 * One entry of a chain. `hash` is SHA-256 over the canonical JSON (RFC 8785) of all other fields, `prevHash` among them,
 * so that no entry can be changed, left out, inserted or moved without breaking every later hash.
 */
export const AuditEntry = z.strictObject({
  chain: AuditChain,
  seq: z.int().min(1),
  at: Instant,
  actor: AuditActor,
  /** What was done, such as `flag.raise` or `session.sign-in`. */
  action: z.string().min(1).max(64),
  /** What it was done to, such as `area:ua-68-itt-2-cell-4`. */
  resource: z.string().max(200),
  outcome: z.enum(['done', 'refused']),
  details: z.record(z.string().max(64), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()])),
  prevHash: Digest,
  hash: Digest,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditQuery = z.strictObject({
  chain: AuditChain.default('nation'),
  /** `asc`: as they were written, for verification. `desc`: newest first, for reading. */
  order: z.enum(['asc', 'desc']).default('asc'),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

import { z } from 'zod';
import { Actor } from './flags.ts';
import { Instant, RegionId } from './ids.ts';

/** A chain of audit entries: one for each region, and one for what belongs to no region (sign-ins, accounts). */
export const AuditChain = z.union([z.literal('nation'), RegionId]);
export type AuditChain = z.infer<typeof AuditChain>;

/** Who did it; beside people and rules, machines and strangers. */
export const AuditActor = z.strictObject({
  kind: z.enum([...Actor.shape.kind.options, 'facility', 'display', 'anonymous', 'system']),
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

/** The last entry of a chain: its number and its hash. */
export const AuditHead = z.strictObject({ seq: z.int().min(1), hash: Digest });
export type AuditHead = z.infer<typeof AuditHead>;

/**
 * What every chain was at an instant, signed. It ties the chains together, and whoever was given one can tell later
 * whether anything before it was changed, also at a chain's end. Checkpoints are a chain of their own: `hash` is SHA-256
 * over the canonical JSON (RFC 8785) of all fields but `hash` and `signature`, and `signature` is Ed25519 over the same
 * text, base64url, by the key named `kid`.
 */
export const AuditCheckpoint = z.strictObject({
  seq: z.int().min(1),
  at: Instant,
  /** By chain; a chain without an entry is left out. */
  heads: z.record(AuditChain, AuditHead),
  prevHash: Digest,
  kid: z.string().min(1).max(200),
  hash: Digest,
  signature: z.string().regex(/^[\w-]{86}$/),
});
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>;

/** A public key that signed checkpoints (RFC 8037). */
export const AuditPublicKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().min(1).max(200),
});
export type AuditPublicKey = z.infer<typeof AuditPublicKey>;

export const AuditKeys = z.object({ keys: z.array(AuditPublicKey).max(50) });

/** Whether the audit still is what was signed of it, as of now. */
export const AuditState = z.object({
  at: Instant,
  /** This server signs checkpoints. */
  isSigning: z.boolean(),
  last: AuditCheckpoint.nullable(),
  /** Chains whose last signed entry is gone or another one: anything but none is an alarm. */
  changedChains: z.array(AuditChain),
});
export type AuditState = z.infer<typeof AuditState>;

export const AuditExportReady = z.object({ ready: z.literal(true) });

export const AUDIT_EXPORT_FORMAT = 'varta-audit/1';

/** A line of an exported audit: what it is, then all checkpoints, then the chains' entries, oldest first within a chain. */
export const AuditExportLine = z.union([
  z.strictObject({ format: z.literal(AUDIT_EXPORT_FORMAT), nation: z.string(), exportedAt: Instant }),
  z.strictObject({ checkpoint: AuditCheckpoint }),
  z.strictObject({ entry: AuditEntry }),
  /** The end: without this line the file was cut off. */
  z.strictObject({ entries: z.int().min(0), checkpoints: z.int().min(0) }),
]);
export type AuditExportLine = z.infer<typeof AuditExportLine>;

export const AuditQuery = z.strictObject({
  chain: AuditChain.default('nation'),
  /** `asc`: as they were written, for verification. `desc`: newest first, for reading. */
  order: z.enum(['asc', 'desc']).default('asc'),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  /** Only what was refused. */
  outcome: z.literal('refused').optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditCheckpointQuery = AuditQuery.omit({ chain: true, outcome: true });
export type AuditCheckpointQuery = z.infer<typeof AuditCheckpointQuery>;

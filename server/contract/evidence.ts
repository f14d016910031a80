import { z } from 'zod';
import { pageOf } from './areas.ts';
import { AuditEntry } from './audit.ts';
import { ClipEnd } from './clips.ts';
import { AreaId, FacilityId, FeedId, FlagId, Instant, NodeId, RegionId } from './ids.ts';
import { Layer } from './nation.ts';
import { RoleId } from './session.ts';

/** SHA-256 in lower-case hex. */
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

export const EvidenceId = z.uuid();
export type EvidenceId = z.infer<typeof EvidenceId>;

export const EVIDENCE_FORMAT = 'varta-evidence/1';

/** A file of a still or clip as it came from the node, by its SHA-256. */
export const EvidenceFile = z.strictObject({
  /** Also its name in an exported package. */
  name: z.string().regex(/^[a-z0-9-]{1,40}\.(?:jpg|mp4|webm)$/),
  kind: z.enum(['still', 'video']),
  mediaType: z.enum(['image/jpeg', 'video/mp4', 'video/webm']),
  bytes: z.int().min(1),
  sha256: Digest,
  /** When its first and last picture came to the node. */
  from: Instant,
  to: Instant,
  pictures: z.int().min(1),
  width: z.int().min(1),
  height: z.int().min(1),
  layer: Layer.nullable(),
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;

/**
 * Why it was taken: a flag was raised, or somebody asked for it and said why; `control`: an office of outside control did,
 * and nobody else is told of that, nor of what was taken.
 */
export const EvidenceCause = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flag') }),
  z.strictObject({
    kind: z.literal('request'),
    by: z.string().min(1).max(64),
    reason: z.string().min(3).max(500),
  }),
  z.strictObject({
    kind: z.literal('control'),
    office: RoleId,
    by: z.string().min(1).max(64),
    reason: z.string().min(3).max(500),
  }),
]);
export type EvidenceCause = z.infer<typeof EvidenceCause>;

const about = {
  id: EvidenceId,
  regionId: RegionId,
  facilityId: FacilityId,
  areaId: AreaId,
  feedId: FeedId,
  flagId: FlagId,
  cause: EvidenceCause,
  /** The moment that it is about. */
  at: Instant,
};

/**
 * What was kept, signed: `hash` is SHA-256 over the canonical JSON (RFC 8785) of all fields but `hash` and `signature`,
 * and `signature` is Ed25519 over the same text, base64url, by the key named `kid`, one of those that sign checkpoints.
 */
export const EvidenceManifest = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  nation: z.string().min(1).max(40),
  ...about,
  node: NodeId,
  /** What was asked for before and after the moment, in milliseconds; what there is, `files` say. */
  preMs: z.int().min(0),
  postMs: z.int().min(0),
  end: ClipEnd,
  /** It was cut before this instant, because from then on nobody might see the area; null when it was not. */
  cutBefore: Instant.nullable(),
  files: z.array(EvidenceFile).min(1).max(40),
  /** Longer times without a picture. */
  gaps: z.array(z.strictObject({ from: Instant, to: Instant })).max(200),
  keptAt: Instant,
  kid: z.string().min(1).max(200),
  hash: Digest,
  signature: z.string().regex(/^[\w-]{86}$/),
});
export type EvidenceManifest = z.infer<typeof EvidenceManifest>;

/** Why there is none: nobody may see the area, there was no picture, no node, no room, or the server ended on the way. */
export const EvidenceFailure = z.enum(['confidential', 'no-picture', 'no-node', 'no-room', 'interrupted']);
export type EvidenceFailure = z.infer<typeof EvidenceFailure>;

/** A still and clip around a flag: being taken, kept, not to be had, or erased when its time was over. */
export const Evidence = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('taking'), ...about }),
  z.strictObject({ state: z.literal('failed'), ...about, why: EvidenceFailure, failedAt: Instant }),
  z.strictObject({
    state: z.literal('kept'),
    ...about,
    manifest: EvidenceManifest,
    /** When it is erased, unless it is under a preservation hold then. */
    expiresAt: Instant,
    /**
     * Since when nobody sees its pictures: by then it had become known that the area was closed at that time. It cannot be
     * opened any more, and is erased with its time.
     */
    sealedAt: Instant.optional(),
  }),
  z.strictObject({ state: z.literal('erased'), ...about, manifest: EvidenceManifest, erasedAt: Instant }),
]);
export type Evidence = z.infer<typeof Evidence>;

export const EvidenceList = z.strictObject({
  items: z.array(Evidence),
  /** Feeds of the flag's area, of which a clip can be asked for. */
  feeds: z.array(FeedId),
  /** Whether this site keeps evidence at all. */
  isKept: z.boolean(),
});
export type EvidenceList = z.infer<typeof EvidenceList>;

export const EvidenceQuery = z.strictObject({
  facility: FacilityId.optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}_[0-9a-f-]{36}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type EvidenceQuery = z.infer<typeof EvidenceQuery>;

/** Newest first. */
export const EvidencePage = pageOf(Evidence);
export type EvidencePage = z.infer<typeof EvidencePage>;

export const TakeEvidenceBody = z.strictObject({
  /** Chosen by the sender: the same twice is the same clip. */
  id: EvidenceId,
  feedId: FeedId,
  reason: z.string().trim().min(3).max(500),
});
export type TakeEvidenceBody = z.infer<typeof TakeEvidenceBody>;

/** Everything that was ever done with a piece of evidence, as the audit has it, oldest first. */
export const EvidenceCustody = z.strictObject({ items: z.array(AuditEntry) });
export type EvidenceCustody = z.infer<typeof EvidenceCustody>;

export const EvidenceExportReady = z.strictObject({ ready: z.literal(true) });

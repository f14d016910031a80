import { createHash } from 'node:crypto';
import type { ClipFile } from '#contract/clips.ts';
import type { EvidenceFile, EvidenceManifest } from '#contract/evidence.ts';
import { toCanonicalJson } from '../audit/canonical-json.ts';
import type { AuditSigner } from '../audit/signing-key.ts';

const EXTENSIONS = { 'image/jpeg': 'jpg', 'video/mp4': 'mp4', 'video/webm': 'webm' } as const;

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A file of a clip as the manifest names it; videos are counted from 1. */
export function toEvidenceFile(file: ClipFile, bytes: Buffer, number: number): EvidenceFile {
  const { fromMs, toMs, ...rest } = file;
  const stem = file.kind === 'still' ? 'still' : `clip-${number}`;
  return {
    ...rest,
    name: `${stem}.${EXTENSIONS[file.mediaType]}`,
    sha256: sha256(bytes),
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
  };
}

/** Signs what was kept. */
export function signManifest(
  body: Omit<EvidenceManifest, 'kid' | 'hash' | 'signature'>,
  signer: Pick<AuditSigner, 'kid' | 'sign'>,
): EvidenceManifest {
  const named = { ...body, kid: signer.kid };
  const text = toCanonicalJson(named);
  return { ...named, hash: sha256(text), signature: signer.sign(text) };
}

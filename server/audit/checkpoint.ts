import { createHash } from 'node:crypto';
import { AUDIT_GENESIS, type AuditChain, type AuditCheckpoint } from '#contract/audit.ts';
import { toCanonicalJson } from './canonical-json.ts';
import type { AuditSigner } from './signing-key.ts';

/** What every chain is now, by chain; chains without entries are left out. */
export type Heads = AuditCheckpoint['heads'];

/** The checkpoint that follows `last`, signed. */
export function nextCheckpoint(
  last: AuditCheckpoint | undefined,
  heads: Heads,
  { signer, atMs }: { signer: Pick<AuditSigner, 'kid' | 'sign'>; atMs: number },
): AuditCheckpoint {
  const body = {
    seq: (last?.seq ?? 0) + 1,
    at: new Date(atMs).toISOString(),
    heads,
    prevHash: last?.hash ?? AUDIT_GENESIS,
    kid: signer.kid,
  };
  const text = toCanonicalJson(body);
  return { ...body, hash: createHash('sha256').update(text).digest('hex'), signature: signer.sign(text) };
}

/** Whether there is something new to sign, and the last signature is old enough. */
export function isCheckpointDue(
  last: AuditCheckpoint | undefined,
  heads: Heads,
  { nowMs, everyMs }: { nowMs: number; everyMs: number },
): boolean {
  if (last === undefined) return Object.keys(heads).length > 0;
  if (nowMs < Date.parse(last.at) + everyMs) return false;
  return !isSigned(last, heads);
}

/** Whether a checkpoint says what the chains are now. */
export function isSigned(last: AuditCheckpoint | undefined, heads: Heads): boolean {
  return last !== undefined && toCanonicalJson(heads) === toCanonicalJson(last.heads);
}

/**
 * Chains that are not what they were when the last checkpoint was signed. `entryHash` tells the hash that a chain's entry
 * has now; undefined when there is none.
 */
export async function chainsThatChanged(
  last: AuditCheckpoint | undefined,
  entryHash: (chain: AuditChain, seq: number) => Promise<string | undefined>,
): Promise<AuditChain[]> {
  const signed = Object.entries(last?.heads ?? {});
  const held = await Promise.all(
    signed.map(async ([chain, head]) => (await entryHash(chain, head.seq)) === head.hash),
  );
  return signed.flatMap(([chain], index) => (held[index] ? [] : [chain]));
}

import { createHash } from 'node:crypto';
import { AUDIT_GENESIS, type AuditChain, type AuditEntry } from '#contract/audit.ts';
import type { AuditDraft } from './audit.ts';
import { toCanonicalJson } from './canonical-json.ts';

/** The last entry of a chain: its number and its hash. */
export interface Head {
  seq: number;
  hash: string;
}

/** The head of a chain that has no entry yet. */
export const EMPTY_CHAIN: Head = { seq: 0, hash: AUDIT_GENESIS };

/** The entry that follows a head. */
export function nextEntry(chain: AuditChain, head: Head, draft: AuditDraft, atMs: number): AuditEntry {
  const body = {
    chain,
    seq: head.seq + 1,
    at: new Date(atMs).toISOString(),
    actor: draft.actor,
    action: draft.action,
    resource: draft.resource,
    outcome: draft.outcome,
    details: draft.details ?? {},
    prevHash: head.hash,
  };
  return { ...body, hash: hashOf(body) };
}

/** SHA-256 over the canonical JSON of an entry without its hash. */
function hashOf(body: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256').update(toCanonicalJson(body)).digest('hex');
}

export type Verdict =
  | { ok: true; head: Head }
  | { ok: false; seq: number; problem: 'wrong-number' | 'broken-link' | 'wrong-hash' | 'wrong-chain' };

/**
 * Whether entries are an unbroken piece of one chain, oldest first, right after `start`. The verdict names the first
 * entry that is not as it was written, or not where it was written. What was cut off at the end shows only against a
 * head that is known from elsewhere.
 */
export function verifyChain(entries: readonly AuditEntry[], start: Head = EMPTY_CHAIN): Verdict {
  let head = start;
  for (const entry of entries) {
    const { hash, ...body } = entry;
    if (entry.chain !== entries[0]?.chain) return { ok: false, seq: entry.seq, problem: 'wrong-chain' };
    if (entry.seq !== head.seq + 1) return { ok: false, seq: entry.seq, problem: 'wrong-number' };
    if (entry.prevHash !== head.hash) return { ok: false, seq: entry.seq, problem: 'broken-link' };
    if (hash !== hashOf(body)) return { ok: false, seq: entry.seq, problem: 'wrong-hash' };
    head = { seq: entry.seq, hash };
  }
  return { ok: true, head };
}

/** A head as Redis keeps it; the empty string stands for a chain without entries. */
export function formatHead(head: Head): string {
  return head.seq === 0 ? '' : `${head.seq} ${head.hash}`;
}

/** Reads what {@link formatHead} wrote. Throws a TypeError for anything else. */
export function parseHead(text: string): Head {
  if (text === '') return EMPTY_CHAIN;
  const match = /^(\d{1,15}) ([0-9a-f]{64})$/.exec(text);
  if (!match?.[1] || !match[2]) throw new TypeError('the head of an audit chain is not readable');
  return { seq: Number(match[1]), hash: match[2] };
}

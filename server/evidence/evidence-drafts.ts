import type { Evidence, EvidenceFailure } from '#contract/evidence.ts';
import type { AuditDraft } from '../audit/audit.ts';

/** What a record says of its evidence, whatever becomes of it. */
export type AboutEvidence = Omit<Extract<Evidence, { state: 'taking' }>, 'state'>;

/** Whoever does what nobody asked for. */
export const EVIDENCE_SYSTEM = { kind: 'system', id: 'evidence' } as const;

/** What says in the audit that something was done with evidence. */
export function draftOf(
  action: string,
  { id, areaId, feedId, flagId }: Pick<AboutEvidence, 'id' | 'areaId' | 'feedId' | 'flagId'>,
  { actor, details }: Pick<AuditDraft, 'actor'> & { details: NonNullable<AuditDraft['details']> },
): AuditDraft {
  return {
    actor,
    action,
    resource: `evidence:${id}`,
    outcome: 'done',
    details: { area: areaId, feed: feedId, flag: flagId, ...details },
  };
}

/** A change that says that nothing could be kept. */
export function toFailed(about: AboutEvidence, why: EvidenceFailure, nowMs: number) {
  const after: Evidence = { state: 'failed', ...about, why, failedAt: new Date(nowMs).toISOString() };
  const draft = draftOf('evidence.fail', about, { actor: EVIDENCE_SYSTEM, details: { why } });
  return { after, dueMs: undefined, draft };
}

import type { EvidenceCause, EvidenceId } from '#contract/evidence.ts';
import type { FlagId } from '#contract/ids.ts';
import type { AuditDraft } from '../audit/audit.ts';
import type { PlacedFeed } from '../nation/registry.ts';

/** A still and clip that is to be taken. */
export interface TakeTask {
  id: EvidenceId;
  placed: PlacedFeed;
  flagId: FlagId;
  cause: EvidenceCause;
  actor: AuditDraft['actor'];
}

import type { z } from 'zod';
import type { ControlGrantRefused } from '#contract/control.ts';
import type { NodeId } from '#contract/ids.ts';
import type { Attacks } from '../../audit/audit.ts';

/**
 * Records that a node was shown a grant that is none: only who is inside the network, or has seen an old one, gets that
 * far.
 */
export function auditForgedGrant(
  audit: Attacks,
  nodeId: NodeId,
  { where, code, count }: z.infer<typeof ControlGrantRefused>,
): void {
  audit.auditAttack({
    actor: { kind: 'system', id: nodeId },
    from: where,
    kind: code,
    action: 'grant.refuse',
    resource: `node:${nodeId}`,
    code,
    count,
  });
}

import { VartaError } from '#contract/errors.ts';
import type { Action } from '../../config/roles/roles.ts';
import { decide, type Principal, type Resource } from '../access/decide.ts';
import type { AuditLog } from './audit.ts';

/** Asks the policy. @throws VartaError with the policy's code where it says no; the refusal is in the audit then. */
export function assertMay(
  { principal, action, resource }: { principal: Principal; action: Action; resource: Resource },
  audit: Pick<AuditLog, 'auditRefusal'>,
): void {
  const decision = decide(principal, action, resource);
  if (decision.allow) return;
  audit.auditRefusal({ principal, action, resource, code: decision.code });
  throw new VartaError(decision.code, decision.reason);
}

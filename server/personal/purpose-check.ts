import { VartaError } from '#contract/errors.ts';
import type { Purpose } from '#contract/personal.ts';
import { PURPOSES, type PurposeRule, purposesFor } from '../../config/purposes/purposes.ts';
import type { Action } from '../../config/roles/roles.ts';
import type { Principal, Resource } from '../access/decide.ts';
import { assertMay } from '../audit/assert-may.ts';
import type { AuditLog } from '../audit/audit.ts';

/** Asks why somebody wants to know who a case is about, or to do something else that needs a purpose. */
export interface PurposeCheck {
  /** The purposes that are open to somebody now. */
  purposesOf(principal: Principal): Purpose[];
  /** The purpose that somebody names, if it is theirs to name; throws otherwise, and puts the refusal on record. */
  purposeFor(
    principal: Principal,
    resource: Resource,
    body: { purpose: string; note?: string | undefined },
  ): Purpose;
}

interface PurposeCheckOptions {
  audit: Pick<AuditLog, 'auditRefusal'>;
  now: () => number;
  /** @default 'personal.read' */
  action?: Action;
  /** @default those of personal data */
  purposes?: readonly PurposeRule[];
}

export function createPurposeCheck({
  audit,
  now,
  action = 'personal.read',
  purposes = PURPOSES,
}: PurposeCheckOptions): PurposeCheck {
  const purposeFor: PurposeCheck['purposeFor'] = (principal, resource, body) => {
    assertMay({ principal, action, resource }, audit);
    const purpose = purposesOf(principal).find(({ id }) => id === body.purpose);
    if (!purpose) {
      audit.auditRefusal({ principal, action, resource, code: 'purpose_refused' });
      throw new VartaError('purpose_refused', `${body.purpose} is no purpose of this role, or not any more`);
    }
    if (purpose.needsNote && body.note === undefined) {
      const issues = [{ path: ['note'], message: 'this purpose needs a note' }];
      throw new VartaError('invalid', 'note: this purpose needs a note', { issues });
    }
    return purpose;
  };

  const purposesOf = (principal: Principal): Purpose[] =>
    principal.kind === 'person'
      ? purposesFor(principal.role, now(), purposes).map(({ id, label, explanation, needsNote }) => ({
          id,
          label,
          explanation,
          needsNote,
        }))
      : [];

  return { purposesOf, purposeFor };
}

import { VartaError } from '#contract/errors.ts';
import type { ReadPersonalBody } from '#contract/personal.ts';
import { type PurposeRule, purposesFor } from '../../config/purposes/purposes.ts';
import { decide, type Principal, type Resource } from '../access/decide.ts';
import type { AuditLog } from '../audit/audit.ts';

/** Asks why somebody wants to know who a case is about. */
export interface PurposeCheck {
  /** The purposes that are open to somebody now. */
  purposesOf(principal: Principal): PurposeRule[];
  /** The purpose that somebody names, if it is theirs to name; throws otherwise, and puts the refusal on record. */
  purposeFor(principal: Principal, resource: Resource, body: ReadPersonalBody): PurposeRule;
}

export function createPurposeCheck({ audit, now }: { audit: AuditLog; now: () => number }): PurposeCheck {
  /** The purpose that somebody names, if it is theirs to name. */
  const purposeFor = (principal: Principal, resource: Resource, body: ReadPersonalBody): PurposeRule => {
    const refuse = (code: 'purpose_refused' | 'forbidden', reason: string): never => {
      audit.auditRefusal({ principal, action: 'personal.read', resource, code });
      throw new VartaError(code, reason);
    };
    const decision = decide(principal, 'personal.read', resource);
    if (!decision.allow) return refuse('forbidden', decision.reason);
    const purpose = purposesOf(principal).find(({ id }) => id === body.purpose);
    if (!purpose)
      return refuse('purpose_refused', `${body.purpose} is no purpose of this role, or not any more`);
    if (purpose.needsNote && body.note === undefined) {
      const issues = [{ path: ['note'], message: 'this purpose needs a note' }];
      throw new VartaError('invalid', 'note: this purpose needs a note', { issues });
    }
    return purpose;
  };

  const purposesOf = (principal: Principal): PurposeRule[] =>
    principal.kind === 'person' ? purposesFor(principal.role, now()) : [];

  return { purposesOf, purposeFor };
}

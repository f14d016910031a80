import { VartaError } from '#contract/errors.ts';
import type { Account } from '../account.ts';
import type { ProviderAnswer } from './provider.ts';
import type { ClaimedPerson } from './rights-of.ts';

/** What stands where a hash would be: no password ever matches it. */
const NO_PASSWORD = 'none';

/**
 * The account of somebody whom a provider has named: a new one, or the one that there is with the rights of now; the same
 * object if nothing changed. Pure.
 *
 * @throws VartaError `account_exists` when the name is somebody else's, a local account's for instance; `oidc_no_right`
 * when an administrator has disabled the account.
 */
export function toExternalAccount(
  before: Account | undefined,
  person: ClaimedPerson,
  { issuer, subject }: Pick<ProviderAnswer, 'issuer' | 'subject'>,
): Account {
  if (!before) return { ...person, passwordHash: NO_PASSWORD, sample: false, external: { issuer, subject } };
  if (before.external?.issuer !== issuer || before.external.subject !== subject)
    throw new VartaError('account_exists', 'the name belongs to another account here');
  if (before.disabled) throw new VartaError('oidc_no_right', 'the account is disabled');
  const sameRights = isSame([before.role, before.scope], [person.role, person.scope]);
  if (sameRights && isSame(before.displayName, person.displayName)) return before;
  return { ...before, ...person, rev: (before.rev ?? 0) + (sameRights ? 0 : 1) };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

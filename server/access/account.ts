import { z } from 'zod';
import { LocalText } from '#contract/ids.ts';
import { RoleId, Scope } from '#contract/session.ts';
import type { Principal } from './decide.ts';

/** A local account, as it is kept. */
export const Account = z.strictObject({
  username: z.string().min(1).max(64),
  displayName: LocalText,
  role: RoleId,
  scope: Scope,
  /** PHC string of argon2id. */
  passwordHash: z.string().min(1).max(500),
  /** Its password is public: counts in sample mode only. */
  sample: z.boolean(),
});
export type Account = z.infer<typeof Account>;

/** Where accounts are kept. */
export interface Accounts {
  /** Undefined when there is none, or when it must not be used in this mode. */
  find(username: string): Promise<Account | undefined>;
  /** All that may be used in this mode. */
  list(): Promise<Account[]>;
}

export type Person = Extract<Principal, { kind: 'person' }>;

/** An account as the policy sees it. */
export function toPerson(account: Account): Person {
  return { kind: 'person', username: account.username, role: account.role, scope: account.scope };
}

/** Whether two persons may do the same: who connected as the one may go on as the other. */
export function hasSameRights(a: Person, b: Person): boolean {
  return (
    a.username === b.username && a.role === b.role && JSON.stringify(a.scope) === JSON.stringify(b.scope)
  );
}

import { z } from 'zod';
import { LocalText } from '#contract/ids.ts';
import { Sealed } from '#contract/sealed.ts';
import { RoleId, Scope, type SetupStep } from '#contract/session.ts';
import { SIGN_IN_RULES } from '../../config/roles/sign-in-rules.ts';
import type { Principal } from './decide.ts';

/** The secret of a second factor: encrypted, or in base32 where there is no key. */
export const KeptSecret = z.union([z.string().regex(/^[A-Z2-7]{16,64}$/), Sealed]);
export type KeptSecret = z.infer<typeof KeptSecret>;

/** An account, as it is kept. */
export const Account = z.strictObject({
  username: z.string().min(1).max(64),
  displayName: LocalText,
  role: RoleId,
  scope: Scope,
  /** PHC string of argon2id. */
  passwordHash: z.string().min(1).max(500),
  /** Its password is public: counts in sample mode only. */
  sample: z.boolean(),
  /** Grows with every change of rights or credentials; sessions that began before are over. 0 when left out. */
  rev: z.int().min(0).optional(),
  /** The password was made by somebody else: nothing else may be done before it is changed. */
  mustChange: z.boolean().optional(),
  disabled: z.boolean().optional(),
  /** Whose account it is at an identity provider; it then has neither password nor second factor of ours. */
  external: z
    .strictObject({ issuer: z.string().min(1).max(500), subject: z.string().min(1).max(255) })
    .optional(),
  /** Second factor: its secret, and the last time step that was used. */
  totp: z.strictObject({ secret: KeptSecret, lastStep: z.int().min(0) }).optional(),
  /** SHA-256 of the recovery codes that are left. */
  recovery: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(10)
    .optional(),
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

/** What somebody has to do before the account may be used. Sample accounts, whose password is public, need nothing. */
export function setupOf(account: Account): SetupStep[] {
  // A provider asks for what it asks for.
  if (account.sample || account.external) return [];
  const needsTotp = SIGN_IN_RULES[account.role].totp === 'required' && !account.totp;
  return [...(account.mustChange ? (['password'] as const) : []), ...(needsTotp ? (['totp'] as const) : [])];
}

/** An account as the policy sees it. */
export function toPerson(account: Account): Person {
  const { username, role, scope } = account;
  const limited = setupOf(account).length > 0;
  return { kind: 'person', username, role, scope, ...(limited ? { limited } : {}) };
}

/** An enrolled screen, as the policy sees it. */
export type DisplayPrincipal = Extract<Principal, { kind: 'display' }>;

/** Whoever a page may be of. */
export type PagePrincipal = Person | DisplayPrincipal;

/** Whether two may do the same: who connected as the one may go on as the other. */
export function hasSameRights(a: PagePrincipal, b: PagePrincipal): boolean {
  if (a.kind === 'display' || b.kind === 'display')
    return (
      a.kind === 'display' &&
      b.kind === 'display' &&
      a.displayId === b.displayId &&
      JSON.stringify(a.scope) === JSON.stringify(b.scope)
    );
  return (
    a.username === b.username &&
    a.role === b.role &&
    (a.limited ?? false) === (b.limited ?? false) &&
    JSON.stringify(a.scope) === JSON.stringify(b.scope)
  );
}

/** Whose a page is, for as long as it is open. */
export interface WatchedPage {
  principal: PagePrincipal;
  /** Handle of the session, or of the display. */
  sessionId: string;
  /** Who it is as of now; undefined when it is over. Throws while the store is away. */
  renew(): Promise<PagePrincipal | undefined>;
}

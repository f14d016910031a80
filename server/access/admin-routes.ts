import {
  AccountList,
  AccountParams,
  AccountSessionParams,
  AccountView,
  AccountWithPassword,
  ChangeAccountBody,
  CreateAccountBody,
  SessionList,
} from '#contract/accounts.ts';
import { VartaError } from '#contract/errors.ts';
import type { Scope } from '#contract/session.ts';
import { SIGN_IN_RULES } from '../../config/roles/sign-in-rules.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type AuditDraft, type AuditLog, toAuditActor } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { Principal } from './decide.ts';
import { hashPassword } from './password.ts';
import { createOneTimePassword } from './password-rules.ts';
import type { PersonSessions } from './person-sessions.ts';

/** What wrong passwords have done to a user name. */
export interface LockOuts {
  lockedUntilMs(username: string): Promise<number | undefined>;
  unlock(username: string): Promise<void>;
}

interface AdminRoutesOptions {
  store: AccountStore;
  sessions: Pick<PersonSessions, 'list' | 'end'>;
  lockOuts: LockOuts;
  registry: Registry;
  audit: AuditLog;
}

const PATH = '/api/v1/accounts';
const ONE = `${PATH}/:username`;
const session = { authentication: 'session' } as const;

/**
 * Accounts, for administrators. Nobody changes the rights or credentials of their own account here. Whatever changes
 * rights or credentials ends the account's sessions.
 */
export function adminRoutes({ store, sessions, lockOuts, registry, audit }: AdminRoutesOptions): AnyRoute[] {
  const toView = async (account: Account): Promise<AccountView> => {
    const { username, displayName, role, scope, sample } = account;
    const lockedUntilMs = await lockOuts.lockedUntilMs(username);
    return {
      username,
      displayName,
      role,
      scope,
      sample,
      disabled: account.disabled ?? false,
      ...(account.external ? { external: true as const } : {}),
      mustChange: account.mustChange ?? false,
      totp: account.totp
        ? 'on'
        : account.external
          ? 'off'
          : SIGN_IN_RULES[role].totp === 'required' && !sample
            ? 'required'
            : 'off',
      lockedUntil: lockedUntilMs === undefined ? null : new Date(lockedUntilMs).toISOString(),
    };
  };

  const assertScope = (scope: Scope) => {
    if (scope.kind === 'regions')
      for (const id of scope.regionIds) if (!registry.region(id)) throw new VartaError('unknown_region', id);
    if (scope.kind === 'facilities')
      for (const id of scope.facilityIds)
        if (!registry.facility(id)) throw new VartaError('unknown_facility', id);
  };

  const endAll = (username: string) => sessions.end(username, () => true);

  const assertNotOwn = (principal: Principal, username: string) => {
    if (principal.kind === 'person' && principal.username === username) throw new VartaError('own_account');
  };

  const findOrRefuse = async (username: string): Promise<Account> => {
    const account = await store.find(username);
    if (!account) throw new VartaError('unknown_account');
    return account;
  };

  return [
    defineRoute({
      ...session,
      method: 'get',
      path: PATH,
      action: 'account.read',
      summary: 'All accounts',
      reply: AccountList,
      handle: async () => ({ items: await Promise.all((await store.list()).map(toView)) }),
    }),
    defineRoute({
      ...session,
      method: 'post',
      path: PATH,
      action: 'account.manage',
      summary: 'Make an account; its password is shown once and is good for one sign-in',
      body: CreateAccountBody,
      reply: AccountWithPassword,
      replyStatus: 201,
      handle: async ({ principal, body }) => {
        assertScope(body.scope);
        const oneTimePassword = createOneTimePassword();
        const account: Account = {
          ...body,
          passwordHash: await hashPassword(oneTimePassword),
          sample: false,
          mustChange: true,
        };
        await store.create(account, draftOf(principal, 'account.create', account));
        return { account: await toView(account), oneTimePassword };
      },
    }),
    defineRoute({
      ...session,
      method: 'patch',
      path: ONE,
      action: 'account.manage',
      summary:
        'Change an account’s name, role or scope, disable or enable it; a change of rights ends its sessions',
      params: AccountParams,
      body: ChangeAccountBody,
      reply: AccountView,
      handle: async ({ principal, params: { username }, body }) => {
        const { displayName, role, scope, disabled } = body;
        if (changesRights(body)) assertNotOwn(principal, username);
        // Disabling is ours; who somebody is and what they may do there, the provider says at each sign-in.
        if ((displayName ?? role ?? scope) !== undefined) assertLocal(await findOrRefuse(username));
        if (scope) assertScope(scope);
        const changed = await store.change(username, (kept) => {
          const account: Account = {
            ...kept,
            displayName: displayName ?? kept.displayName,
            role: role ?? kept.role,
            scope: scope ?? kept.scope,
            disabled: disabled ?? kept.disabled ?? false,
            rev: (kept.rev ?? 0) + (changesRights(body) ? 1 : 0),
          };
          return { account, draft: draftOf(principal, 'account.change', account) };
        });
        if (changesRights(body)) await endAll(username);
        return toView(changed);
      },
    }),
    defineRoute({
      ...session,
      method: 'post',
      path: `${ONE}/password`,
      action: 'account.manage',
      summary: 'Give an account a new one-time password; ends its sessions',
      params: AccountParams,
      reply: AccountWithPassword,
      handle: async ({ principal, params: { username } }) => {
        assertNotOwn(principal, username);
        assertLocal(await findOrRefuse(username));
        const oneTimePassword = createOneTimePassword();
        const passwordHash = await hashPassword(oneTimePassword);
        const changed = await store.change(username, (kept) => ({
          account: { ...kept, passwordHash, mustChange: true, rev: (kept.rev ?? 0) + 1 },
          draft: draftOf(principal, 'account.reset-password', kept),
        }));
        await endAll(username);
        await lockOuts.unlock(username);
        return { account: await toView(changed), oneTimePassword };
      },
    }),
    defineRoute({
      ...session,
      method: 'delete',
      path: `${ONE}/totp`,
      action: 'account.manage',
      summary: 'Take an account’s second factor away; ends its sessions',
      params: AccountParams,
      reply: AccountView,
      handle: async ({ principal, params: { username } }) => {
        assertNotOwn(principal, username);
        const changed = await store.change(username, (kept) => {
          const { totp: _, recovery: __, ...rest } = kept;
          return {
            account: { ...rest, rev: (kept.rev ?? 0) + 1 },
            draft: draftOf(principal, 'account.reset-totp', kept),
          };
        });
        await endAll(username);
        return toView(changed);
      },
    }),
    defineRoute({
      ...session,
      method: 'post',
      path: `${ONE}/unlock`,
      action: 'account.manage',
      summary: 'Let an account sign in again at once, after too many wrong passwords',
      params: AccountParams,
      reply: AccountView,
      handle: async ({ principal, params: { username } }) => {
        const account = await findOrRefuse(username);
        await audit.append('nation', draftOf(principal, 'account.unlock', account));
        await lockOuts.unlock(username);
        return toView(account);
      },
    }),
    defineRoute({
      ...session,
      method: 'get',
      path: `${ONE}/sessions`,
      action: 'account.read',
      summary: 'Sessions of an account',
      params: AccountParams,
      reply: SessionList,
      handle: async ({ params: { username } }) => {
        await findOrRefuse(username);
        return { items: (await sessions.list(username)).map((one) => ({ ...one, current: false })) };
      },
    }),
    defineRoute({
      ...session,
      method: 'delete',
      path: `${ONE}/sessions`,
      action: 'account.manage',
      summary: 'End all sessions of an account, with their sockets and media',
      params: AccountParams,
      handle: async ({ principal, params: { username } }) => {
        const account = await findOrRefuse(username);
        await audit.append('nation', draftOf(principal, 'account.end-sessions', account));
        await endAll(username);
        return undefined;
      },
    }),
    defineRoute({
      ...session,
      method: 'delete',
      path: `${ONE}/sessions/:sessionId`,
      action: 'account.manage',
      summary: 'End one session of an account, with its sockets and media',
      params: AccountSessionParams,
      handle: async ({ principal, params: { username, sessionId } }) => {
        const account = await findOrRefuse(username);
        const ended = await sessions.end(username, (one) => one === sessionId);
        if (ended.length === 0) throw new VartaError('unknown_session');
        await audit.append('nation', draftOf(principal, 'account.end-sessions', account));
        return undefined;
      },
    }),
  ];
}

function assertLocal(account: Account): void {
  if (account.external) throw new VartaError('external_account');
}

function changesRights({ role, scope, disabled }: { role?: unknown; scope?: unknown; disabled?: unknown }) {
  return role !== undefined || scope !== undefined || disabled !== undefined;
}

/** Who did what to which account, and what it may do from then on. */
function draftOf(principal: Principal, action: string, account: Account): AuditDraft {
  const { username, role, scope, disabled = false } = account;
  return {
    actor: toAuditActor(principal),
    action,
    resource: `account:${username}`,
    outcome: 'done',
    details: { role, scope: JSON.stringify(scope).slice(0, 1_000), disabled },
  };
}

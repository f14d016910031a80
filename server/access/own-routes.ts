import type { Request } from 'express';
import { z } from 'zod';
import {
  ChangePasswordBody,
  ConfirmBody,
  RecoveryCodes,
  SessionList,
  SessionParams,
  TotpConfirmBody,
  TotpOffer,
} from '#contract/accounts.ts';
import { VartaError } from '#contract/errors.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import type { AuditDraft, AuditLog } from '../audit/audit.ts';
import { type Account, setupOf } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { FactorSecrets } from './factor-secrets.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { passwordWeakness, type WeakPassword } from './password-rules.ts';
import type { PersonSessions } from './person-sessions.ts';
import { createRecoveryCodes, createTotpSecret, toTotpUri, totpStepOf } from './second-factor.ts';
import type { SignInLimiter } from './sign-in.ts';

interface OwnRoutesOptions {
  store: AccountStore;
  sessions: PersonSessions;
  limiter: SignInLimiter;
  audit: AuditLog;
  secrets: FactorSecrets;
  now: () => number;
}

const Nothing = z.strictObject({});

const WEAKNESS: Record<WeakPassword, string> = {
  too_short: 'at least twelve characters',
  has_username: 'must not contain the user name',
  common: 'too common',
  same_as_before: 'must not be the one of before',
};

/** What everybody may do with their own account: password, second factor, sessions, proving again who they are. */
export function ownRoutes({ store, sessions, limiter, audit, secrets, now }: OwnRoutesOptions): AnyRoute[] {
  const me = async (request: Request) => {
    const signedIn = await sessions.current(request);
    if (!signedIn) throw new VartaError('unauthenticated');
    return signedIn;
  };

  /** Checks what a person gives to prove who they are; wrong ones count like sign-ins that failed. */
  const prove = async (
    request: Request,
    account: Account,
    proof: z.infer<typeof ConfirmBody>,
  ): Promise<void> => {
    const from = request.ip ?? 'unknown';
    const limited = await limiter.take(account.username, from);
    if (limited) {
      request.res?.set('Retry-After', String(Math.ceil(limited.retryAfterMs / 1000)));
      throw new VartaError('rate_limited');
    }
    const right =
      'password' in proof
        ? !account.external && (await verifyPassword(account.passwordHash, proof.password))
        : await store.spendFactor(account.username, proof);
    if (right) return limiter.forgive(account.username, from);
    await audit.append('nation', {
      ...draftOf(account.username, 'session.confirm'),
      outcome: 'refused',
    });
    throw new VartaError('password' in proof ? 'bad_credentials' : 'bad_totp');
  };

  /** A change of credentials: every other session is over, this one goes on under a new id. */
  const renew = async (request: Request, account: Account, sessionId: string) => {
    await sessions.confirm(request, account);
    await sessions.end(account.username, (one) => one !== sessionId);
  };

  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/session/confirm',
      action: 'account.own',
      authentication: 'session',
      summary: 'Prove again who one is, for what asks for it; the session gets a new id',
      body: ConfirmBody,
      handle: async ({ request, body }) => {
        const { account } = await me(request);
        await prove(request, account, body);
        await audit.append('nation', draftOf(account.username, 'session.confirm'));
        await sessions.confirm(request, account);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/account/password',
      action: 'account.own',
      authentication: 'session',
      summary: 'Change one’s own password; ends one’s other sessions',
      body: ChangePasswordBody,
      handle: async ({ request, body: { current, next } }) => {
        const { account, sessionId } = await me(request);
        await prove(request, account, { password: current });
        const weakness = next === current ? 'same_as_before' : passwordWeakness(next, account.username);
        if (weakness !== undefined)
          throw new VartaError('weak_password', WEAKNESS[weakness], {
            issues: [{ path: ['next'], message: weakness }],
          });
        const passwordHash = await hashPassword(next);
        const changed = await store.change(account.username, (kept) => {
          if (kept.passwordHash !== account.passwordHash) throw new VartaError('conflict');
          const { mustChange: _, ...rest } = kept;
          return {
            account: { ...rest, passwordHash, rev: (kept.rev ?? 0) + 1 },
            draft: draftOf(kept.username, 'account.change-password'),
          };
        });
        await renew(request, changed, sessionId);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/account/totp',
      action: 'account.own',
      authentication: 'session',
      summary: 'Begin to set up a second factor (TOTP); its secret is shown once',
      body: Nothing,
      reply: TotpOffer,
      handle: async ({ request }) => {
        const { account } = await me(request);
        assertMayEnrol(request, account);
        const secret = createTotpSecret();
        request.session.offeredTotp = secrets.seal(secret, account.username);
        return { secret, uri: toTotpUri(secret, account.username) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/account/totp/confirm',
      action: 'account.own',
      authentication: 'session',
      summary:
        'Turn the second factor on with its first code; gives recovery codes, ends one’s other sessions',
      body: TotpConfirmBody,
      reply: RecoveryCodes,
      handle: async ({ request, body }) => {
        const { account, sessionId } = await me(request);
        assertMayEnrol(request, account);
        const kept = request.session.offeredTotp;
        const step =
          kept === undefined ? undefined : totpStepOf(secrets.open(kept, account.username), body.totp, now());
        if (kept === undefined || step === undefined) throw new VartaError('bad_totp');
        const { codes, digests } = createRecoveryCodes();
        const changed = await store.change(account.username, (before) => ({
          account: {
            ...before,
            totp: { secret: kept, lastStep: step },
            recovery: digests,
            rev: (before.rev ?? 0) + 1,
          },
          draft: draftOf(before.username, 'account.set-totp'),
        }));
        // The session that goes on is a new one, without the offer.
        await renew(request, changed, sessionId);
        return { recoveryCodes: codes };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/sessions',
      action: 'account.own',
      authentication: 'session',
      summary: 'One’s own sessions: on what, since when, last seen',
      reply: SessionList,
      handle: async ({ request }) => {
        const { account, sessionId } = await me(request);
        const items = await sessions.list(account.username);
        return { items: items.map((one) => ({ ...one, current: one.sessionId === sessionId })) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/v1/sessions',
      action: 'account.own',
      authentication: 'session',
      summary: 'End all of one’s other sessions, with their sockets and media',
      handle: async ({ request }) => {
        const { account, sessionId } = await me(request);
        const ended = await sessions.end(account.username, (one) => one !== sessionId);
        await audit.append('nation', {
          ...draftOf(account.username, 'session.revoke'),
          details: { sessions: ended.length },
        });
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/v1/sessions/:sessionId',
      action: 'account.own',
      authentication: 'session',
      summary: 'End one of one’s own sessions, with its sockets and media',
      params: SessionParams,
      handle: async ({ request, params }) => {
        const { account } = await me(request);
        const ended = await sessions.end(account.username, (one) => one === params.sessionId);
        if (ended.length === 0) throw new VartaError('unknown_session');
        await audit.append('nation', {
          ...draftOf(account.username, 'session.revoke'),
          details: { sessions: 1 },
        });
        return undefined;
      },
    }),
  ];

  /** A second factor is put on, or in another's place, only by who has proved lately who they are. */
  function assertMayEnrol(request: Request, account: Account): void {
    if (account.external) throw new VartaError('external_account');
    if (setupOf(account).includes('password')) throw new VartaError('setup_required');
    if (!sessions.isConfirmed(request)) throw new VartaError('step_up_required');
  }
}

function draftOf(username: string, action: string): AuditDraft {
  return {
    actor: { kind: 'person', id: username },
    action,
    resource: `account:${username}`,
    outcome: 'done',
  };
}

import type { Request, Response } from 'express';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { SignInWays } from '#contract/session.ts';
import { landingOf } from '../../../config/roles/landing.ts';
import type { OidcRights } from '../../../config/roles/oidc-rights.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import type { AuditDraft, AuditLog } from '../../audit/audit.ts';
import type { Account } from '../account.ts';
import type { AccountStore } from '../account-store.ts';
import type { PersonSessions } from '../person-sessions.ts';
import { bouncePage } from './bounce-page.ts';
import { toExternalAccount } from './external-account.ts';
import { OIDC_PATH, type Provider, type ProviderAnswer } from './provider.ts';
import { rightsOf } from './rights-of.ts';
import type { StoredTicket, TicketCookie } from './ticket-cookie.ts';

interface OidcRoutesOptions {
  /** Undefined where people have local accounts only; the routes then say so. */
  oidc: { provider: Provider; rights: OidcRights } | undefined;
  tickets: TicketCookie;
  store: AccountStore;
  sessions: PersonSessions & { begin(request: Request, account: Account): Promise<unknown> };
  audit: AuditLog;
  publicOrigin: string;
  countSignIn(result: 'ok' | 'oidc_refused'): void;
  log: { warn(fields: object, message: string): void };
}

const StartQuery = z.strictObject({
  /** Where to go afterwards: a page of ours. */
  returnTo: z.string().max(2_000).default('/'),
  /** Who is signed in proves again who they are. */
  confirm: z.literal('true').optional(),
});

/** Whatever a provider says; what of it is right, its library checks. */
const ReturnQuery = z.record(z.string().max(100), z.string().max(8_000));

/** A logout token with room for long names. */
const MAX_LOGOUT_BYTES = 16_384;

/** Sign in through an identity provider (OpenID Connect, authorisation code with PKCE). */
export function oidcRoutes(options: OidcRoutesOptions): AnyRoute[] {
  const { oidc, tickets, store, sessions, audit, publicOrigin, countSignIn, log } = options;
  const needed = () => {
    if (!oidc) throw new VartaError('not_found', 'people have local accounts here');
    return oidc;
  };

  const settle = async (answer: ProviderAnswer, rights: OidcRights): Promise<Account> => {
    const found = rightsOf(answer.claims, rights);
    if (!found.ok) throw new VartaError(found.code);
    const { person } = found;
    const before = await store.find(person.username);
    const account = toExternalAccount(before, person, answer);
    if (account === before) return account;
    if (!before) {
      await store.create(account, draftOf(account, 'account.create'));
      return account;
    }
    const changed = await store.change(person.username, (kept) => {
      const next = toExternalAccount(kept, person, answer);
      return { account: next, draft: draftOf(next, 'account.change') };
    });
    if ((changed.rev ?? 0) !== (before.rev ?? 0)) await sessions.end(person.username, () => true);
    return changed;
  };

  const signIn = async (request: Request, answer: ProviderAnswer, rights: OidcRights) => {
    const account = await settle(answer, rights);
    await sessions.begin(request, account);
    await audit.append('nation', {
      ...actorOf(account.username),
      action: 'session.sign-in',
      resource: 'session',
      outcome: 'done',
      details: { way: 'oidc' },
    });
    countSignIn('ok');
    return account.role;
  };

  /** Only the person who is signed in can prove that it is them. */
  const confirm = async (request: Request, { issuer, subject }: ProviderAnswer) => {
    const current = await sessions.current(request);
    if (!current) throw new VartaError('unauthenticated');
    const { external, username } = current.account;
    if (external?.issuer !== issuer || external.subject !== subject)
      throw new VartaError('oidc_failed', 'somebody else has signed in at the provider');
    await sessions.confirm(request, current.account);
    await audit.append('nation', {
      ...actorOf(username),
      action: 'session.confirm',
      resource: `account:${username}`,
      outcome: 'done',
      details: { way: 'oidc' },
    });
  };

  /** Where the browser goes on to. */
  const finish = async (request: Request, ticket: StoredTicket | undefined): Promise<string> => {
    const { provider, rights } = needed();
    if (!ticket) throw new VartaError('oidc_failed', 'not begun in this browser, or too long ago');
    // What the provider has sent the browser to: our page in between has only passed it on.
    const returned = new URL(`${OIDC_PATH}/callback`, publicOrigin);
    returned.search = new URL(request.originalUrl, publicOrigin).search;
    const answer = await provider.finish(returned, ticket);
    if (!ticket.confirms) return landingOf(await signIn(request, answer, rights), ticket.returnTo);
    await confirm(request, answer);
    return ticket.returnTo;
  };

  /** Everything of whoever has signed out at the provider ends here as well, on every page and device. */
  const endSessions = async (body: string): Promise<void> => {
    const { provider } = needed();
    const { issuer, subject } = await provider.readLogout(
      new URLSearchParams(body).get('logout_token') ?? '',
    );
    const isThem = ({ external }: Account) => external?.issuer === issuer && external.subject === subject;
    for (const { username } of (await store.list()).filter(isThem)) {
      const ended = await sessions.end(username, () => true);
      await audit.append('nation', {
        ...actorOf(username),
        action: 'session.end',
        resource: `account:${username}`,
        outcome: 'done',
        details: { way: 'oidc', sessions: ended.length },
      });
    }
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/session/ways',
      action: 'session.own',
      authentication: 'none',
      summary: 'How people sign in here: local accounts, and the identity provider if there is one',
      reply: SignInWays,
      handle: () => ({ provider: oidc?.rights.name ?? null }),
    }),
    defineRoute({
      method: 'get',
      path: `${OIDC_PATH}/start`,
      action: 'session.own',
      authentication: 'session',
      summary: 'Sends the browser to the identity provider, to sign in or to prove again who one is',
      query: StartQuery,
      handle: async ({ query, response }) => {
        const { provider } = needed();
        const ticket: StoredTicket = {
          state: randomState(),
          nonce: randomNonce(),
          verifier: randomPKCECodeVerifier(),
          confirms: query.confirm === 'true',
          returnTo: toOwnPath(query.returnTo, publicOrigin),
        };
        const url = await provider.begin(ticket);
        await tickets.write(response, ticket);
        redirect(response, url.href);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: `${OIDC_PATH}/callback`,
      action: 'session.own',
      authentication: 'none',
      summary: 'Where the identity provider sends browsers back to; goes on as a page of ours',
      query: ReturnQuery,
      reply: z.string(),
      replyContentType: 'text/html',
      handle: ({ request, response }) => {
        needed();
        const { search } = new URL(request.originalUrl, publicOrigin);
        const { html, policy } = bouncePage(`${OIDC_PATH}/finish${search}`);
        response.set('Content-Security-Policy', policy);
        return html;
      },
    }),
    defineRoute({
      method: 'get',
      path: `${OIDC_PATH}/finish`,
      action: 'session.own',
      authentication: 'session',
      summary: 'Checks what the identity provider has answered, and signs in',
      query: ReturnQuery,
      handle: async ({ request, response }) => {
        needed();
        const ticket = await tickets.take(request, response);
        try {
          redirect(response, await finish(request, ticket));
        } catch (thrown) {
          if (!(thrown instanceof VartaError)) throw thrown;
          if (thrown.code === 'oidc_failed' || thrown.code === 'oidc_unreachable')
            // What the library says names no secret; what it has got stays out of the log.
            log.warn({ code: thrown.code, reason: reasonOf(thrown) }, 'sign-in through the provider failed');
          await audit.append('nation', {
            actor: { kind: 'anonymous', id: 'anonymous' },
            action: 'session.sign-in',
            resource: 'session',
            outcome: 'refused',
            details: { way: 'oidc', code: thrown.code },
          });
          countSignIn('oidc_refused');
          redirect(response, `/?signIn=${thrown.code}`);
        }
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: `${OIDC_PATH}/signed-out`,
      action: 'session.own',
      authentication: 'none',
      summary:
        'Where the identity provider says that somebody has signed out (back-channel logout): their sessions end',
      body: z.string(),
      bodyType: { contentType: 'application/x-www-form-urlencoded', maxBytes: MAX_LOGOUT_BYTES },
      handle: async ({ body, response }) => {
        await endSessions(body);
        response.set('Cache-Control', 'no-store').status(200).end();
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: `${OIDC_PATH}/end`,
      action: 'session.own',
      authentication: 'none',
      summary: 'Sends the browser on to sign out at the identity provider as well',
      handle: async ({ response }) => {
        redirect(response, (await needed().provider.endUrl())?.href ?? '/');
        return undefined;
      },
    }),
  ];
}

function redirect(response: Response, to: string): void {
  response.set('Cache-Control', 'no-store').redirect(303, to);
}

/** A path of ours, or the first page: nobody is sent anywhere else by a link to us. */
function toOwnPath(path: string, publicOrigin: string): string {
  const url = URL.canParse(path, publicOrigin) ? new URL(path, publicOrigin) : undefined;
  return url?.origin === publicOrigin ? url.pathname + url.search : '/';
}

function reasonOf({ cause }: VartaError): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return code.slice(0, 100);
}

function actorOf(username: string): Pick<AuditDraft, 'actor'> {
  return { actor: { kind: 'person', id: username } };
}

function draftOf({ username, role, scope }: Account, action: string): AuditDraft {
  return {
    ...actorOf(username),
    action,
    resource: `account:${username}`,
    outcome: 'done',
    details: { way: 'oidc', role, scope: JSON.stringify(scope).slice(0, 1_000) },
  };
}

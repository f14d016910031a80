import type { Request } from 'express';
import { VartaError } from '#contract/errors.ts';
import { SignInBody, WhoAmI } from '#contract/session.ts';
import { setupOf } from '../../../access/account.ts';
import { actionsOf } from '../../../access/decide.ts';
import { sessionEndsAtMs } from '../../../access/session.ts';
import type { SignIn } from '../../../access/sign-in.ts';
import type { AuditLog } from '../../../audit/audit.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import type { SignedIn } from '../session-reader.ts';
import type { Sessions } from '../sessions.ts';

const PATH = '/api/v1/session';

interface SessionRoutesOptions {
  sessions: Sessions;
  signIn: SignIn;
  audit: Pick<AuditLog, 'append' | 'auditRefusal'>;
  /** The nation is invented. */
  sample: boolean;
  now: () => number;
  countSignIn(result: 'ok' | 'bad_credentials' | 'totp_required' | 'bad_totp' | 'rate_limited'): void;
}

/** Sign in, who am I, sign out. */
export function sessionRoutes(options: SessionRoutesOptions): AnyRoute[] {
  const { sessions, signIn, audit, sample, now, countSignIn } = options;
  const whoAmI = ({ account, person, signedInAtMs }: SignedIn): WhoAmI => ({
    username: account.username,
    displayName: account.displayName,
    role: account.role,
    scope: account.scope,
    actions: [...actionsOf(person)],
    setup: setupOf(account),
    ...(account.external ? { external: true as const } : {}),
    sample,
    serverTime: new Date(now()).toISOString(),
    expiresAt: new Date(sessionEndsAtMs(signedInAtMs, account.role)).toISOString(),
  });
  return [
    defineRoute({
      method: 'post',
      path: PATH,
      action: 'session.own',
      authentication: 'session',
      summary: 'Sign in; sets the session cookie',
      body: SignInBody,
      reply: WhoAmI,
      handle: async ({ body: { username, password, totp, recoveryCode }, request, response }) => {
        const factor =
          totp !== undefined ? { totp } : recoveryCode !== undefined ? { recoveryCode } : undefined;
        const result = await signIn({ username, password, address: addressOf(request), factor });
        countSignIn(result.ok ? 'ok' : result.code);
        if (result.ok) {
          await audit.append('nation', {
            actor: { kind: 'person', id: result.account.username },
            action: 'session.sign-in',
            resource: 'session',
            outcome: 'done',
            details: factor === undefined ? {} : { factor: totp === undefined ? 'recovery-code' : 'totp' },
          });
          return whoAmI(await sessions.begin(request, result.account));
        }
        if (result.code === 'rate_limited') {
          response.set('Retry-After', String(Math.ceil(result.retryAfterMs / 1000)));
          // Few of many: whoever guesses must not fill the audit.
          audit.auditRefusal({
            principal: { kind: 'anonymous' },
            action: 'session.sign-in',
            resource: { kind: 'any' },
            code: 'rate_limited',
          });
          throw new VartaError('rate_limited');
        }
        // The page asks for the code now; nothing was refused yet.
        if (result.code === 'totp_required') throw new VartaError('totp_required');
        await audit.append('nation', {
          actor: { kind: 'anonymous', id: 'anonymous' },
          action: 'session.sign-in',
          resource: 'session',
          outcome: 'refused',
          details: result.knownUser ? { username } : {},
        });
        throw new VartaError(result.code);
      },
    }),
    defineRoute({
      method: 'get',
      path: PATH,
      action: 'session.own',
      authentication: 'session',
      summary: 'Who is signed in, and what they may do',
      reply: WhoAmI,
      handle: async ({ request }) => {
        const signedIn = await sessions.current(request);
        if (!signedIn) throw new VartaError('unauthenticated');
        return whoAmI(signedIn);
      },
    }),
    defineRoute({
      method: 'delete',
      path: PATH,
      action: 'session.own',
      authentication: 'session',
      summary: 'Sign out; ends the sockets and the media of this session everywhere',
      handle: async ({ request, response }) => {
        const signedIn = await sessions.current(request);
        await sessions.signOut(request, response);
        if (!signedIn) return undefined;
        await audit.append('nation', {
          actor: { kind: 'person', id: signedIn.person.username },
          action: 'session.sign-out',
          resource: 'session',
          outcome: 'done',
        });
        return undefined;
      },
    }),
  ];
}

function addressOf(request: Request): string {
  return request.ip ?? 'unknown';
}

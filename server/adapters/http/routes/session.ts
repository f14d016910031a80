import type { Request } from 'express';
import { VartaError } from '#contract/errors.ts';
import { SignInBody, WhoAmI } from '#contract/session.ts';
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
  audit: Pick<AuditLog, 'append'>;
  /** The nation is invented. */
  sample: boolean;
  now: () => number;
  countSignIn(result: 'ok' | 'bad_credentials' | 'rate_limited'): void;
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
    sample,
    serverTime: new Date(now()).toISOString(),
    expiresAt: new Date(sessionEndsAtMs(signedInAtMs)).toISOString(),
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
      handle: async ({ body: { username, password }, request, response }) => {
        const result = await signIn({ username, password, address: addressOf(request) });
        countSignIn(result.ok ? 'ok' : result.code);
        if (result.ok) {
          await audit.append('nation', {
            actor: { kind: 'person', id: result.account.username },
            action: 'session.sign-in',
            resource: 'session',
            outcome: 'done',
          });
          return whoAmI(await sessions.begin(request, result.account));
        }
        if (result.code === 'rate_limited') {
          response.set('Retry-After', String(Math.ceil(result.retryAfterMs / 1000)));
          throw new VartaError('rate_limited');
        }
        await audit.append('nation', {
          actor: { kind: 'anonymous', id: 'anonymous' },
          action: 'session.sign-in',
          resource: 'session',
          outcome: 'refused',
          details: result.knownUser ? { username } : {},
        });
        throw new VartaError('bad_credentials');
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
        await sessions.end(request, response);
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

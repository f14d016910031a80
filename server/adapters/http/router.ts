import type { Express, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { toInvalid, VartaError } from '#contract/errors.ts';
import { decide, type Principal } from '../../access/decide.ts';
import type { AuditLog } from '../../audit/audit.ts';
import { allowAnyOrigin } from './any-origin.ts';
import { noteAsked } from './attacks.ts';
import { readBody } from './body.ts';
import type { FacilityLimits } from './facility-limits.ts';
import { guardOrigin, type Identities, identify } from './identify.ts';
import type { AnyRoute } from './route.ts';

/** A route that says nothing of its query takes none: a misspelt filter must not pass for no filter. */
const NO_QUERY = z.strictObject({});

export interface RouterOptions extends Identities {
  /** Origin of PUBLIC_URL. */
  publicOrigin: string;
  /** Told of everybody who is known and was refused. */
  auditRefusal?: AuditLog['auditRefusal'];
  /** False when a facility has sent too many requests. */
  limitFacility?: FacilityLimits;
}

/**
 * Puts the routes into the app: origin, identity, policy, body, schemas, handler, in this order, so that nobody's
 * megabyte is read before they may send it. A known path with another method is answered with 405.
 */
export function mountRoutes(app: Express, routes: readonly AnyRoute[], options: RouterOptions): void {
  for (const route of routes) {
    app[route.method](
      route.path,
      labelMetrics(route.path),
      ...(route.openToAnyOrigin ? [allowAnyOrigin] : []),
      (request, response, next) => {
        noteAsked(response, { action: route.action });
        guardOrigin(request, route.authentication, options.publicOrigin);
        next();
      },
      ...(route.authentication === 'session' ? [options.sessions.middleware] : []),
      ...askPolicy(route, options),
    );
  }
  for (const [path, onPath] of Map.groupBy(routes, (route) => route.path)) {
    const allow = allowedMethods(onPath);
    app.all(path, labelMetrics(path), (request, response) => {
      response.set('Allow', allow);
      if (request.method !== 'OPTIONS') throw new VartaError('method_not_allowed');
      response.status(204).end();
    });
  }
}

/** The path pattern under which a request is counted; paths themselves would be without end. */
function labelMetrics(path: string): RequestHandler {
  return (_request, response, next) => {
    response.locals.route = path;
    next();
  };
}

function askPolicy(route: AnyRoute, options: RouterOptions): RequestHandler[] {
  const principals = new WeakMap<Request, Principal>();
  return [
    async (request, response, next) => {
      const principal = await identify(request, route, options);
      noteAsked(response, { action: route.action, principal });
      const resource = { kind: 'any' } as const;
      const decision = decide(principal, route.action, resource);
      if (!decision.allow) {
        const { code, reason } = decision;
        if (principal.kind !== 'anonymous')
          options.auditRefusal?.({ principal, action: route.action, resource, code });
        throw new VartaError(code, reason);
      }
      if (decision.obligations.includes('step-up') && !options.sessions.isConfirmed(request))
        throw new VartaError('step_up_required');
      if (
        principal.kind === 'facility' &&
        options.limitFacility?.(principal.facilityId, route.action) === false
      ) {
        options.auditRefusal?.({ principal, action: route.action, resource, code: 'rate_limited' });
        response.set('Retry-After', '1');
        throw new VartaError('rate_limited');
      }
      principals.set(request, principal);
      next();
    },
    async (request, response, next) => {
      const { stream } = route;
      if (stream === undefined || !request.is(stream.contentType)) return next();
      await stream.handle({ principal: principals.get(request) ?? { kind: 'anonymous' }, request, response });
    },
    ...readBody(route),
    async (request, response) => {
      const principal = principals.get(request) ?? { kind: 'anonymous' };
      const reply: unknown = await route.handle({
        principal,
        // The schemas are known at run time only; `defineRoute` has checked the handler against them.
        params: parse(route.params, request.params) as undefined,
        query: parse(route.query ?? NO_QUERY, request.query) as undefined,
        body: parse(route.body, request.body) as undefined,
        request,
        response,
      });
      if (!response.headersSent) send(route, reply, response);
    },
  ];
}

function send(route: AnyRoute, reply: unknown, response: Response): void {
  if (!response.hasHeader('Cache-Control')) response.set('Cache-Control', 'no-store');
  // 200 is what Node begins with: the handler has said nothing else.
  if (response.statusCode === 200) response.status(route.replyStatus ?? (reply === undefined ? 204 : 200));
  if (reply === undefined) response.end();
  else if (route.replyContentType !== undefined && typeof reply === 'string')
    // As bytes: to a string Express adds a charset, which a type such as application/sdp does not have.
    response.type(route.replyContentType).send(Buffer.from(reply));
  else response.json(reply);
}

function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw toInvalid(parsed.error);
  return parsed.data;
}

function allowedMethods(routes: readonly AnyRoute[]): string {
  const methods = new Set(routes.map(({ method }) => method.toUpperCase()));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods.add('OPTIONS')].join(', ');
}

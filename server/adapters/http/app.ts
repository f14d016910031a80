import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import { VartaError } from '#contract/errors.ts';
import type { Attacks } from '../../audit/audit.ts';
import type { Log } from '../boot/log.ts';
import type { Metrics } from '../boot/metrics.ts';
import { accessLog, reportFailureTo } from './access-log.ts';
import { createAttackReport } from './attacks.ts';
import { securityHeaders } from './headers.ts';
import { answerWithProblem } from './problems.ts';
import type { AnyRoute } from './route.ts';
import { mountRoutes, type RouterOptions } from './router.ts';
import { serveClient } from './static-client.ts';
import { createTrust } from './trust.ts';

interface AppOptions extends RouterOptions {
  /** Proxies whose word is taken: addresses, networks, express's words for them. */
  trustProxy: readonly string[];
  routes: readonly AnyRoute[];
  /** Folder of the built client. */
  clientDir: string;
  metrics: Metrics;
  attacks: Attacks;
  log: Log;
}

/** Below this, compressing costs more than it saves. */
const COMPRESS_FROM_BYTES = 1_024;

/** The Express app of the whole public surface. */
export function createApp({
  routes,
  clientDir,
  metrics,
  attacks,
  log,
  trustProxy,
  ...router
}: AppOptions): Express {
  const app = express();
  app.set('trust proxy', createTrust(router.publicOrigin, trustProxy));
  app.set('etag', false);
  app.set('case sensitive routing', true);

  app.use(accessLog(log));
  app.use(measure(metrics));
  app.use(securityHeaders(router.publicOrigin));
  if (router.publicOrigin.startsWith('https:')) app.use(requireHttps);
  app.use(compression({ threshold: COMPRESS_FROM_BYTES }));
  mountRoutes(app, routes, router);
  serveClient(app, clientDir);
  app.use(() => {
    throw new VartaError('not_found');
  });
  app.use(answerWithProblem(reportFailureTo(log), createAttackReport(attacks, router.sessions)));
  return app;
}

/** Asked by whoever runs the service, beside the proxy; they tell nothing of anybody. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Keys, tokens and passwords that came without TLS have been read on the way: what is sent so is refused whole. */
const requireHttps: RequestHandler = (request, _response, next) => {
  if (request.secure || PROBES.has(request.path)) return next();
  throw new VartaError('https_required', 'a proxy that is trusted has to send X-Forwarded-Proto: https');
};

function measure(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const stop = metrics.httpSeconds.startTimer({ method: request.method });
    response.once('close', () => {
      const route: unknown = response.locals.route;
      stop({ route: typeof route === 'string' ? route : 'other', status: response.statusCode });
    });
    next();
  };
}

import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import { VartaError } from '#contract/errors.ts';
import type { Log } from '../boot/log.ts';
import type { Metrics } from '../boot/metrics.ts';
import { accessLog, reportFailureTo } from './access-log.ts';
import { securityHeaders } from './headers.ts';
import { answerWithProblem } from './problems.ts';
import type { AnyRoute } from './route.ts';
import { mountRoutes, type RouterOptions } from './router.ts';
import { serveClient } from './static-client.ts';

interface AppOptions extends RouterOptions {
  routes: readonly AnyRoute[];
  /** Folder of the built client. */
  clientDir: string;
  metrics: Metrics;
  log: Log;
}

/** Below this, compressing costs more than it saves. */
const COMPRESS_FROM_BYTES = 1_024;

/** The Express app of the whole public surface. */
export function createApp({ routes, clientDir, metrics, log, ...router }: AppOptions): Express {
  const app = express();
  // Behind HTTPS there is one proxy of ours, which says the caller's address and scheme. Without it nobody is believed.
  app.set('trust proxy', router.publicOrigin.startsWith('https:') ? 1 : false);
  app.set('etag', false);
  app.set('case sensitive routing', true);

  app.use(accessLog(log));
  app.use(measure(metrics));
  app.use(securityHeaders(router.publicOrigin));
  app.use(compression({ threshold: COMPRESS_FROM_BYTES }));
  mountRoutes(app, routes, router);
  serveClient(app, clientDir);
  app.use(() => {
    throw new VartaError('not_found');
  });
  app.use(answerWithProblem(reportFailureTo(log)));
  return app;
}

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

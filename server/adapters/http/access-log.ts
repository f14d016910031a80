import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpLogger } from 'pino-http';
import { pinoHttp } from 'pino-http';
import type { Log } from '../boot/log.ts';
import type { ReportFailure } from './problems.ts';

/** Asked every few seconds by machines; of no interest. */
const QUIET_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * One line a request: method, path without its query (people type names into searches), status, time. No address, no
 * headers, no body. Failures of ours are `warn`, the rest is `debug`. The request id is answered in `X-Request-Id`.
 */
export function accessLog(log: Log): HttpLogger {
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    autoLogging: { ignore: (request) => QUIET_PATHS.has(toPath(request)) },
    genReqId: (_request, response) => {
      const id = randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    // 503 is what everybody gets while the store is away, which is said once where it is noticed.
    customLogLevel: (_request, response) =>
      response.statusCode >= 500 && response.statusCode !== 503 ? 'warn' : 'debug',
    wrapSerializers: false,
    serializers: {
      req: (request: IncomingMessage) => ({ method: request.method, path: toPath(request) }),
      res: (response: ServerResponse) => ({ status: response.statusCode }),
      // What went wrong is reported where it was caught, once.
      err: () => undefined,
    },
  });
}

/** Logs what we did not foresee, with the id that the caller was given. */
export function reportFailureTo(log: Log): ReportFailure {
  return (error, response) => {
    log.error({ err: error, reqId: response.getHeader('x-request-id') }, 'unexpected error in a request');
  };
}

function toPath(request: IncomingMessage & { originalUrl?: string }): string {
  return (request.originalUrl ?? request.url ?? '').split('?', 1)[0] ?? '';
}

import type { ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { ERRORS, type ErrorCode, VartaError } from '#contract/errors.ts';
import { toEdgeError } from '../redis/store-errors.ts';

/** Who was refused because something of ours was away may ask again after this many seconds. */
const RETRY_AFTER_S = 2;
/** "Not now": something of ours is away, or did not answer in time. */
const PASSING: ReadonlySet<number> = new Set([503, 504]);

/** Writes a refusal as `application/problem+json` (RFC 9457). */
export function sendProblem(response: Response, error: VartaError): void {
  const problem = error.code === 'internal' ? new VartaError('internal').toProblem() : error.toProblem();
  response.status(problem.status).set('Cache-Control', 'no-store');
  if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer');
  const isPassing = PASSING.has(problem.status) && ERRORS[problem.code].retry;
  if (isPassing && !response.hasHeader('Retry-After')) response.set('Retry-After', String(RETRY_AFTER_S));
  response.type('application/problem+json').send(JSON.stringify(problem));
}

/** A problem as a whole HTTP/1.1 response, for a connection whose request never became one. */
export function rawProblem(error: VartaError): string {
  const problem = error.toProblem();
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${ERRORS[error.code].title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** What the body parsers and the router throw, by their `type`. */
const PARSER_ERRORS: Readonly<Record<string, VartaError>> = {
  'entity.too.large': new VartaError('too_large'),
  'parameters.too.many': new VartaError('too_large'),
  'encoding.unsupported': new VartaError('unsupported_media_type', 'the content encoding is not supported'),
  'charset.unsupported': new VartaError('unsupported_media_type', 'the character set is not supported'),
  'entity.parse.failed': new VartaError('malformed', 'the body is not JSON'),
  'request.aborted': new VartaError('malformed', 'the body ended early'),
  'request.size.invalid': new VartaError('malformed', 'the body is not as long as it says'),
};

/** Anything thrown on the way of a request, as a refusal. */
export function toHttpError(thrown: unknown): VartaError {
  if (thrown instanceof VartaError || !(thrown instanceof Error)) return toEdgeError(thrown);
  const known = 'type' in thrown && typeof thrown.type === 'string' ? PARSER_ERRORS[thrown.type] : undefined;
  if (known) return known;
  // Express's own: an address that cannot be decoded, a body that cannot be inflated.
  if ('status' in thrown && typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500)
    return new VartaError('malformed');
  return toEdgeError(thrown);
}

/** Tells about errors that we did not foresee. */
export type ReportFailure = (error: unknown, response: ServerResponse) => void;

/** Told of every request that is refused. */
export type OnRefused = (code: ErrorCode, request: Request, response: Response) => void;

/** Last in the app: turns what was thrown into a problem; what we did not foresee is reported once and never shown. */
export function answerWithProblem(reportFailure: ReportFailure, onRefused: OnRefused): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = toHttpError(thrown);
    if (error.code === 'internal') reportFailure(thrown, response);
    onRefused(error.code, request, response);
    if (response.headersSent) response.destroy();
    else sendProblem(response, error);
  };
}

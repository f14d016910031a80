import type { Request, Response } from 'express';
import type { ErrorCode } from '#contract/errors.ts';
import type { Principal } from '../../access/decide.ts';
import { findPoison } from '../../access/json-shape.ts';
import { type Attacks, toAuditActor } from '../../audit/audit.ts';
import type { SessionIds } from './session-ids.ts';

/** What a request is about, as far as it got; the router says it, and whoever refuses reads it. */
export interface Asked {
  action: string;
  principal?: Principal;
}

/** Notes what a request is about. */
export function noteAsked(response: Response, asked: Asked): void {
  response.locals.asked = asked;
}

/** What nobody gets by mistake: a request that another site has a browser send, a key or token that is nobody's, … */
const KINDS: Partial<Record<ErrorCode, string>> = {
  origin_refused: 'origin',
  bad_facility_key: 'facility-key',
  bad_intake_key: 'intake-key',
  bad_viewer_token: 'viewer-token',
  display_revoked: 'display',
  too_large: 'large',
  too_deep: 'deep',
  request_timeout: 'slow',
};

/** What a refused request tried; undefined when it may have been a mistake. */
export function attackKindOf(
  code: ErrorCode,
  { url = '', body }: { url?: string; body?: unknown } = {},
): string | undefined {
  if (leadsElsewhere(url)) return 'path';
  return (code === 'invalid' ? findPoison(body)?.kind : undefined) ?? KINDS[code];
}

/** Whether an address is made to lead out of where it stands for a name: steps up, backslashes, control characters. */
export function leadsElsewhere(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  // Twice: what was encoded twice may be decoded twice somewhere.
  const decoded = decode(decode(path));
  return /[\p{Cc}\\]/u.test(decoded) || decoded.split('/').includes('..');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Tells of an attack that a request was, when it has been refused. */
export function createAttackReport(attacks: Attacks, { isStolen }: Pick<SessionIds, 'isStolen'>) {
  return (code: ErrorCode, request: Request, response: Response): void => {
    const tell = (kind: string) => {
      attacks.auditAttack({ ...toAttack(request, response), kind, code });
    };
    const kind = attackKindOf(code, { url: request.originalUrl, body: request.body });
    if (kind !== undefined) tell(kind);
    if (kind !== undefined || code !== 'unauthenticated') return;
    // Without the store nothing can be told, nor written.
    isStolen(request).then(
      (stolen) => {
        if (stolen) tell('session');
      },
      () => undefined,
    );
  };
}

/** Who tried what, and where from. */
export function toAttack(request: Request, response: Response) {
  const { action = 'http.request', principal = { kind: 'anonymous' } as const }: Partial<Asked> =
    response.locals.asked ?? {};
  return {
    actor: toAuditActor(principal),
    from: request.ip ?? 'unknown',
    action,
    resource: 'any',
  };
}

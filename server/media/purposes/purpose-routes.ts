import type { Request } from 'express';
import { VartaError } from '#contract/errors.ts';
import { StatePurposeBody, WatchPurposes } from '#contract/watch-purposes.ts';
import { WATCH_PURPOSES } from '../../../config/purposes/watching.ts';
import type { Principal } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { type AuditLog, toAuditActor, toAuditResource } from '../../audit/audit.ts';
import { areaResource, type Registry } from '../../nation/registry.ts';
import { createPurposeCheck } from '../../personal/purpose-check.ts';
import type { PurposeStore } from './purpose-store.ts';

interface RoutesOptions {
  store: Pick<PurposeStore, 'of' | 'state'>;
  registry: Pick<Registry, 'area'>;
  audit: Pick<AuditLog, 'append' | 'auditRefusal'>;
  now: () => number;
}

const PATH = '/api/v1/watching/purposes';
const common = { path: PATH, action: 'feed.watch', authentication: 'session' } as const;

/** What areas are opened for: which purposes there are, and saying one, once a session for each privacy class. */
export function purposeRoutes({ store, registry, audit, now }: RoutesOptions): AnyRoute[] {
  const { purposesOf, purposeFor } = createPurposeCheck({
    audit,
    now,
    action: 'feed.watch',
    purposes: WATCH_PURPOSES,
  });

  const told = async (principal: Principal, sessionId: string): Promise<WatchPurposes> => ({
    items: purposesOf(principal),
    stated: await store.of(sessionId),
  });

  const state = async (
    principal: Principal,
    sessionId: string,
    body: StatePurposeBody,
  ): Promise<WatchPurposes> => {
    const area = registry.area(body.areaId);
    if (!area) throw new VartaError('unknown_area', `there is no area ${body.areaId}`);
    const resource = areaResource(area);
    // Whether it may be seen at this moment is asked when it is opened.
    const purpose = purposeFor(principal, areaResource({ ...area, privacy: 'normal' }), body);
    const { privacy } = area;
    // On record before it opens anything.
    await audit.append(area.regionId, {
      actor: toAuditActor(principal),
      action: 'watch.purpose',
      resource: toAuditResource(resource),
      outcome: 'done',
      details: { privacy, purpose: purpose.id, ...(body.note === undefined ? {} : { note: body.note }) },
    });
    await store.state(sessionId, { privacy, purpose: purpose.id, since: new Date(now()).toISOString() });
    return told(principal, sessionId);
  };

  return [
    defineRoute({
      ...common,
      method: 'get',
      summary: 'What the caller may open areas for, and what this session has said so far',
      reply: WatchPurposes,
      handle: ({ principal, request }) => told(principal, sessionOf(request)),
    }),
    defineRoute({
      ...common,
      method: 'post',
      summary:
        'Say what areas of the privacy class of this one are opened for, until the session ends; on record, and in every viewing of an area that is opened',
      body: StatePurposeBody,
      reply: WatchPurposes,
      handle: ({ principal, body, request }) => state(principal, sessionOf(request), body),
    }),
  ];
}

function sessionOf(request: Request): string {
  const { handle } = request.session;
  if (handle === undefined) throw new VartaError('unauthenticated');
  return handle;
}

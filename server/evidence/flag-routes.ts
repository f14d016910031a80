import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import {
  type Evidence,
  type EvidenceCause,
  EvidenceList,
  Evidence as EvidenceSchema,
  TakeEvidenceBody,
} from '#contract/evidence.ts';
import { FlagId } from '#contract/ids.ts';
import type { Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { toAuditActor } from '../audit/audit.ts';
import { areaResource } from '../nation/registry.ts';
import { type AccessOptions, EvidenceAccess, isOutsideControl, mayKnowOf } from './evidence-access.ts';
import { feedsOf } from './flag-watch.ts';

/** Stills and clips of a flag: which there are, and taking one. */
export function flagEvidenceRoutes(options: AccessOptions): AnyRoute[] {
  const { kept, registry, audit } = options;
  const access = new EvidenceAccess(options);

  const list = async (principal: Principal, flagId: FlagId): Promise<EvidenceList> => {
    const flag = await access.findFlag(principal, 'evidence.read', flagId);
    const taken = kept ? await kept.store.ofFlag(flag.regionId, flag.id) : [];
    const items = taken.filter((evidence) => mayKnowOf(principal, evidence));
    return { items, feeds: feedsOf(flag, registry).map(({ feed }) => feed.id), isKept: kept !== undefined };
  };

  const take = async (principal: Principal, flagId: FlagId, body: TakeEvidenceBody): Promise<Evidence> => {
    const { taker } = access.parts;
    const flag = await access.findFlag(principal, 'evidence.take', flagId);
    const placed = feedsOf(flag, registry).find(({ feed }) => feed.id === body.feedId);
    if (!placed) throw new VartaError('unknown_feed', 'the flag’s area has no such feed');
    const actor = toAuditActor(principal);
    const { role } = access.personOf(principal);
    const asked = { by: actor.id, reason: body.reason };
    const cause: EvidenceCause = isOutsideControl(principal)
      ? { kind: 'control', office: role, ...asked }
      : { kind: 'request', ...asked };
    return taker.take({ id: body.id, placed, flagId: flag.id, cause, actor }).catch((error: unknown) => {
      if (error instanceof VartaError && error.code === 'confidential')
        audit.auditRefusal({
          principal,
          action: 'evidence.take',
          resource: areaResource(placed.area),
          code: 'confidential',
        });
      throw error;
    });
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/flags/:flagId/evidence',
      action: 'evidence.read',
      authentication: 'session',
      summary: 'Stills and clips that were taken because of a flag, oldest first; no pictures',
      params: z.strictObject({ flagId: FlagId }),
      reply: EvidenceList,
      handle: ({ principal, params }) => list(principal, params.flagId),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/flags/:flagId/evidence',
      action: 'evidence.take',
      authentication: 'session',
      summary: 'Have a still and a clip of a feed of the flag’s area taken now',
      params: z.strictObject({ flagId: FlagId }),
      body: TakeEvidenceBody,
      reply: EvidenceSchema,
      replyStatus: 202,
      handle: ({ principal, params, body }) => take(principal, params.flagId, body),
    }),
  ];
}

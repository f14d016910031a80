import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import {
  EvidenceCustody,
  EvidenceId,
  EvidencePage,
  EvidenceQuery,
  Evidence as EvidenceSchema,
} from '#contract/evidence.ts';
import { isInScope, type Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { type AccessOptions, EvidenceAccess, mayKnowOf } from './evidence-access.ts';
import { listEvidence } from './list-evidence.ts';

const Params = z.strictObject({ evidenceId: EvidenceId });

/** What is on record of stills and clips: which there are, their signed manifests, and what was done with each. */
export function evidenceRecordRoutes({ now, ...options }: AccessOptions & { now: () => number }): AnyRoute[] {
  const { registry } = options;
  const access = new EvidenceAccess(options);

  const listAll = (principal: Principal, { facility, ...page }: EvidenceQuery): Promise<EvidencePage> => {
    const { scope } = access.personOf(principal);
    const { store } = access.parts;
    const regionId = facility === undefined ? undefined : registry.facility(facility)?.regionId;
    if (facility !== undefined && regionId === undefined) throw new VartaError('unknown_facility');
    const mine = registry.regionsWithin(scope);
    return listEvidence((region, untilMs) => store.newestFirst(region, untilMs), {
      ...page,
      regionIds: regionId === undefined ? mine : mine.filter((one) => one === regionId),
      nowMs: now(),
      accepts: (evidence) =>
        mayKnowOf(principal, evidence) &&
        isInScope(scope, evidence) &&
        (facility === undefined || evidence.facilityId === facility),
    });
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence',
      action: 'evidence.read',
      authentication: 'session',
      summary: 'Stills and clips within the caller’s scope, newest first; no pictures',
      query: EvidenceQuery,
      reply: EvidencePage,
      handle: ({ principal, query }) => listAll(principal, query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence/:evidenceId',
      action: 'evidence.read',
      authentication: 'session',
      summary: 'What is known of a still or clip, with its signed manifest; no pictures',
      params: Params,
      reply: EvidenceSchema,
      handle: ({ principal, params }) => access.find(principal, 'evidence.read', params.evidenceId),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/evidence/:evidenceId/custody',
      action: 'audit.read',
      authentication: 'session',
      summary: 'Everything that was done with a still or clip, as the audit has it',
      params: Params,
      reply: EvidenceCustody,
      handle: async ({ principal, params }) => {
        const evidence = await access.find(principal, 'audit.read', params.evidenceId);
        return { items: await access.parts.store.custody(evidence) };
      },
    }),
  ];
}

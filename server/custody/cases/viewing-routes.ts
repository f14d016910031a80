import { VartaError } from '#contract/errors.ts';
import type { CaseId, FacilityId, RegionId } from '#contract/ids.ts';
import { ViewingPage, ViewingQuery } from '#contract/viewings.ts';
import type { Principal, Resource } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { assertMay } from '../../audit/assert-may.ts';
import { type AuditLog, toAuditActor } from '../../audit/audit.ts';
import { areaResource, type Registry } from '../../nation/registry.ts';
import type { PlacedSpan } from '../state/spans.ts';
import type { ViewingList } from './viewing-entries.ts';
import type { ViewingIndex } from './viewing-index.ts';
import { reportOf, reportOfStays } from './viewing-report.ts';

interface RoutesOptions {
  viewings: ViewingIndex;
  /** Where somebody was when, newest last; undefined for a case that nobody has told of. */
  staysOf(place: {
    regionId: RegionId;
    facilityId: FacilityId;
    caseId: CaseId;
  }): Promise<PlacedSpan[] | undefined>;
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

/** What a query is about: whose right is asked for it, and which lists tell of it. */
interface Subject {
  resource: Resource;
  lists: ViewingList[];
  name: string;
}

/** Who saw what, for outside control. Whoever reads it is in the audit. */
export function viewingRoutes({ viewings, staysOf, registry, audit, now }: RoutesOptions): AnyRoute[] {
  const assertMayRead = (principal: Principal, resource: Resource) => {
    assertMay({ principal, action: 'audit.read', resource }, audit);
  };

  const subjectOf = (principal: Principal, query: ViewingQuery): Subject => {
    if (query.area !== undefined) {
      const area = registry.area(query.area);
      if (!area) throw new VartaError('unknown_area', `there is no area ${query.area}`);
      const { regionId, id: areaId } = area;
      return { resource: areaResource(area), lists: [{ regionId, areaId }], name: `area:${areaId}` };
    }
    if (query.facility !== undefined) {
      const facility = registry.facility(query.facility);
      if (!facility) throw new VartaError('unknown_facility', `there is no facility ${query.facility}`);
      const { regionId, id: facilityId } = facility;
      return {
        resource: { kind: 'facility', regionId, facilityId },
        lists: registry.areasOf(facilityId).map(({ id: areaId }) => ({ regionId, areaId })),
        name: `facility:${facilityId}`,
      };
    }
    if (query.region !== undefined && !registry.region(query.region))
      throw new VartaError('unknown_region', `there is no region ${query.region}`);
    const mine = principal.kind === 'person' ? registry.regionsWithin(principal.scope) : [];
    const regionIds = query.region === undefined ? mine : [query.region];
    return {
      resource: query.region === undefined ? { kind: 'any' } : { kind: 'region', regionId: query.region },
      lists: regionIds.map((regionId) =>
        query.person === undefined ? { regionId } : { regionId, actorId: query.person },
      ),
      name: query.region === undefined ? 'any' : `region:${query.region}`,
    };
  };

  const report = async (principal: Principal, query: ViewingQuery): Promise<ViewingPage> => {
    const { resource, lists, name } = subjectOf(principal, query);
    assertMayRead(principal, resource);
    const chain = resource.kind === 'any' ? 'nation' : resource.regionId;
    await audit.append(chain, {
      actor: toAuditActor(principal),
      action: 'audit.read',
      resource: `viewings:${name}`,
      outcome: 'done',
      details: {
        person: query.person ?? null,
        case: query.case ?? null,
        from: query.from ?? null,
        to: query.to ?? null,
        cursor: query.cursor ?? null,
      },
    });
    await Promise.all([...new Set(lists.map(({ regionId }) => regionId))].map((id) => viewings.catchUp(id)));
    const options = { viewings, registry, nowMs: now() };
    if (query.case === undefined || query.facility === undefined || resource.kind === 'any')
      return reportOf(lists, query, options);
    const { regionId } = resource;
    const stays = await staysOf({ regionId, facilityId: query.facility, caseId: query.case });
    if (!stays) throw new VartaError('unknown_case', `there is no case ${query.case} in ${query.facility}`);
    const within = stays.filter(({ areaId }) => query.area === undefined || areaId === query.area);
    return reportOfStays({ regionId, stays: within }, query, options);
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/audit/viewings',
      action: 'audit.read',
      authentication: 'session',
      summary: 'Who saw what, from when to when and for how long truly visible; by person, place or case',
      query: ViewingQuery,
      reply: ViewingPage,
      handle: ({ principal, query }) => report(principal, query),
    }),
  ];
}

import { z } from 'zod';
import {
  AreaCondition,
  ClockLevel,
  FindingKind,
  FlagLevel,
  MAX_PLACES,
  NormSetId,
  Occupancy,
  PlaceId,
  SpaceLevel,
} from '#contract/area-filter.ts';
import { AreaPage, AreaView, FacilityPage, RegionPage } from '#contract/areas.ts';
import { VartaError } from '#contract/errors.ts';
import { FeedState } from '#contract/feeds.ts';
import { GeometryReply, type NationGeometry } from '#contract/geometry.ts';
import { AreaId, type FacilityId, RegionId } from '#contract/ids.ts';
import { AreaKind, FacilityKind, FeedSource } from '#contract/nation.ts';
import type { Scope } from '#contract/session.ts';
import { Vulnerability } from '#contract/status.ts';
import type { LiveSummary } from '#contract/summary.ts';
import { actionsOf, isInScope, type Principal } from '../../../access/decide.ts';
import { assertMay } from '../../../audit/assert-may.ts';
import type { AuditLog } from '../../../audit/audit.ts';
import { createAreaList } from '../../../nation/area-list.ts';
import { type AreaLive, toAreaView } from '../../../nation/area-view.ts';
import { createLiveSummaries, type SummedLive } from '../../../nation/live-summary.ts';
import { sortById, toPage } from '../../../nation/page.ts';
import { areaResource, type Registry } from '../../../nation/registry.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { listOf, pageQuery } from './query.ts';

const RegionsQuery = z.strictObject(pageQuery);

const FacilitiesQuery = z.strictObject({
  region: listOf(RegionId, 100),
  kind: listOf(FacilityKind, 10),
  ...pageQuery,
});

/** The one filter of the wall as query parameters. */
const AreasQuery = z.strictObject({
  region: listOf(RegionId, 100),
  place: listOf(PlaceId, MAX_PLACES),
  facilityKind: listOf(FacilityKind, 10),
  kind: listOf(AreaKind, 20),
  occupancy: listOf(Occupancy, 3),
  clock: ClockLevel.optional(),
  flag: FlagLevel.optional(),
  space: SpaceLevel.optional(),
  finding: listOf(FindingKind, 2),
  vulnerability: listOf(Vulnerability, 8),
  feedState: listOf(FeedState, 10),
  feedSource: listOf(FeedSource, 3),
  status: listOf(AreaCondition, 10),
  normSet: listOf(NormSetId, 20),
  text: z.string().max(100).default(''),
  ...pageQuery,
});

interface PlacesOptions {
  registry: Registry;
  geometry: NationGeometry | null;
  live: AreaLive & SummedLive;
  audit: Pick<AuditLog, 'auditRefusal'>;
  now: () => number;
}

/**
 * Regions, facilities and areas. Lists hold what lies in the caller's scope, whatever the filter asks for; a single area
 * outside it is refused with `forbidden`, one that does not exist with `unknown_area`.
 */
export function placeRoutes({ registry, geometry, live, audit, now }: PlacesOptions): AnyRoute[] {
  const regions = sortById(registry.nation.regions);
  const facilities = sortById(registry.nation.facilities);
  const listAreas = createAreaList(registry, live);
  const summaries = createLiveSummaries(registry, live);

  /** What is live in the facilities of a region that lie in a person's scope, by id; nothing for who may not see status. */
  function liveIn(principal: Principal, regionId: RegionId): ReadonlyMap<FacilityId, LiveSummary> {
    if (!actionsOf(principal).includes('status.read')) return new Map();
    const all = summaries.facilities(regionId, now());
    const scope = scopeOf(principal);
    return new Map([...all].filter(([facilityId]) => isInScope(scope, { regionId, facilityId })));
  }

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/regions',
      action: 'registry.read',
      authentication: 'session',
      summary:
        'Regions that hold anything within the scope of the caller, with what is live in each and in all of them together',
      query: RegionsQuery,
      reply: RegionPage,
      handle: ({ principal, query }) => {
        const within = new Set(registry.regionsWithin(scopeOf(principal)));
        const mine = regions.filter(({ id }) => within.has(id));
        const page = toPage(mine, query);
        if (!actionsOf(principal).includes('status.read')) return page;
        const live = new Map(
          mine.map(({ id }) => [id, summaries.sum(liveIn(principal, id).values())] as const),
        );
        return {
          ...page,
          items: page.items.map((region) => ({ ...region, live: live.get(region.id) })),
          live: summaries.sum(live.values()),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/geometry',
      action: 'registry.read',
      authentication: 'session',
      displays: true,
      summary: 'Outlines of the nation for its map, as TopoJSON; the same for everybody',
      reply: GeometryReply,
      handle: () => ({ geometry }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/facilities',
      action: 'registry.read',
      authentication: 'session',
      summary: 'Facilities within the scope of the caller, with what is live in each',
      query: FacilitiesQuery,
      reply: FacilityPage,
      handle: ({ principal, query: { region, kind, ...page } }) => {
        const scope = scopeOf(principal);
        const found = toPage(
          facilities.filter(
            (facility) =>
              isInScope(scope, { regionId: facility.regionId, facilityId: facility.id }) &&
              (region.length === 0 || region.includes(facility.regionId)) &&
              (kind.length === 0 || kind.includes(facility.kind)),
          ),
          page,
        );
        const regionIds = [...new Set(found.items.map(({ regionId }) => regionId))];
        const live = new Map(regionIds.flatMap((id) => [...liveIn(principal, id)]));
        return {
          ...found,
          items: found.items.map((facility) => ({ ...facility, live: live.get(facility.id) })),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/areas',
      action: 'status.read',
      authentication: 'session',
      summary: 'Areas within the scope of the caller that pass a filter, with their live status',
      query: AreasQuery,
      reply: AreaPage,
      handle: ({ principal, query: { cursor, limit, clock, flag, space, ...lists } }) =>
        listAreas({
          filter: { ...lists, clock: clock ?? null, flag: flag ?? null, space: space ?? null },
          scope: scopeOf(principal),
          nowMs: now(),
          cursor,
          limit,
        }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/areas/:areaId',
      action: 'status.read',
      authentication: 'session',
      summary: 'One area with its live status',
      params: z.strictObject({ areaId: AreaId }),
      reply: AreaView,
      handle: ({ principal, params }) => {
        const area = registry.area(params.areaId);
        if (!area) throw new VartaError('unknown_area');
        const resource = areaResource(area);
        assertMay({ principal, action: 'status.read', resource }, audit);
        return toAreaView(area, live, now());
      },
    }),
  ];
}

/** The scope of a person; the policy lets nobody else as far as here. */
function scopeOf(principal: Principal): Scope {
  if (principal.kind !== 'person') throw new VartaError('forbidden');
  return principal.scope;
}

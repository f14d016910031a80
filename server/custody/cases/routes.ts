import { z } from 'zod';
import { CaseDetail, CasePage, CaseQuery, type CaseViewing } from '#contract/cases.ts';
import type { StoredEvent } from '#contract/custody-events.ts';
import type { DarkSeconds } from '#contract/dark.ts';
import { VartaError } from '#contract/errors.ts';
import type { Flag } from '#contract/flags.ts';
import { type AreaId, CaseId, FacilityId, type RegionId } from '#contract/ids.ts';
import type { Facility } from '#contract/nation.ts';
import type { Action } from '../../../config/roles/roles.ts';
import { decide, isInScope, type Principal, type Resource } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { assertMay } from '../../audit/assert-may.ts';
import { type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Basis } from '../state/basis.ts';
import type { CaseView } from '../state/case-view.ts';
import type { WordKeeper } from '../words.ts';
import { toCaseDetail } from './case-detail.ts';
import type { CaseEvents } from './case-events.ts';
import { MAX_STAYS, readCaseFile } from './case-file.ts';
import { flagsOf } from './case-flags.ts';
import { type CaseList, parseCursor } from './case-list.ts';
import type { ViewingIndex } from './viewing-index.ts';

const CaseParams = z.strictObject({ facilityId: FacilityId, caseId: CaseId });

/** How long nobody could be seen, of those who were in these places. */
export type DarkSecondsOf = (
  regionId: RegionId,
  stays: readonly { areaId: AreaId; fromMs: number; untilMs: number | undefined }[],
) => Promise<DarkSeconds>;

interface RoutesOptions {
  list: CaseList;
  events: CaseEvents;
  words: Pick<WordKeeper, 'open'>;
  viewings: ViewingIndex;
  flags: { newestFirst(regionId: RegionId, untilMs: number): AsyncIterable<Flag> };
  /** Time in which no camera showed somebody, by cause. */
  darkSecondsOf: DarkSecondsOf;
  basis: Basis;
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

/** Lists of cases, and a case whole. */
export function caseRoutes(options: RoutesOptions): AnyRoute[] {
  const { list, events, words, viewings, flags, darkSecondsOf, basis, registry, audit, now } = options;

  const assertAllowed = (principal: Principal, action: Action, resource: Resource) => {
    assertMay({ principal, action, resource }, audit);
  };

  const page = async (principal: Principal, query: CaseQuery): Promise<CasePage> => {
    const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    if (query.cursor !== undefined && !after) {
      const issues = [{ path: ['cursor'], message: 'not a cursor of this list' }];
      throw new VartaError('invalid', 'cursor: not a cursor of this list', { issues });
    }
    const scope = principal.kind === 'person' ? principal.scope : undefined;
    return list.page({
      regionIds: regionsOf(principal, query),
      state: query.state,
      limit: query.limit,
      after,
      accepts: (facilityId, regionId) =>
        (query.facility === undefined || facilityId === query.facility) &&
        scope !== undefined &&
        isInScope(scope, { regionId, facilityId }),
    });
  };

  /** Regions that a query is about. Throws for a place that is unknown, or outside the caller's scope. */
  const regionsOf = (principal: Principal, query: CaseQuery): readonly RegionId[] => {
    if (query.facility !== undefined) {
      const facility = facilityOf(query.facility);
      assertAllowed(principal, 'case.read', toResource(facility));
      return query.region === undefined || query.region === facility.regionId ? [facility.regionId] : [];
    }
    const mine = principal.kind === 'person' ? registry.regionsWithin(principal.scope) : [];
    if (query.region === undefined) return mine;
    if (!registry.region(query.region))
      throw new VartaError('unknown_region', `there is no region ${query.region}`);
    if (!mine.includes(query.region))
      assertAllowed(principal, 'case.read', { kind: 'region', regionId: query.region });
    return [query.region];
  };

  const facilityOf = (facilityId: FacilityId): Facility => {
    const facility = registry.facility(facilityId);
    if (!facility) throw new VartaError('unknown_facility', `there is no facility ${facilityId}`);
    return facility;
  };

  const detail = async (
    principal: Principal,
    { facilityId, caseId }: z.infer<typeof CaseParams>,
  ): Promise<CaseDetail> => {
    const facility = facilityOf(facilityId);
    const resource = toResource(facility);
    assertAllowed(principal, 'case.read', resource);
    const { regionId } = facility;
    const file = await readCaseFile({ regionId, facilityId, caseId }, { events, basis });
    if (!file) throw new VartaError('unknown_case', `there is no case ${caseId} in ${facilityId}`);
    const { record } = file;
    await audit.append(regionId, {
      actor: toAuditActor(principal),
      action: 'case.read',
      resource: `case:${facilityId}/${caseId}`,
      outcome: 'done',
    });
    const mayReadAudit = decide(principal, 'audit.read', resource).allow;
    const [raised, seen, dark] = await Promise.all([
      flagsOf({
        facilityId,
        view: record.view,
        nowMs: now(),
        newestFirst: (untilMs) => flags.newestFirst(regionId, untilMs),
      }),
      mayReadAudit ? viewingsOf(regionId, record.view) : undefined,
      darkSecondsOf(
        regionId,
        record.view.stays.map(({ areaId, span: [fromMs, untilMs] }) => ({
          areaId,
          fromMs,
          untilMs: untilMs ?? undefined,
        })),
      ),
    ]);
    return {
      ...toCaseDetail(
        record,
        file.events.map((stored) => withReasons(stored, words)),
        { regionId, facilityId },
      ),
      flags: raised.flags,
      ...(seen ? { viewings: seen.viewings } : {}),
      dark,
      leftOut: {
        events: file.leftOut,
        flags: raised.isCut ? 1 : 0,
        viewings: seen?.isCut ? 1 : 0,
      },
    };
  };

  const viewingsOf = async (
    regionId: RegionId,
    { stays }: CaseView,
  ): Promise<{ viewings: CaseViewing[]; isCut: boolean }> => {
    await viewings.catchUp(regionId);
    const found = await Promise.all(stays.slice(-MAX_STAYS).map((stay) => viewings.during(regionId, stay)));
    return {
      viewings: found.flatMap((one) => one.viewings).sort((a, b) => (a.from < b.from ? 1 : -1)),
      isCut: stays.length > MAX_STAYS || found.some((one) => one.isCut),
    };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/cases',
      action: 'case.read',
      authentication: 'session',
      summary: 'Cases within the caller’s scope, newest detention first; facts and clocks, no identities',
      query: CaseQuery,
      reply: CasePage,
      handle: ({ principal, query }) => page(principal, query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/facilities/:facilityId/cases/:caseId',
      action: 'case.read',
      authentication: 'session',
      summary:
        'One case whole, derived from its events also years after it was closed: times, limits, timeline, flags, and for those who may read the audit who saw it; the reading is audited',
      params: CaseParams,
      reply: CaseDetail,
      handle: ({ principal, params }) => detail(principal, params),
    }),
  ];
}

/**
 * Why a decision gave more time is for whoever may read the case; other words are read apart. Where their key is gone, the
 * rest of the case is told without them.
 */
function withReasons(stored: StoredEvent, words: Pick<WordKeeper, 'open'>): StoredEvent {
  const said = stored.event.type === 'RECORD_CORRECTED' ? stored.event.replacement : stored.event;
  if (!said || !('caseId' in said) || !(said.overlay ?? said.extension)) return stored;
  try {
    return words.open(stored);
  } catch (error) {
    if (error instanceof VartaError && error.code === 'personal_key_missing') return stored;
    throw error;
  }
}

function toResource({ id, regionId }: Facility): Resource {
  return { kind: 'facility', regionId, facilityId: id };
}

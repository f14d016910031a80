import type { AreaId, CaseId, EventId, FacilityId } from '#contract/ids.ts';
import type { AreaStatus } from '#contract/status.ts';
import { type AreaLog, EMPTY_AREA } from './area-log.ts';
import { areaStatusOf } from './area-status.ts';
import type { Basis } from './basis.ts';
import type { CaseLog } from './case-log.ts';
import { type CaseView, foldCase } from './case-view.ts';
import { type Corrected, type Correction, corrected } from './corrections.ts';

/** What is kept of a facility: everything else follows from it. */
export interface FacilityRecord {
  readonly cases: ReadonlyMap<CaseId, CaseLog>;
  readonly areas: ReadonlyMap<AreaId, AreaLog>;
  readonly corrections: ReadonlyMap<EventId, Correction>;
  /** Cases that were closed long ago and are kept no longer: when they were closed, so that a late event does not open them again. */
  readonly tombstones: ReadonlyMap<CaseId, number>;
  /** Latest instant at which an event was received. */
  readonly watermarkMs: number;
}

/** A facility's record with what follows from it. Values are never changed, only replaced. */
export interface FacilityCustody extends FacilityRecord {
  readonly facilityId: FacilityId;
  readonly views: ReadonlyMap<CaseId, CaseView>;
  readonly statuses: ReadonlyMap<AreaId, AreaStatus>;
}

const NOTHING: FacilityRecord = {
  cases: new Map(),
  areas: new Map(),
  corrections: new Map(),
  tombstones: new Map(),
  watermarkMs: 0,
};

/** A facility with the record that was kept of it; with none, one of which nothing is known yet. */
export function restoreFacility(
  facilityId: FacilityId,
  basis: Basis,
  record: FacilityRecord = NOTHING,
): FacilityCustody {
  const corrections = corrected(record.corrections);
  const law = basis.lawOf(facilityId);
  const views = new Map(
    Array.from(record.cases, ([id, log]) => [id, foldCase(id, log, law, corrections)] as const),
  );
  const statuses = new Map(
    deriveStatuses({
      areaIds: record.areas.keys(),
      areas: record.areas,
      views,
      basis,
      facilityId,
      corrections,
    }).map((status) => [status.areaId, status] as const),
  );
  return { facilityId, ...record, views, statuses };
}

/** The statuses of some areas of a facility. */
export function deriveStatuses(given: {
  areaIds: Iterable<AreaId>;
  areas: ReadonlyMap<AreaId, AreaLog>;
  views: ReadonlyMap<CaseId, CaseView>;
  basis: Basis;
  facilityId: FacilityId;
  corrections: Corrected;
}): AreaStatus[] {
  const { areaIds, areas, views, basis, facilityId, corrections } = given;
  const law = basis.lawOf(facilityId);
  const casesOf = new Map<AreaId, CaseView[]>();
  for (const areaId of areaIds) casesOf.set(areaId, []);
  for (const view of views.values()) for (const areaId of areasOf(view)) casesOf.get(areaId)?.push(view);
  return Array.from(casesOf, ([areaId, cases]) =>
    areaStatusOf({
      areaId,
      facts: basis.areaFacts(areaId),
      log: areas.get(areaId) ?? EMPTY_AREA,
      cases,
      law,
      corrections,
    }),
  );
}

/** Areas that a case has to do with. */
export function areasOf({ place, confidential, touches }: CaseView): ReadonlySet<AreaId> {
  const areaIds = new Set(touches.keys());
  if (place) areaIds.add(place.areaId);
  for (const { areaId } of confidential) areaIds.add(areaId);
  return areaIds;
}

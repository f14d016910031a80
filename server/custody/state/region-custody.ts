import type { Clock } from '#contract/clocks.ts';
import type { StoredEvent } from '#contract/custody-events.ts';
import type { AreaId, CaseId, FacilityId } from '#contract/ids.ts';
import type { AreaStatus } from '#contract/status.ts';
import { applyEvents } from './apply-events.ts';
import type { AreaHistory } from './area-history.ts';
import type { Basis } from './basis.ts';
import type { Changes } from './changes.ts';
import { type FacilityCustody, restoreFacility } from './facility-custody.ts';

/** The facilities of a region of which anything is known. */
export type RegionCustody = ReadonlyMap<FacilityId, FacilityCustody>;

export interface RegionApplied {
  region: RegionCustody;
  /** By facility; those without events are not in it. */
  changes: ReadonlyMap<FacilityId, Changes>;
  /** Statuses that are different now. */
  statuses: readonly AreaStatus[];
  /** Of areas whose past is different now. */
  histories: ReadonlyMap<AreaId, AreaHistory>;
  /** People in custody who are in no area, where something about them is different now. */
  unplaced: readonly UnplacedChange[];
}

/** Clocks that run for somebody who is in no area; undefined when none do any more. */
export interface UnplacedChange {
  facilityId: FacilityId;
  caseId: CaseId;
  clocks: readonly Clock[] | undefined;
}

/** The region after some of its events. Pure; facilities have nothing to do with one another. */
export function applyToRegion(
  region: RegionCustody,
  events: readonly StoredEvent[],
  basis: Basis,
): RegionApplied {
  const after = new Map(region);
  const changes = new Map<FacilityId, Changes>();
  const statuses: AreaStatus[] = [];
  const histories = new Map<AreaId, AreaHistory>();
  const unplaced: UnplacedChange[] = [];
  for (const [facilityId, ofFacility] of Map.groupBy(events, (event) => event.facilityId)) {
    const before = region.get(facilityId) ?? restoreFacility(facilityId, basis);
    const applied = applyEvents(before, ofFacility, basis);
    after.set(facilityId, applied.facility);
    changes.set(facilityId, applied.changes);
    statuses.push(...applied.statuses);
    for (const [areaId, history] of applied.histories) histories.set(areaId, history);
    for (const [caseId, clocks] of applied.unplaced) unplaced.push({ facilityId, caseId, clocks });
  }
  return { region: after, changes, statuses, histories, unplaced };
}

import type { StoredEvent } from '#contract/custody-events.ts';
import type { AreaId, FacilityId } from '#contract/ids.ts';
import type { AreaStatus } from '#contract/status.ts';
import { applyEvents, type Changes } from './apply-events.ts';
import type { AreaHistory } from './area-history.ts';
import type { Basis } from './basis.ts';
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
  for (const [facilityId, ofFacility] of Map.groupBy(events, (event) => event.facilityId)) {
    const before = region.get(facilityId) ?? restoreFacility(facilityId, basis);
    const applied = applyEvents(before, ofFacility, basis);
    after.set(facilityId, applied.facility);
    changes.set(facilityId, applied.changes);
    statuses.push(...applied.statuses);
    for (const [areaId, history] of applied.histories) histories.set(areaId, history);
  }
  return { region: after, changes, statuses, histories };
}

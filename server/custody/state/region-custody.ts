import type { StoredEvent } from '#contract/custody-events.ts';
import type { FacilityId } from '#contract/ids.ts';
import type { AreaStatus } from '#contract/status.ts';
import { applyEvents, type Changes } from './apply-events.ts';
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
  for (const [facilityId, ofFacility] of Map.groupBy(events, (event) => event.facilityId)) {
    const before = region.get(facilityId) ?? restoreFacility(facilityId, basis);
    const applied = applyEvents(before, ofFacility, basis);
    after.set(facilityId, applied.facility);
    changes.set(facilityId, applied.changes);
    statuses.push(...applied.statuses);
  }
  return { region: after, changes, statuses };
}

import type { FacilityId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import type { Registry } from '../nation/registry.ts';
import { isInScope } from './decide.ts';

type Places = Pick<Registry, 'facility'>;

/** Whether everything in the other scope lies in this one. */
export function covers(mine: Scope, other: Scope, registry: Places): boolean {
  // Also what lies in facilities that are there no longer.
  if (mine.kind === 'nation') return true;
  switch (other.kind) {
    case 'nation':
      return false;
    case 'regions':
      return other.regionIds.every((regionId) => isInScope(mine, { regionId }));
    case 'facilities':
      return other.facilityIds.every((facilityId) => holds(mine, facilityId, registry));
  }
}

/** What lies in both scopes; undefined when nothing does. */
export function common(a: Scope, b: Scope, registry: Places): Scope | undefined {
  if (a.kind === 'nation') return b;
  if (b.kind === 'nation') return a;
  if (a.kind === 'regions' && b.kind === 'regions') {
    const regionIds = a.regionIds.filter((id) => b.regionIds.includes(id));
    return regionIds.length > 0 ? { kind: 'regions', regionIds } : undefined;
  }
  const [narrow, wide] = a.kind === 'facilities' ? [a, b] : [b, a];
  if (narrow.kind !== 'facilities') return undefined;
  const facilityIds = narrow.facilityIds.filter((id) => holds(wide, id, registry));
  return facilityIds.length > 0 ? { kind: 'facilities', facilityIds } : undefined;
}

function holds(scope: Scope, facilityId: FacilityId, registry: Places): boolean {
  const facility = registry.facility(facilityId);
  return facility !== undefined && isInScope(scope, { regionId: facility.regionId, facilityId });
}

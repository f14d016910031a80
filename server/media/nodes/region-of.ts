import type { RegionId } from '#contract/ids.ts';
import type { Principal } from '../../access/decide.ts';

/** Where somebody sits, as far as their scope tells. */
export function regionOf(principal: Principal): RegionId | undefined {
  if (principal.kind !== 'person' && principal.kind !== 'display') return undefined;
  if (principal.scope.kind !== 'regions') return undefined;
  return principal.scope.regionIds.length === 1 ? principal.scope.regionIds[0] : undefined;
}

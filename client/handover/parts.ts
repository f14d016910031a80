import type { HandoverSummary } from '#contract/handover.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import { REGION_GROUPS } from '../../config/region-groups.ts';

/** What of one's scope can be handed over: all of it, a usual part, or regions that one chooses. */
export type Part = 'whole' | (typeof REGION_GROUPS)[number]['id'] | 'chosen';

/** Regions of a scope that are not being handed over yet; none for who answers for one region, or for facilities. */
export function freeRegions(
  scope: Scope,
  all: readonly RegionId[],
  open: readonly Pick<HandoverSummary, 'scope'>[],
): readonly RegionId[] {
  const mine = scope.kind === 'nation' ? all : scope.kind === 'regions' ? scope.regionIds : [];
  if (mine.length < 2) return [];
  const taken = new Set(open.flatMap((one) => (one.scope.kind === 'regions' ? one.scope.regionIds : mine)));
  return mine.filter((id) => !taken.has(id));
}

/** Regions of a usual part, as far as they are free. */
export function regionsOf(part: Part, free: readonly RegionId[]): readonly RegionId[] {
  const group = REGION_GROUPS.find(({ id }) => id === part);
  return free.filter((id) => group?.regionIds.some((one) => one === id));
}

/** The usual part that a scope is; undefined when it is none. */
export function groupOf(scope: Scope): (typeof REGION_GROUPS)[number] | undefined {
  if (scope.kind !== 'regions') return undefined;
  const key = scope.regionIds.toSorted().join();
  return REGION_GROUPS.find(({ regionIds }) => regionIds.toSorted().join() === key);
}

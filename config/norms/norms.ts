import type { Person } from '#contract/custody-events.ts';
import type { LimitInfo } from '#contract/live.ts';
import type { Interval, NormSet } from './norm-set.ts';
import { WELFARE_CHECK } from './practice.ts';
import { UA_ADMIN } from './ua-admin.ts';
import { UA_CPC } from './ua-cpc.ts';

/** The norms that status is derived by. */
export interface Norms {
  readonly sets: readonly NormSet[];
  readonly welfareCheck: Interval;
}

/** The norms in force here. */
export const NORMS: Norms = { sets: [UA_CPC, UA_ADMIN], welfareCheck: WELFARE_CHECK };

/** Every limit as the interface names it. */
export function limits(norms: Norms = NORMS): LimitInfo[] {
  const ofSets = norms.sets.flatMap((set) =>
    set.limits.map(({ id, label, source, standing }) => ({
      normSet: set.id,
      limit: id,
      label,
      source,
      standing,
    })),
  );
  const { normSet, id, label, source, standing } = norms.welfareCheck;
  return [...ofSets, { normSet, limit: id, label, source, standing }];
}

/** The sets for a regime that were valid at an instant (milliseconds since the epoch). */
export function normSetsAt(norms: Norms, regime: Person['regime'], atMs: number): NormSet[] {
  return norms.sets.filter(
    (set) =>
      set.regime === regime &&
      Date.parse(set.validFrom) <= atMs &&
      (set.validTo === null || atMs < Date.parse(set.validTo)),
  );
}

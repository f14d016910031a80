import type { FacilityId } from '#contract/ids.ts';
import type { Action } from '../../../config/roles/roles.ts';
import { createMessageBudget, type MessageBudget } from '../socket/message-budget.ts';

/**
 * Requests of a facility that a replica answers. Its systems send batches of up to 500 events, a few a second at the most;
 * an outage that is made up for comes in one stream of lines. Encoders of a facility whose power is back come all at once.
 */
const LIMITS = {
  publish: { perSecond: 5, burst: 100 },
  other: { perSecond: 200, burst: 1_000 },
} as const;

/** Takes one request of a facility; false when it has sent too many. Who asks has shown a key: facilities are few. */
export type FacilityLimits = (facilityId: FacilityId, action: Action) => boolean;

export function createFacilityLimits(now: () => number): FacilityLimits {
  const budgets = new Map<string, MessageBudget>();
  return (facilityId, action) => {
    const kind = action === 'feed.publish' ? 'publish' : 'other';
    const key = `${kind} ${facilityId}`;
    const budget = budgets.get(key) ?? createMessageBudget({ ...LIMITS[kind], nowMs: now() });
    budgets.set(key, budget);
    return budget.take(now());
  };
}

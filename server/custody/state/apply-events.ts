import type { StoredEvent } from '#contract/custody-events.ts';
import type { Basis } from './basis.ts';
import type { Applied } from './changes.ts';
import type { FacilityCustody } from './facility-custody.ts';
import { FacilityDraft } from './facility-draft.ts';

/**
 * The facility after some of its events, in whatever order they came and however often. Pure: the given facility stays
 * as it is. The result depends on the events alone, not on how they were cut into batches.
 */
export function applyEvents(
  facility: FacilityCustody,
  events: readonly StoredEvent[],
  basis: Basis,
): Applied {
  const draft = new FacilityDraft(facility, basis);
  for (const event of events) draft.add(event);
  return draft.finish();
}

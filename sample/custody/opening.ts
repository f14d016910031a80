import { MAX_EVENTS_PER_BATCH } from '#contract/custody-events.ts';
import type { FacilityEvent } from './rounds.ts';

/** Events of one request. The server takes more; smaller ones are acknowledged sooner. */
const BATCH_EVENTS = 200;

/**
 * What is told at the start: one facility after another; in each the people one after another, each from the beginning,
 * and then what is nobody's own. Whoever reads along sees whole stories.
 */
export function inTellingOrder(events: readonly FacilityEvent[]): FacilityEvent[] {
  return [...Map.groupBy(events, ({ facilityId }) => facilityId).values()].flatMap((own) => {
    const byCase = Map.groupBy(own, ({ event }) => caseOf(event));
    const rest = byCase.get(undefined) ?? [];
    byCase.delete(undefined);
    return [...byCase.values(), rest].flat();
  });
}

/**
 * Events of the next request, of all that wait. It ends with the story of a person wherever it can: of somebody whose later
 * steps come in the next one, the limits would look breached meanwhile.
 */
export function nextBatch(waiting: readonly FacilityEvent['event'][]): FacilityEvent['event'][] {
  let end = Math.min(waiting.length, BATCH_EVENTS);
  while (end < Math.min(waiting.length, MAX_EVENTS_PER_BATCH)) {
    const [before, next] = [waiting[end - 1], waiting[end]];
    const caseId = before && caseOf(before);
    if (caseId === undefined || !next || caseOf(next) !== caseId) break;
    end += 1;
  }
  return waiting.slice(0, end);
}

function caseOf(event: FacilityEvent['event']): string | undefined {
  return 'caseId' in event ? event.caseId : undefined;
}

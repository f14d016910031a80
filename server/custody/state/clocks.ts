import type { Clock } from '#contract/clocks.ts';
import type { CaseId } from '#contract/ids.ts';
import type { Law } from './basis.ts';
import { factsOf } from './case-facts.ts';
import type { KeptEvent } from './kept-event.ts';
import { runningOf, runsOf, toClock } from './limit-runs.ts';

/**
 * The clocks that run for a person in custody: one for each limit that has begun and is not met. `events` are those
 * that count, in their order.
 */
export function clocksOf(caseId: CaseId, events: readonly KeptEvent[], law: Law): Clock[] {
  return runningOf(runsOf(events, factsOf(events), law)).map((run) => toClock(caseId, run));
}

import type { StoredEvent } from '#contract/custody-events.ts';
import type { CaseId, EventId, FacilityId } from '#contract/ids.ts';
import type { Basis } from '../state/basis.ts';
import { type CaseLog, EMPTY_CASE } from '../state/case-log.ts';
import { type CaseView, countingEvents, foldCase } from '../state/case-view.ts';
import { type Corrected, type Correction, corrected } from '../state/corrections.ts';
import type { KeptEvent } from '../state/kept-event.ts';
import type { LimitRun } from '../state/limit-run.ts';
import { runsOf } from '../state/limit-runs.ts';
import { withOccurrence } from '../state/occurrence.ts';

/** A case derived anew from its own events. */
export interface CaseRecord {
  view: CaseView;
  /** Those that count, in their order. */
  events: readonly KeptEvent[];
  /** Every run of every limit. */
  runs: readonly LimitRun[];
  corrections: ReadonlyMap<EventId, Correction>;
  corrected: Corrected;
}

/**
 * Derives a case from the events that bear on it, as the projection does from those of the whole facility; also long
 * after the projection has forgotten it. Undefined if none of them is of the case.
 */
export function foldRecord(
  { facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId },
  events: readonly StoredEvent[],
  basis: Basis,
): CaseRecord | undefined {
  const corrections = new Map<EventId, Correction>();
  let log: CaseLog | undefined;
  for (const stored of events) {
    const { event } = stored;
    const isCorrection = event.type === 'RECORD_CORRECTED';
    if (isCorrection && !corrections.has(event.id)) {
      const { id, corrects, recordedAt } = event;
      corrections.set(id, { id, corrects, recordedAt: Date.parse(recordedAt) });
    }
    const own = isCorrection ? event.replacement : event;
    if (!own || !('caseId' in own) || own.caseId !== caseId) continue;
    log = withOccurrence(log ?? EMPTY_CASE, own, {
      via: isCorrection ? event.id : undefined,
      stored,
      keptTypes: basis.keptTypes,
    });
  }
  if (!log) return undefined;
  const law = basis.lawOf(facilityId);
  const counting = corrected(corrections);
  const view = foldCase(caseId, log, law, counting);
  const own = countingEvents(log, counting);
  const runs = runsOf(own, view.facts, law);
  return { view, events: own, runs, corrections, corrected: counting };
}

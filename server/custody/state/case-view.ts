import type { Person } from '#contract/custody-events.ts';
import type { AreaId, CaseId } from '#contract/ids.ts';
import type { Clock } from '#contract/status.ts';
import type { Norms } from '../../../config/norms/norms.ts';
import type { CaseLog } from './case-log.ts';
import { clocksOf } from './clocks.ts';
import type { Corrected } from './corrections.ts';
import type { KeptEvent } from './kept-event.ts';

/** Where something is, and since when (milliseconds since the epoch). */
export interface Place {
  areaId: AreaId;
  sinceMs: number;
}

/** How a case is now, as far as areas are concerned. Derived; never stored. */
export interface CaseView {
  caseId: CaseId;
  /** Where the person is; null if not in any area of the facility, or not placed yet. */
  place: Place | null;
  /** When the person left custody here; null while the case goes on. */
  closedAtMs: number | null;
  /** The facts about the person as last stated. */
  person: Person | undefined;
  /** None once the case is closed. */
  clocks: readonly Clock[];
  /** Areas that are confidential on account of the case. */
  confidential: readonly Place[];
  /** Areas that the case has had to do with, and the latest recording that changed something there by it. */
  touches: ReadonlyMap<AreaId, number>;
  /** Latest recording of the case or of a correction to it. */
  lastRecordedAt: number;
}

/** A visit that nobody may watch, in the area that was named for it or else wherever the person is. */
type Visit = { sinceMs: number; areaId: AreaId | undefined };

const VISITS = {
  LAWYER_ARRIVED: 'lawyer',
  LAWYER_LEFT: 'lawyer',
  MEDICAL_EXAM_STARTED: 'medical',
  MEDICAL_EXAM_ENDED: 'medical',
} as const;

/** Folds a case's events, in the order in which they count and without those that are void. */
export function foldCase(caseId: CaseId, log: CaseLog, norms: Norms, corrections: Corrected): CaseView {
  const events = log.events.filter(
    ({ id, via }) => !corrections.isVoid(id) && (via === undefined || !corrections.isVoid(via)),
  );
  const touches = new Map<AreaId, number>();
  let lastRecordedAt = log.lastRecordedAt;
  for (const { id, areaId } of log.events) {
    const correctedAt = corrections.correctedAt(id);
    lastRecordedAt = Math.max(lastRecordedAt, correctedAt);
    if (areaId !== undefined && correctedAt > 0) touch(touches, areaId, correctedAt);
  }

  let place = null as Place | null;
  let closedAtMs = null as number | null;
  const visits = new Map<'lawyer' | 'medical', Visit>();
  for (const event of events) {
    const before = place;
    switch (event.type) {
      case 'CELL_PLACED':
      case 'CELL_MOVED':
        // Whoever is placed after a release is here, whatever the release said.
        closedAtMs = null;
        if (event.areaId !== undefined && event.areaId !== before?.areaId)
          place = { areaId: event.areaId, sinceMs: event.at };
        break;
      case 'HANDED_TO_CONVOY':
        place = null;
        visits.clear();
        break;
      case 'RELEASED':
      case 'TRANSFERRED':
        place = null;
        closedAtMs = event.at;
        visits.clear();
        break;
      default:
        foldVisit(visits, event);
    }
    if (before && before !== place) {
      touch(touches, before.areaId, event.recordedAt);
      endVisitsAt(visits, before.areaId);
    }
  }

  return {
    caseId,
    place,
    closedAtMs,
    person: events.findLast(({ person }) => person !== undefined)?.person,
    clocks: closedAtMs === null ? clocksOf(caseId, events, norms) : [],
    confidential: confidentialPlaces(visits, place),
    touches,
    lastRecordedAt,
  };
}

function foldVisit(visits: Map<'lawyer' | 'medical', Visit>, { type, at, areaId }: KeptEvent): void {
  if (!(type in VISITS)) return;
  const kind = VISITS[type as keyof typeof VISITS];
  if (type === 'LAWYER_LEFT' || type === 'MEDICAL_EXAM_ENDED') visits.delete(kind);
  else if (!visits.has(kind)) visits.set(kind, { sinceMs: at, areaId });
}

/** A visit that was given a room is over when the person is taken out of that room. */
function endVisitsAt(visits: Map<'lawyer' | 'medical', Visit>, left: AreaId): void {
  for (const [kind, { areaId }] of visits) if (areaId === left) visits.delete(kind);
}

function confidentialPlaces(visits: ReadonlyMap<string, Visit>, place: Place | null): Place[] {
  const places: Place[] = [];
  for (const { sinceMs, areaId } of visits.values()) {
    if (areaId !== undefined) places.push({ areaId, sinceMs });
    else if (place) places.push({ areaId: place.areaId, sinceMs: Math.max(sinceMs, place.sinceMs) });
  }
  return places;
}

function touch(touches: Map<AreaId, number>, areaId: AreaId, recordedAt: number): void {
  touches.set(areaId, Math.max(touches.get(areaId) ?? 0, recordedAt));
}

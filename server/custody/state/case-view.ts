import type { Clock } from '#contract/clocks.ts';
import type { Person } from '#contract/custody-details.ts';
import type { AreaId, CaseId } from '#contract/ids.ts';
import type { Law } from './basis.ts';
import { type CaseFacts, factsOf } from './case-facts.ts';
import type { CaseLog } from './case-log.ts';
import { type CaseTimes, type Contradiction, contradictionsOf, timesOf } from './contradictions.ts';
import type { Corrected } from './corrections.ts';
import type { KeptEvent } from './kept-event.ts';
import { runningOf, runsOf, toClock } from './limit-runs.ts';
import type { PlacedSpan } from './spans.ts';
import { undoneEnds } from './undone-ends.ts';
import { type VisitPlace, Visits } from './visits.ts';

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
  /** What norms ask about the case. */
  facts: CaseFacts;
  times: CaseTimes;
  /** When the person came here from another facility whose case goes on; null for a case that began here. */
  continuedAtMs: number | null;
  contradictions: readonly Contradiction[];
  /** None once the case is closed. */
  clocks: readonly Clock[];
  /** Areas that are confidential on account of the case. */
  confidential: readonly VisitPlace[];
  /** Areas that the case has had to do with, and the latest recording that changed something there by it. */
  touches: ReadonlyMap<AreaId, number>;
  /** When the person last left each area. */
  left: ReadonlyMap<AreaId, number>;
  /** Since when a minor is interrogated with no appropriate adult present; null when that is not so. */
  unaccompaniedSinceMs: number | null;
  /** Where the person was when, in order. */
  stays: readonly PlacedSpan[];
  /** Where nobody might watch on account of the case, and when. */
  visits: readonly PlacedSpan[];
  /** Latest recording of the case or of a correction to it. */
  lastRecordedAt: number;
}

/**
 * Events of a case without those that are void. Of what came with several arrivals from somewhere else that of the last
 * one counts: it has the rest.
 */
export function countingEvents(log: CaseLog, corrections: Corrected): readonly KeptEvent[] {
  const standing = log.events.filter(
    ({ id, via, arrival }) =>
      !corrections.isVoid(arrival?.id ?? id) && (via === undefined || !corrections.isVoid(via)),
  );
  const last = standing.findLast(({ previous }) => previous !== undefined)?.id;
  if (last === undefined) return standing;
  // Somebody who is brought back here brings along what this facility knows itself.
  const own = new Set(log.events.map(({ id }) => id));
  return standing.filter(({ arrival }) => !arrival || (arrival.id === last && !own.has(arrival.origin)));
}

/** Folds a case's events, in the order in which they count and without those that are void. */
export function foldCase(caseId: CaseId, log: CaseLog, law: Law, corrections: Corrected): CaseView {
  const events = countingEvents(log, corrections);
  // Where the person is, and who is with them, only this facility says.
  const own = events.filter(({ arrival }) => !arrival);
  const touches = new Map<AreaId, number>();
  let lastRecordedAt = log.lastRecordedAt;
  for (const { id, areaId } of log.events) {
    const correctedAt = corrections.correctedAt(id);
    lastRecordedAt = Math.max(lastRecordedAt, correctedAt);
    if (areaId !== undefined && correctedAt > 0) touch(touches, areaId, correctedAt);
  }

  const left = new Map<AreaId, number>();
  let place = null as Place | null;
  /** Where the person was when they were taken to a shelter; undefined outside of one. */
  let beforeShelter: Place | null | undefined;
  let closedAtMs = null as number | null;
  const visits = new Visits();
  const stays: PlacedSpan[] = [];
  const closures = new Closures();
  const heldAgain = new Set(Array.from(undoneEnds(own).values(), ({ id }) => id));
  for (const event of own) {
    visits.lapse(event.at, (endMs) => closures.follow(visits.places(place), endMs));
    const before = place;
    if (heldAgain.has(event.id)) closedAtMs = null;
    switch (event.type) {
      case 'CELL_PLACED':
      case 'CELL_MOVED':
        // Whoever is placed after a release is here, whatever the release said.
        closedAtMs = null;
        beforeShelter = undefined;
        place = movedTo(event.areaId ?? before?.areaId, event.at, before);
        break;
      case 'SHELTER_ENTERED':
        if (closedAtMs !== null) break;
        if (beforeShelter === undefined) beforeShelter = before;
        place = movedTo(event.areaId, event.at, before);
        break;
      case 'SHELTER_LEFT':
        if (closedAtMs !== null || (beforeShelter === undefined && event.areaId === undefined)) break;
        place = movedTo(event.areaId ?? beforeShelter?.areaId, event.at, before);
        beforeShelter = undefined;
        break;
      case 'HANDED_TO_CONVOY':
      case 'HOSPITAL_LEFT':
        place = null;
        beforeShelter = undefined;
        visits.clear();
        break;
      case 'RELEASED':
      case 'TRANSFERRED':
      case 'ESCAPED':
      case 'DIED':
        place = null;
        beforeShelter = undefined;
        closedAtMs = event.at;
        visits.clear();
        break;
      default:
        visits.follow(event);
    }
    if (before && before !== place) {
      touch(touches, before.areaId, event.recordedAt);
      touch(left, before.areaId, event.at);
      visits.endAt(before.areaId);
      stays.push({ areaId: before.areaId, span: [before.sinceMs, event.at] });
    }
    closures.follow(visits.places(place), event.at);
  }
  if (place) stays.push({ areaId: place.areaId, span: [place.sinceMs, null] });

  const facts = factsOf(events);
  const runs = runsOf(events, facts, law);
  return {
    caseId,
    place,
    closedAtMs,
    person: events.findLast(({ person }) => person !== undefined)?.person,
    facts,
    times: timesOf(events),
    continuedAtMs: own.length < events.length ? (own[0]?.at ?? null) : null,
    contradictions: contradictionsOf({ events, facts, runs, law }),
    clocks: closedAtMs === null ? runningOf(runs).map((run) => toClock(caseId, run)) : [],
    confidential: visits.places(place),
    touches,
    left,
    unaccompaniedSinceMs: facts.minor && closedAtMs === null ? unaccompaniedSince(own) : null,
    stays,
    visits: closures.finish(),
    lastRecordedAt,
  };
}

/** Since when somebody is interrogated with no appropriate adult beside them, by the events that count, in their order. */
function unaccompaniedSince(events: readonly KeptEvent[]): number | null {
  let questionedMs = null as number | null;
  let leftMs = 0;
  let isAccompanied = false;
  for (const { type, at } of events) {
    if (type === 'INTERROGATION_STARTED') questionedMs ??= at;
    else if (type === 'INTERROGATION_ENDED') questionedMs = null;
    else if (type === 'APPROPRIATE_ADULT_ARRIVED') isAccompanied = true;
    else if (type === 'APPROPRIATE_ADULT_LEFT') {
      isAccompanied = false;
      leftMs = at;
    }
  }
  return questionedMs === null || isAccompanied ? null : Math.max(questionedMs, leftMs);
}

/** Keeps when areas were closed on account of a case. */
class Closures {
  readonly #open = new Map<AreaId, number>();
  readonly #over: PlacedSpan[] = [];

  /** The areas that are closed from an instant on. */
  follow(places: readonly Place[], atMs: number): void {
    if (places.length === 0 && this.#open.size === 0) return;
    const closed = new Set(places.map(({ areaId }) => areaId));
    for (const [areaId, sinceMs] of this.#open) {
      if (closed.has(areaId)) continue;
      this.#over.push({ areaId, span: [sinceMs, atMs] });
      this.#open.delete(areaId);
    }
    for (const { areaId, sinceMs } of places) if (!this.#open.has(areaId)) this.#open.set(areaId, sinceMs);
  }

  finish(): PlacedSpan[] {
    const open = Array.from(this.#open, ([areaId, sinceMs]) => ({
      areaId,
      span: [sinceMs, null] as PlacedSpan['span'],
    }));
    return [...this.#over, ...open];
  }
}

/** Who is moved to where they are stays since when they came. */
function movedTo(areaId: AreaId | undefined, atMs: number, before: Place | null): Place | null {
  if (areaId === undefined) return null;
  return areaId === before?.areaId ? before : { areaId, sinceMs: atMs };
}

function touch(latest: Map<AreaId, number>, areaId: AreaId, atMs: number): void {
  latest.set(areaId, Math.max(latest.get(areaId) ?? 0, atMs));
}

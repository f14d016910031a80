import type { AreaId, CaseId, FacilityId } from '#contract/ids.ts';
import type { Bed } from '../population.ts';
import { type Stay, staysFrom } from './stay.ts';
import { type FindRoom, type PlannedEvent, planEvents } from './stay-events.ts';

/** From apprehension to the cell it takes at most so long: stays this far ahead have begun. */
const LONGEST_ARRIVAL_MS = 2 * 3_600_000;

/** Nothing is written down later than this after it happened. */
const LONGEST_RECORD_MS = 60_000;

/** The people of all beds, event by event. */
export interface Life {
  /** The events that are due by `nowMs` and were not given before, in order of time. */
  due(nowMs: number): PlannedEvent[];
  /** All whose stays are known: those who are here, come soon, or have left since the earlier run. */
  cases(): Set<CaseId>;
  /** Whose stays have begun to be told and have not ended. */
  present(): [FacilityId, CaseId][];
  /** Somebody who is in a cell at an instant. */
  occupantOf(areaId: AreaId, nowMs: number): CaseId | undefined;
}

/** A stay that is going on, or soon begins, and how far it has been told. */
interface Told {
  stay: Stay;
  events: readonly PlannedEvent[];
  next: number;
}

interface BedLife {
  bed: Bed;
  stays: Generator<Stay, never>;
  going: Told[];
}

/**
 * Begins at `nowMs`: who is here is told from the beginning, whatever was sent before. Ids are the same each time, so a
 * server that knows it already takes it for what it is, and one that has lost it learns it again. `sentUntilMs`: an
 * earlier run sent what was due by then; the rest of the stays of those who have left since is told as well. Null:
 * there was no earlier run. Who came and went in between is left out.
 */
export function createLife(options: {
  beds: readonly Bed[];
  findRoom: FindRoom;
  nowMs: number;
  sentUntilMs: number | null;
}): Life {
  const { findRoom, nowMs } = options;
  // What happened shortly before may not have been written down by then.
  const leftAfterMs = options.sentUntilMs === null ? nowMs : options.sentUntilMs - LONGEST_RECORD_MS;
  const lives = options.beds.map((bed) => beginBed(bed));
  const byArea = Map.groupBy(lives, ({ bed }) => bed.areaId);

  function beginBed(bed: Bed): BedLife {
    const life: BedLife = { bed, stays: staysFrom(bed, Math.min(leftAfterMs, nowMs)), going: [] };
    follow(life, nowMs);
    life.going = life.going
      .filter(({ stay }) => stay.apprehendedMs <= leftAfterMs || stay.endMs > nowMs)
      .map((told) => ({ ...told, next: told.stay.endMs > nowMs ? 0 : toldBy(told, leftAfterMs) }));
    return life;
  }

  /** Takes up stays until one lies in the future. */
  function follow(life: BedLife, untilMs: number): void {
    while ((life.going.at(-1)?.stay.placedMs ?? 0) - LONGEST_ARRIVAL_MS <= untilMs) {
      const stay = life.stays.next().value;
      life.going.push({ stay, events: planEvents(stay, findRoom), next: 0 });
    }
  }

  return {
    due(atMs) {
      const events: PlannedEvent[] = [];
      for (const life of lives) {
        follow(life, atMs);
        for (const told of life.going) {
          for (let event = told.events[told.next]; event && event.recordedMs <= atMs; ) {
            events.push(event);
            told.next++;
            event = told.events[told.next];
          }
        }
        life.going = life.going.filter(({ events: all, next }) => next < all.length);
      }
      return events.sort((a, b) => a.recordedMs - b.recordedMs);
    },
    cases: () => new Set(lives.flatMap(({ going }) => going.map(({ stay }) => stay.caseId))),
    present: () =>
      lives.flatMap(({ bed, going }) =>
        going.flatMap(({ stay, next }): [FacilityId, CaseId][] =>
          next > 0 ? [[bed.facilityId, stay.caseId]] : [],
        ),
      ),
    occupantOf(areaId, atMs) {
      for (const { going } of byArea.get(areaId) ?? []) {
        for (const { stay } of going) if (stay.placedMs <= atMs && stay.endMs > atMs) return stay.caseId;
      }
      return undefined;
    },
  };
}

/** How many of a stay's events an earlier run has sent. */
function toldBy({ events }: Told, sentUntilMs: number): number {
  const next = events.findIndex(({ recordedMs }) => recordedMs > sentUntilMs);
  return next < 0 ? events.length : next;
}

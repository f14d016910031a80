import type { AreaId } from '#contract/ids.ts';
import type { VisitKind } from '#contract/status.ts';
import { VISIT_MAX_MINUTES } from '../../../config/gate/visits.ts';
import type { KeptEvent } from './kept-event.ts';

const MINUTE_MS = 60_000;

/** A visit that nobody may watch; instants in milliseconds since the epoch. */
interface Visit {
  kind: VisitKind;
  sinceMs: number;
  /** When it ends by itself: by the event that says so, which whoever is there then records. */
  untilMs: number;
  /** The area that was named for it; undefined: wherever the person is. */
  areaId: AreaId | undefined;
}

/** An area that a visit closes. */
export interface VisitPlace {
  kind: VisitKind;
  areaId: AreaId;
  sinceMs: number;
  untilMs: number;
}

const BEGINS: Readonly<Partial<Record<KeptEvent['type'], VisitKind>>> = {
  LAWYER_ARRIVED: 'lawyer',
  MEDICAL_EXAM_STARTED: 'medical',
};
const ENDS: Readonly<Partial<Record<KeptEvent['type'], VisitKind>>> = {
  LAWYER_LEFT: 'lawyer',
  MEDICAL_EXAM_ENDED: 'medical',
};

/**
 * The visits of a case while its events are folded, in the order in which they count. Whatever is recorded, none stands
 * longer than it may without somebody saying that it goes on: by recording it again, or by saying so.
 */
export class Visits {
  readonly #standing = new Map<VisitKind, Visit>();
  /** Those that ended by their time alone: who says that one goes on closes the area again. */
  readonly #lapsed = new Map<VisitKind, Visit>();

  /** Ends those whose time was over before an instant, in order; that comes first, whether or not it was recorded. */
  lapse(beforeMs: number, handleEnd: (endMs: number) => void): void {
    const over = [...this.#standing.values()].filter(({ untilMs }) => untilMs < beforeMs);
    for (const visit of over.toSorted((a, b) => a.untilMs - b.untilMs)) {
      this.#end(visit);
      handleEnd(visit.untilMs);
    }
  }

  follow({ type, at, areaId, until }: KeptEvent): void {
    const begins = BEGINS[type];
    const ends = ENDS[type];
    if (begins) this.#begin(begins, at, areaId);
    else if (ends) {
      this.#standing.delete(ends);
      this.#lapsed.delete(ends);
    } else if (type === 'CONFIDENTIALITY_EXTENDED') {
      for (const visit of this.#meant()) this.#begin(visit.kind, at, visit.areaId);
    } else if (type === 'CONFIDENTIALITY_ENDED') {
      // It names the end that it is for, so that it does not count when somebody has said meanwhile that it goes on.
      for (const visit of [...this.#standing.values()])
        if (until !== undefined && visit.untilMs <= until) this.#end(visit);
    }
  }

  /** A visit that was given a room is over when the person is taken out of that room. */
  endAt(left: AreaId): void {
    for (const visits of [this.#standing, this.#lapsed])
      for (const { kind, areaId } of [...visits.values()]) if (areaId === left) visits.delete(kind);
  }

  clear(): void {
    this.#standing.clear();
    this.#lapsed.clear();
  }

  /** The areas that are closed now; `place` is where the person is. */
  places(place: { areaId: AreaId; sinceMs: number } | null): VisitPlace[] {
    return [...this.#standing.values()].flatMap(({ kind, areaId, sinceMs, untilMs }) => {
      if (areaId !== undefined) return [{ kind, areaId, sinceMs, untilMs }];
      return place
        ? [{ kind, areaId: place.areaId, sinceMs: Math.max(sinceMs, place.sinceMs), untilMs }]
        : [];
    });
  }

  /** What somebody means who says that it goes on: what stands, or else what ended last by its time. */
  #meant(): Visit[] {
    if (this.#standing.size > 0) return [...this.#standing.values()];
    return [...this.#lapsed.values()].toSorted((a, b) => b.untilMs - a.untilMs).slice(0, 1);
  }

  /** Begins a visit, or lets one go on: for as long again, and never shorter. Where it is, the last word says. */
  #begin(kind: VisitKind, atMs: number, areaId: AreaId | undefined): void {
    const known = this.#standing.get(kind);
    const where = areaId ?? known?.areaId;
    const isSame = known !== undefined && known.areaId === where;
    const latestMs = atMs + VISIT_MAX_MINUTES[kind] * MINUTE_MS;
    this.#lapsed.delete(kind);
    this.#standing.set(kind, {
      kind,
      sinceMs: isSame ? known.sinceMs : atMs,
      untilMs: Math.max(latestMs, known?.untilMs ?? 0),
      areaId: where,
    });
  }

  #end(visit: Visit): void {
    this.#standing.delete(visit.kind);
    this.#lapsed.set(visit.kind, visit);
  }
}

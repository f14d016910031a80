import type { AreaEvent, CaseEvent, CorrectionEvent, StoredEvent } from '#contract/custody-events.ts';
import type { AreaId, CaseId, EventId } from '#contract/ids.ts';
import type { AreaStatus, Clock } from '#contract/status.ts';
import { type AreaHistory, areaHistoryOf, type PlacedSpan } from './area-history.ts';
import { type AreaLog, EMPTY_AREA, withAreaEvent, withLeft, withTouch } from './area-log.ts';
import type { Basis } from './basis.ts';
import { type CaseLog, EMPTY_CASE, withEvent, withRecording } from './case-log.ts';
import { type CaseView, foldCase } from './case-view.ts';
import { type Corrected, type Correction, corrected, targetsOf } from './corrections.ts';
import { areasOf, deriveStatuses, type FacilityCustody } from './facility-custody.ts';
import { chooseForgotten, isTimeToForget } from './forgetting.ts';
import { toKept } from './kept-event.ts';

/** What of a facility's record is different now; an id that the record lacks was dropped from it. */
export interface Changes {
  cases: ReadonlySet<CaseId>;
  areas: ReadonlySet<AreaId>;
  corrections: ReadonlySet<EventId>;
  tombstones: ReadonlySet<CaseId>;
  /** Cases that were dropped from the record, as they were then; also when they are back in it since. */
  forgotten: ReadonlyMap<CaseId, CaseView>;
}

export interface Applied {
  facility: FacilityCustody;
  changes: Changes;
  /** Statuses that are different now. */
  statuses: readonly AreaStatus[];
  /** Of areas whose past is different now. */
  histories: ReadonlyMap<AreaId, AreaHistory>;
  /** Clocks of people in custody who are in no area, where they are different now; undefined when there are none any more. */
  unplaced: ReadonlyMap<CaseId, readonly Clock[] | undefined>;
}

/**
 * The facility after some of its events, in whatever order they came and however often. Pure: the given facility stays
 * as it is. The result depends on the events alone, not on how they were cut into batches.
 */
export function applyEvents(
  facility: FacilityCustody,
  events: readonly StoredEvent[],
  basis: Basis,
): Applied {
  const draft = new Draft(facility, basis);
  for (const event of events) draft.add(event);
  return draft.finish();
}

/** A facility while events are being applied. Its maps are copies; what they hold is replaced, never changed. */
class Draft {
  readonly #before: FacilityCustody;
  readonly #basis: Basis;
  readonly #cases: Map<CaseId, CaseLog>;
  readonly #areas: Map<AreaId, AreaLog>;
  readonly #corrections: Map<EventId, Correction>;
  readonly #tombstones: Map<CaseId, number>;
  readonly #views: Map<CaseId, CaseView>;
  #watermarkMs: number;
  /** Cases to fold anew, and areas whose status may be another. */
  readonly #stale = new Set<CaseId>();
  readonly #touched = new Set<AreaId>();
  /** Areas whose past may be another. */
  readonly #retold = new Set<AreaId>();
  readonly #unplaced = new Map<CaseId, readonly Clock[] | undefined>();
  readonly #changes = {
    cases: new Set<CaseId>(),
    areas: new Set<AreaId>(),
    corrections: new Set<EventId>(),
    tombstones: new Set<CaseId>(),
    forgotten: new Map<CaseId, CaseView>(),
  };
  #corrected: Corrected | undefined;

  constructor(facility: FacilityCustody, basis: Basis) {
    this.#before = facility;
    this.#basis = basis;
    this.#cases = new Map(facility.cases);
    this.#areas = new Map(facility.areas);
    this.#corrections = new Map(facility.corrections);
    this.#tombstones = new Map(facility.tombstones);
    this.#views = new Map(facility.views);
    this.#watermarkMs = facility.watermarkMs;
  }

  add({ event, receivedAt }: StoredEvent): void {
    const receivedMs = Date.parse(receivedAt);
    if (isTimeToForget(this.#watermarkMs, receivedMs, this.#cases.size)) this.#forget(receivedMs);
    this.#watermarkMs = Math.max(this.#watermarkMs, receivedMs);
    if (event.type === 'RECORD_CORRECTED') this.#addCorrection(event);
    else this.#addOccurrence(event);
  }

  finish(): Applied {
    this.#foldStale();
    const { facilityId, statuses: before } = this.#before;
    const derived = deriveStatuses({
      areaIds: this.#touched,
      areas: this.#areas,
      views: this.#views,
      basis: this.#basis,
      facilityId,
      corrections: this.#correctedNow(),
    });
    const statuses = derived.filter(
      (status) => JSON.stringify(status) !== JSON.stringify(before.get(status.areaId)),
    );
    return {
      facility: {
        facilityId,
        cases: this.#cases,
        areas: this.#areas,
        corrections: this.#corrections,
        tombstones: this.#tombstones,
        watermarkMs: this.#watermarkMs,
        views: this.#views,
        statuses: new Map([...before, ...statuses.map((status) => [status.areaId, status] as const)]),
      },
      changes: this.#changes,
      statuses,
      histories: new Map(
        Array.from(this.#retold, (areaId) => [
          areaId,
          areaHistoryOf(areaId, this.#areas.get(areaId) ?? EMPTY_AREA, this.#views.values()),
        ]),
      ),
      unplaced: this.#unplaced,
    };
  }

  #addOccurrence(event: CaseEvent | AreaEvent, via?: EventId): void {
    if ('caseId' in event) this.#addCaseEvent(event, via);
    else this.#addAreaEvent(event, via);
  }

  #addCaseEvent(event: CaseEvent, via: EventId | undefined): void {
    const { caseId, type } = event;
    const kept = toKept(event, via);
    if (event.areaId !== undefined) this.#setArea(event.areaId, (log) => withTouch(log, kept.recordedAt));
    const closedAtMs = this.#tombstones.get(caseId);
    if (closedAtMs !== undefined) {
      const isBack = (type === 'CELL_PLACED' || type === 'CELL_MOVED') && kept.at > closedAtMs;
      if (!isBack) return;
      this.#setTombstone(caseId, undefined);
    }
    const before = this.#cases.get(caseId);
    const isKept = event.person !== undefined || this.#basis.keptTypes.has(type);
    const after = isKept
      ? withEvent(before ?? EMPTY_CASE, kept)
      : withRecording(before ?? EMPTY_CASE, kept.recordedAt);
    if (after === before) return;
    this.#cases.set(caseId, after);
    this.#changes.cases.add(caseId);
    this.#stale.add(caseId);
  }

  #addAreaEvent(event: AreaEvent, via: EventId | undefined): void {
    this.#setArea(event.areaId, (log) => withAreaEvent(log, event, via));
  }

  #addCorrection(event: CorrectionEvent): void {
    if (this.#corrections.has(event.id)) return;
    const correction = {
      id: event.id,
      corrects: event.corrects,
      recordedAt: Date.parse(event.recordedAt),
    };
    this.#corrections.set(correction.id, correction);
    this.#changes.corrections.add(correction.id);
    this.#markBearing(correction);
    if (event.replacement) this.#addOccurrence(event.replacement, event.id);
  }

  /** Marks everything that a correction bears on, now that it has come or gone. */
  #markBearing(correction: Correction): void {
    this.#corrected = undefined;
    const targets = targetsOf(correction, this.#corrections);
    const bears = ({ id, via }: { id: EventId; via?: EventId | undefined }) =>
      targets.has(id) || (via !== undefined && targets.has(via));
    for (const [caseId, { events }] of this.#cases) if (events.some(bears)) this.#stale.add(caseId);
    for (const [areaId, { checks, measurements, sightings, bells }] of this.#areas)
      if ([...checks, ...measurements, ...sightings, ...bells].some(bears)) this.#touched.add(areaId);
  }

  #setArea(areaId: AreaId, change: (log: AreaLog) => AreaLog): void {
    const before = this.#areas.get(areaId);
    const after = change(before ?? EMPTY_AREA);
    if (after === before || (before && JSON.stringify(after) === JSON.stringify(before))) return;
    this.#areas.set(areaId, after);
    this.#changes.areas.add(areaId);
    this.#touched.add(areaId);
  }

  #setTombstone(caseId: CaseId, closedAtMs: number | undefined): void {
    if (closedAtMs === undefined) this.#tombstones.delete(caseId);
    else this.#tombstones.set(caseId, closedAtMs);
    this.#changes.tombstones.add(caseId);
  }

  #foldStale(): void {
    const law = this.#basis.lawOf(this.#before.facilityId);
    for (const caseId of this.#stale) {
      const before = this.#views.get(caseId);
      const log = this.#cases.get(caseId);
      if (!log) continue;
      const after = foldCase(caseId, log, law, this.#correctedNow());
      this.#views.set(caseId, after);
      for (const view of before ? [before, after] : [after])
        for (const areaId of areasOf(view)) this.#touched.add(areaId);
      this.#noteUnplaced(before, after);
      if (before && isSamePast(before, after)) continue;
      for (const { areaId } of [...pastOf(before), ...pastOf(after)]) this.#retold.add(areaId);
    }
    this.#stale.clear();
  }

  #forget(nowMs: number): void {
    this.#foldStale();
    const { closed, dropped, tombstones, corrections } = chooseForgotten(
      { views: this.#views, tombstones: this.#tombstones, corrections: this.#corrections },
      nowMs,
    );
    for (const view of [...closed, ...dropped]) this.#drop(view);
    for (const { caseId, closedAtMs } of closed) this.#setTombstone(caseId, closedAtMs ?? 0);
    for (const caseId of tombstones) this.#setTombstone(caseId, undefined);
    // What a correction made void must not stand again when the correction is kept no longer: it goes with it.
    const { isVoid } = this.#correctedNow();
    const voided = corrections.flatMap((id) => {
      const target = this.#corrections.get(id)?.corrects;
      return target !== undefined && !isVoid(id) && isVoid(target) ? [target] : [];
    });
    this.#remove(new Set(voided));
    for (const id of corrections) {
      const correction = this.#corrections.get(id);
      if (!correction) continue;
      this.#markBearing(correction);
      this.#corrections.delete(id);
      this.#corrected = undefined;
      this.#changes.corrections.add(id);
    }
    this.#foldStale();
  }

  /** Takes events out of the record for good, and what corrections of these ids put in the place of others. */
  #remove(ids: ReadonlySet<EventId>): void {
    if (ids.size === 0) return;
    const stays = ({ id, via }: { id: EventId; via?: EventId | undefined }) =>
      !ids.has(id) && (via === undefined || !ids.has(via));
    for (const [caseId, log] of this.#cases) {
      if (log.events.every(stays)) continue;
      this.#cases.set(caseId, { ...log, events: log.events.filter(stays) });
      this.#changes.cases.add(caseId);
      this.#stale.add(caseId);
    }
    for (const areaId of [...this.#areas.keys()])
      this.#setArea(areaId, (log) => ({
        ...log,
        checks: log.checks.filter(stays),
        measurements: log.measurements.filter(stays),
        sightings: log.sightings.filter(stays),
        bells: log.bells.filter(stays),
      }));
  }

  /** Forgets a case; what it changed in areas stays as their latest change. */
  #drop(view: CaseView): void {
    for (const [areaId, recordedAt] of view.touches)
      this.#setArea(areaId, (log) => withTouch(log, recordedAt));
    for (const [areaId, atMs] of view.left) this.#setArea(areaId, (log) => withLeft(log, atMs));
    for (const areaId of areasOf(view)) this.#touched.add(areaId);
    for (const { areaId } of pastOf(view)) this.#retold.add(areaId);
    this.#noteUnplaced(view, undefined);
    this.#cases.delete(view.caseId);
    this.#views.delete(view.caseId);
    this.#changes.forgotten.set(view.caseId, view);
    this.#changes.cases.add(view.caseId);
  }

  #noteUnplaced(before: CaseView | undefined, after: CaseView | undefined): void {
    const clocks = unplacedClocks(after);
    const caseId = (after ?? before)?.caseId;
    if (caseId !== undefined && (clocks ?? unplacedClocks(before))) this.#unplaced.set(caseId, clocks);
  }

  #correctedNow(): Corrected {
    this.#corrected ??= corrected(this.#corrections);
    return this.#corrected;
  }
}

function pastOf(view: CaseView | undefined): readonly PlacedSpan[] {
  return view ? [...view.stays, ...view.visits] : [];
}

function isSamePast(a: CaseView, b: CaseView): boolean {
  return JSON.stringify(pastOf(a)) === JSON.stringify(pastOf(b));
}

/** What runs for somebody who is in custody and in no area: on the way, not placed yet, or not placed at all. */
function unplacedClocks(view: CaseView | undefined): readonly Clock[] | undefined {
  return view && view.place === null && view.closedAtMs === null && view.clocks.length > 0
    ? view.clocks
    : undefined;
}

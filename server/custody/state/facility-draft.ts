import type { Clock } from '#contract/clocks.ts';
import type { AreaEvent, CaseEvent, CorrectionEvent, StoredEvent } from '#contract/custody-events.ts';
import type { AreaId, CaseId, EventId } from '#contract/ids.ts';
import { areaHistoryOf } from './area-history.ts';
import {
  type AreaLog,
  EMPTY_AREA,
  keptIn,
  withAreaEvent,
  withLeft,
  withOnly,
  withTouch,
} from './area-log.ts';
import type { Basis } from './basis.ts';
import { type CaseLog, EMPTY_CASE } from './case-log.ts';
import { type CaseView, foldCase } from './case-view.ts';
import { type Applied, isSamePast, pastOf, unplacedClocks } from './changes.ts';
import { type Corrected, type Correction, corrected, isStanding, targetsOf } from './corrections.ts';
import { areasOf, deriveStatuses, type FacilityCustody } from './facility-custody.ts';
import { chooseForgotten, isTimeToForget } from './forgetting.ts';
import type { KeptEvent } from './kept-event.ts';
import { withOccurrence } from './occurrence.ts';

/** A facility while events are being applied. Its maps are copies; what they hold is replaced, never changed. */
export class FacilityDraft {
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

  add(stored: StoredEvent): void {
    const { event } = stored;
    const receivedMs = Date.parse(stored.receivedAt);
    if (isTimeToForget(this.#watermarkMs, receivedMs, this.#cases.size)) this.#forget(receivedMs);
    this.#watermarkMs = Math.max(this.#watermarkMs, receivedMs);
    if (event.type === 'RECORD_CORRECTED') this.#addCorrection(event, stored);
    else this.#addOccurrence(event, stored);
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
          areaHistoryOf(areaId, this.#logOf(areaId), this.#views.values()),
        ]),
      ),
      unplaced: this.#unplaced,
    };
  }

  #addOccurrence(event: CaseEvent | AreaEvent, stored: StoredEvent, via?: EventId): void {
    if ('caseId' in event) this.#addCaseEvent(event, stored, via);
    else this.#addAreaEvent(event, via);
  }

  #addAreaEvent(event: AreaEvent, via: EventId | undefined): void {
    this.#setArea(event.areaId, (log) => withAreaEvent(log, event, via));
    if (event.type === 'GATE_OPENED' || event.type === 'GATE_CLOSED') this.#retold.add(event.areaId);
  }

  /** What is kept of an area, without gates that are void. */
  #logOf(areaId: AreaId): AreaLog {
    const log = this.#areas.get(areaId) ?? EMPTY_AREA;
    return { ...log, gates: log.gates.filter((event) => isStanding(event, this.#correctedNow())) };
  }

  #addCaseEvent(event: CaseEvent, stored: StoredEvent, via: EventId | undefined): void {
    const { caseId, type, areaId } = event;
    if (areaId !== undefined) this.#setArea(areaId, (log) => withTouch(log, Date.parse(event.recordedAt)));
    const closedAtMs = this.#tombstones.get(caseId);
    if (closedAtMs !== undefined) {
      const isPlaced = type === 'CELL_PLACED' || type === 'CELL_MOVED';
      if (!isPlaced || Date.parse(event.occurredAt) <= closedAtMs) return;
      this.#setTombstone(caseId, undefined);
    }
    const before = this.#cases.get(caseId);
    const how = { via, stored, keptTypes: this.#basis.keptTypes };
    const after = withOccurrence(before ?? EMPTY_CASE, event, how);
    if (after === before) return;
    this.#cases.set(caseId, after);
    this.#changes.cases.add(caseId);
    this.#stale.add(caseId);
  }

  #addCorrection(event: CorrectionEvent, stored: StoredEvent): void {
    // One that was taken again has brought what has changed since in the case that its replacement goes on from.
    if (this.#corrections.has(event.id)) {
      if (event.replacement && stored.carried?.again)
        this.#addOccurrence(event.replacement, stored, event.id);
      return;
    }
    const correction = {
      id: event.id,
      corrects: event.corrects,
      recordedAt: Date.parse(event.recordedAt),
    };
    this.#corrections.set(correction.id, correction);
    this.#changes.corrections.add(correction.id);
    this.#markBearing(correction);
    if (event.replacement) this.#addOccurrence(event.replacement, stored, event.id);
  }

  /** Marks everything that a correction bears on, now that it has come or gone. */
  #markBearing(correction: Correction): void {
    this.#corrected = undefined;
    const targets = targetsOf(correction, this.#corrections);
    const bears = ({ id, via }: { id: EventId; via?: EventId | undefined }) =>
      targets.has(id) || (via !== undefined && targets.has(via));
    for (const [caseId, { events }] of this.#cases) if (events.some(bears)) this.#stale.add(caseId);
    for (const [areaId, log] of this.#areas) {
      if (keptIn(log).some(bears)) this.#touched.add(areaId);
      if (log.gates.some(bears)) this.#retold.add(areaId);
    }
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
    const stays = ({ id, via, arrival }: { id: EventId } & Pick<KeptEvent, 'via' | 'arrival'>) =>
      !ids.has(arrival?.id ?? id) && (via === undefined || !ids.has(via));
    for (const [caseId, log] of this.#cases) {
      if (log.events.every(stays)) continue;
      this.#cases.set(caseId, { ...log, events: log.events.filter(stays) });
      this.#changes.cases.add(caseId);
      this.#stale.add(caseId);
    }
    for (const areaId of [...this.#areas.keys()]) this.#setArea(areaId, (log) => withOnly(log, stays));
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

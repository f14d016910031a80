import type { StoredEvent } from '#contract/custody-events.ts';
import type { AreaId, CaseId, EventId, FacilityId } from '#contract/ids.ts';
import type { Basis } from '../custody/state/basis.ts';
import { type Corrected, type Correction, corrected, targetsOf } from '../custody/state/corrections.ts';
import { wasWrittenInTime } from '../custody/state/told-in-time.ts';
import { bearsOnSums, type CaseDoc, newCaseDoc, type Spans, withCaseEvent } from './case-doc.ts';
import { contributionOf, viewOf } from './contribution.ts';
import type { Darkness, Piece } from './dark/dark-time.ts';
import type { DayTable } from './day-table.ts';
import type { DaySums } from './sums.ts';

/** A check of an area; `via`: the correction that put it in the place of another event. */
export interface CheckNote {
  id: EventId;
  at: number;
  via?: EventId | undefined;
}

/** `facility/case`: two facilities may use the same number. */
export type CaseKey = `${FacilityId}/${CaseId}`;

export function caseKeyOf({ facilityId, caseId }: Pick<CaseDoc, 'facilityId' | 'caseId'>): CaseKey {
  return `${facilityId}/${caseId}`;
}

/** What is stored of a region, as far as it is asked for. */
export interface BookSource {
  doc(key: CaseKey): Promise<CaseDoc | undefined>;
  /** Every case of a facility. */
  docsOf(facilityId: FacilityId): Promise<readonly CaseDoc[]>;
  /** Whether the case is kept no longer: what comes of it is not counted any more. */
  isForgotten(key: CaseKey): Promise<boolean>;
  corrections(facilityId: FacilityId): Promise<ReadonlyMap<EventId, Correction>>;
  checks(areaId: AreaId): Promise<readonly CheckNote[]>;
  /** Who was in an area when. */
  spans(areaId: AreaId): Promise<ReadonlyMap<CaseKey, Spans>>;
  darkness(areaIds: readonly AreaId[], sinceMs: number): Promise<Darkness>;
}

/** What is different now and has to be written. */
export interface BookChanges {
  docs: ReadonlyMap<CaseKey, CaseDoc>;
  corrections: ReadonlyMap<FacilityId, readonly Correction[]>;
  checks: ReadonlyMap<AreaId, readonly CheckNote[]>;
  /** An empty list: the case was never there. */
  spans: ReadonlyMap<AreaId, ReadonlyMap<CaseKey, Spans>>;
  /** By how much the sums of facilities are other ones. */
  sums: readonly { facilityId: FacilityId; before: DaySums; after: DaySums }[];
}

export interface BookOptions {
  source: BookSource;
  basis: Basis;
  days: DayTable;
  areasOf(facilityId: FacilityId): readonly AreaId[];
  /** Whether a facility is one of the region. */
  isWithin(facilityId: FacilityId): boolean;
}

/**
 * A region's figures while some events are being taken in: a copy of what is stored, read as far as it is needed. Only
 * cases that are closed are in the sums; each is counted anew when anything changed that it depends on, and the sums
 * change by the difference. So the sums depend on the events alone, not on their order or on how they were cut.
 */
export class RegionBook {
  readonly #source: BookSource;
  readonly #basis: Basis;
  readonly #days: DayTable;
  readonly #areasOf: (facilityId: FacilityId) => readonly AreaId[];
  readonly #isWithin: (facilityId: FacilityId) => boolean;
  readonly #docs = new Map<CaseKey, CaseDoc>();
  readonly #written = new Set<CaseKey>();
  /** Cases that may be somewhere else now, or closed; and all that have to be counted anew. */
  readonly #changed = new Set<CaseKey>();
  readonly #stale = new Set<CaseKey>();
  readonly #corrections = new Map<FacilityId, Map<EventId, Correction>>();
  readonly #corrected = new Map<FacilityId, Corrected>();
  readonly #checks = new Map<AreaId, CheckNote[]>();
  readonly #spans = new Map<AreaId, Map<CaseKey, Spans>>();
  readonly #newCorrections = new Map<FacilityId, Correction[]>();
  readonly #newChecks = new Map<AreaId, CheckNote[]>();
  readonly #newSpans = new Map<AreaId, Map<CaseKey, Spans>>();

  constructor({ source, basis, days, areasOf, isWithin }: BookOptions) {
    this.#source = source;
    this.#basis = basis;
    this.#days = days;
    this.#areasOf = areasOf;
    this.#isWithin = isWithin;
  }

  async add(stored: StoredEvent): Promise<void> {
    const { event, facilityId } = stored;
    if (event.type !== 'RECORD_CORRECTED') {
      await this.#addOccurrence(event, stored);
      return;
    }
    const known = await this.#correctionsOf(facilityId);
    const { id, corrects } = event;
    if (known.has(id)) {
      // Taken again: it brings what has changed since in the case that its replacement goes on from.
      if (event.replacement && stored.carried?.again)
        await this.#addOccurrence(event.replacement, stored, event.id);
      return;
    }
    const correction = { id, corrects, recordedAt: Date.parse(event.recordedAt) };
    known.set(id, correction);
    this.#corrected.delete(facilityId);
    push(this.#newCorrections, facilityId, correction);
    const targets = targetsOf(correction, known);
    const bears = (one: { id: EventId; via?: EventId | undefined }) =>
      targets.has(one.id) || (one.via !== undefined && targets.has(one.via));
    for (const one of await this.#source.docsOf(facilityId)) {
      const doc = this.#docs.get(caseKeyOf(one)) ?? one;
      this.#docs.set(caseKeyOf(doc), doc);
    }
    for (const [key, doc] of this.#docs)
      if (doc.facilityId === facilityId && [...doc.log.events, ...doc.notes].some(bears))
        this.#changed.add(key);
    // A check that was wrong: which area it was of, only the checks themselves know.
    for (const areaId of this.#areasOf(facilityId))
      for (const check of await this.#checksOf(areaId))
        if (bears(check)) await this.markAround(areaId, check.at, check.at);
    if (event.replacement) await this.#addOccurrence(event.replacement, stored, event.id);
  }

  /** Something was around an area in some time: whoever was there then is counted anew. */
  async markAround(areaId: AreaId, fromMs: number, toMs: number): Promise<void> {
    for (const [key, spans] of await this.#spansOf(areaId))
      if (spans.some(([from, to]) => from <= toMs && (to ?? Number.POSITIVE_INFINITY) >= fromMs))
        this.#stale.add(key);
  }

  /** Counts what has to be counted anew, and says what is different now. */
  async finish(): Promise<BookChanges> {
    const sums: BookChanges['sums'][number][] = [];
    for (const key of this.#changed) await this.#place(key);
    this.#changed.clear();
    for (const key of this.#stale) {
      const doc = await this.#doc(key);
      if (!doc) continue;
      const corrections = await this.#correctedOf(doc.facilityId);
      const isClosed = viewOf(doc, { basis: this.#basis, corrections }).closedAtMs !== null;
      const settled = isClosed ? await this.count(doc, Number.NaN) : null;
      if (JSON.stringify(settled) === JSON.stringify(doc.settled)) continue;
      sums.push({ facilityId: doc.facilityId, before: doc.settled ?? {}, after: settled ?? {} });
      this.#docs.set(key, { ...doc, settled });
      this.#written.add(key);
    }
    this.#stale.clear();
    const docs = new Map<CaseKey, CaseDoc>();
    for (const key of this.#written) {
      const doc = this.#docs.get(key);
      if (doc) docs.set(key, doc);
    }
    return {
      docs,
      corrections: this.#newCorrections,
      checks: this.#newChecks,
      spans: this.#newSpans,
      sums,
    };
  }

  /** What a case adds to the figures; for one that is open, as of an instant. */
  async count(doc: CaseDoc, nowMs: number): Promise<DaySums> {
    const corrections = await this.#correctedOf(doc.facilityId);
    const view = viewOf(doc, { basis: this.#basis, corrections });
    const areaIds = [...new Set(view.stays.map(({ areaId }) => areaId))];
    const sinceMs = view.stays[0]?.span[0] ?? 0;
    const checks = new Map<AreaId, number[]>();
    const others = new Map<AreaId, Piece[]>();
    const own = caseKeyOf(doc);
    for (const areaId of areaIds) {
      const standing = (await this.#checksOf(areaId)).filter(
        ({ id, via }) => !corrections.isVoid(id) && (via === undefined || !corrections.isVoid(via)),
      );
      checks.set(
        areaId,
        standing.map(({ at }) => at).sort((a, b) => a - b),
      );
      others.set(areaId, piecesOf(await this.#spansOf(areaId), own));
    }
    return contributionOf(
      doc,
      {
        basis: this.#basis,
        days: this.#days,
        corrections,
        darkness: await this.#source.darkness(areaIds, sinceMs),
        checksOf: (areaId) => checks.get(areaId) ?? [],
        othersIn: (areaId) => others.get(areaId) ?? [],
        isWithin: this.#isWithin,
      },
      nowMs,
    );
  }

  async #addOccurrence(
    event: Exclude<StoredEvent['event'], { type: 'RECORD_CORRECTED' }>,
    stored: StoredEvent,
    via?: EventId,
  ): Promise<void> {
    const { facilityId } = stored;
    if (!('caseId' in event)) {
      if (event.type !== 'CELL_CHECK') return;
      // What was entered afterwards is no check that was made.
      const times = { at: Date.parse(event.occurredAt), recordedAt: Date.parse(event.recordedAt) };
      if (!wasWrittenInTime(times)) return;
      const known = await this.#checksOf(event.areaId);
      if (known.some(({ id }) => id === event.id)) return;
      const check = { id: event.id, at: times.at, ...(via ? { via } : {}) };
      known.push(check);
      push(this.#newChecks, event.areaId, check);
      await this.markAround(event.areaId, check.at, check.at);
      return;
    }
    const key: CaseKey = `${facilityId}/${event.caseId}`;
    const known = await this.#doc(key);
    if (!known && (await this.#source.isForgotten(key))) return;
    const doc = known ?? newCaseDoc({ facilityId, caseId: event.caseId });
    this.#docs.set(key, withCaseEvent(doc, event, { stored, basis: this.#basis, via }));
    this.#written.add(key);
    if (bearsOnSums(doc, event.type)) this.#changed.add(key);
  }

  /** Notes where a case was; whoever shared a room with it, before or now, is counted anew. */
  async #place(key: CaseKey): Promise<void> {
    const doc = await this.#doc(key);
    if (!doc) return;
    this.#stale.add(key);
    const corrections = await this.#correctedOf(doc.facilityId);
    const { stays } = viewOf(doc, { basis: this.#basis, corrections });
    const now: Record<AreaId, Spans> = {};
    for (const { areaId, span } of stays) now[areaId] = [...(now[areaId] ?? []), span];
    for (const areaId of new Set([...Object.keys(doc.spans), ...Object.keys(now)])) {
      const before = doc.spans[areaId] ?? [];
      const after = now[areaId] ?? [];
      if (JSON.stringify(before) === JSON.stringify(after)) continue;
      const all = await this.#spansOf(areaId);
      if (after.length === 0) all.delete(key);
      else all.set(key, after);
      const changed = this.#newSpans.get(areaId) ?? new Map<CaseKey, Spans>();
      this.#newSpans.set(areaId, changed.set(key, after));
      for (const [fromMs, toMs] of [...before, ...after])
        await this.markAround(areaId, fromMs, toMs ?? Number.POSITIVE_INFINITY);
    }
    this.#docs.set(key, { ...doc, spans: now });
    this.#written.add(key);
  }

  async #doc(key: CaseKey): Promise<CaseDoc | undefined> {
    const known = this.#docs.get(key) ?? (await this.#source.doc(key));
    if (known) this.#docs.set(key, known);
    return known;
  }

  async #correctionsOf(facilityId: FacilityId): Promise<Map<EventId, Correction>> {
    const known = this.#corrections.get(facilityId) ?? new Map(await this.#source.corrections(facilityId));
    this.#corrections.set(facilityId, known);
    return known;
  }

  async #correctedOf(facilityId: FacilityId): Promise<Corrected> {
    const known = this.#corrected.get(facilityId) ?? corrected(await this.#correctionsOf(facilityId));
    this.#corrected.set(facilityId, known);
    return known;
  }

  async #checksOf(areaId: AreaId): Promise<CheckNote[]> {
    const known = this.#checks.get(areaId) ?? [...(await this.#source.checks(areaId))];
    this.#checks.set(areaId, known);
    return known;
  }

  async #spansOf(areaId: AreaId): Promise<Map<CaseKey, Spans>> {
    const known = this.#spans.get(areaId) ?? new Map(await this.#source.spans(areaId));
    this.#spans.set(areaId, known);
    return known;
  }
}

function piecesOf(all: ReadonlyMap<CaseKey, Spans>, own: CaseKey): Piece[] {
  return [...all].flatMap(([key, spans]) =>
    key === own ? [] : spans.map(([fromMs, toMs]) => ({ fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY })),
  );
}

function push<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(item);
}

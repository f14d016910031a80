import { z } from 'zod';
import type { CaseEvent, StoredEvent } from '#contract/custody-events.ts';
import { AreaId, CaseId, EventId, FacilityId } from '#contract/ids.ts';
import type { Basis } from '../custody/state/basis.ts';
import { CaseLog, EMPTY_CASE } from '../custody/state/case-log.ts';
import { withOccurrence } from '../custody/state/occurrence.ts';
import { DaySums } from './sums.ts';

/** Types that are counted and that clocks need not know. */
const NOTED = ['COMPLAINT', 'COMPLAINT_RESOLVED', 'FORCE_USED', 'RESTRAINT_ON'] as const;
/** Types that are counted, kept whatever the norms are. */
const ALWAYS_KEPT: readonly CaseEvent['type'][] = ['LAWYER_ASSIGNED', 'LAWYER_ARRIVED'];
/** Of a sort, in one case; who reaches it has other troubles. */
const MAX_NOTES = 200;

/** An event of which only that it happened is counted; `at` in milliseconds since the epoch. */
const Note = z.strictObject({
  id: EventId,
  type: z.enum(NOTED),
  at: z.int(),
  /** Kind of force or complaint, outcome. */
  detail: z.string().optional(),
  via: EventId.optional(),
});
export type Note = z.infer<typeof Note>;

/** When a case was in an area; the end is null while it goes on. */
export const Spans = z.array(z.tuple([z.int(), z.int().nullable()]));
export type Spans = z.infer<typeof Spans>;

/** What figures keep of a case. */
export const CaseDoc = z.strictObject({
  facilityId: FacilityId,
  caseId: CaseId,
  log: CaseLog,
  notes: z.array(Note),
  /** Where the case was when, as those who shared a room with it were told. */
  spans: z.record(AreaId, Spans),
  /** What of the case is in the sums; nothing while it is open. */
  settled: DaySums.nullable(),
});
export type CaseDoc = z.infer<typeof CaseDoc>;

export function newCaseDoc({ facilityId, caseId }: Pick<CaseDoc, 'facilityId' | 'caseId'>): CaseDoc {
  return { facilityId, caseId, log: EMPTY_CASE, notes: [], spans: {}, settled: null };
}

/** Types by which people come, go and leave for good; without one of them nobody is anywhere else than before. */
const PLACING: ReadonlySet<CaseEvent['type']> = new Set([
  'CELL_PLACED',
  'CELL_MOVED',
  'SHELTER_ENTERED',
  'SHELTER_LEFT',
  'HOSPITAL_LEFT',
  'HOSPITAL_RETURNED',
  'HANDED_TO_CONVOY',
  'RELEASED',
  'TRANSFERRED',
  'ESCAPED',
  'DIED',
]);

/** Whether an event of a case changes more than the case itself, or what is in the sums. */
export function bearsOnSums(doc: Pick<CaseDoc, 'settled'>, type: CaseEvent['type']): boolean {
  return doc.settled !== null || PLACING.has(type);
}

interface How {
  /** As it stands in the stream: what an arrival has brought along from an earlier case counts as well. */
  stored: Pick<StoredEvent, 'receivedAt' | 'carried'>;
  basis: Basis;
  /** The correction that puts it in the place of another event. */
  via?: EventId | undefined;
}

/** A case with one more event, in whatever order they come and however often. */
export function withCaseEvent(doc: CaseDoc, event: CaseEvent, { stored, basis, via }: How): CaseDoc {
  const keptTypes = {
    has: (type: CaseEvent['type']) => basis.keptTypes.has(type) || ALWAYS_KEPT.includes(type),
  };
  const log = withOccurrence(doc.log, event, { via, stored, keptTypes });
  return { ...doc, log, notes: withNote(doc.notes, event, via) };
}

function withNote(notes: readonly Note[], event: CaseEvent, via: EventId | undefined): Note[] {
  const type = NOTED.find((one) => one === event.type);
  if (!type || notes.some(({ id }) => id === event.id)) return [...notes];
  const detail =
    type === 'FORCE_USED'
      ? (event.forceKind ?? 'other')
      : type === 'COMPLAINT'
        ? (event.complaintKind ?? 'other')
        : event.outcome;
  const note: Note = {
    id: event.id,
    type,
    at: Date.parse(event.occurredAt),
    ...(detail === undefined ? {} : { detail }),
    ...(via === undefined ? {} : { via }),
  };
  // First ones of all in order, the same whatever order they came in.
  return [...notes, note].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(0, MAX_NOTES);
}

import { z } from 'zod';
import { CASE_EVENT_TYPES, type CaseEvent, Person } from '#contract/custody-events.ts';
import { AreaId, EventId } from '#contract/ids.ts';
import type { Norms } from '../../../config/norms/norms.ts';

/** What status needs of an event of a case; instants in milliseconds since the epoch. */
export const KeptEvent = z.strictObject({
  id: EventId,
  type: z.enum(CASE_EVENT_TYPES),
  at: z.int(),
  recordedAt: z.int(),
  areaId: AreaId.optional(),
  person: Person.optional(),
  /** The correction that put it in the place of another event. */
  via: EventId.optional(),
});
export type KeptEvent = z.infer<typeof KeptEvent>;

/** Types by which people come, go, and are alone with a lawyer or a doctor. */
const MOVEMENTS: readonly CaseEvent['type'][] = [
  'CELL_PLACED',
  'CELL_MOVED',
  'HANDED_TO_CONVOY',
  'RELEASED',
  'TRANSFERRED',
  'LAWYER_ARRIVED',
  'LAWYER_LEFT',
  'MEDICAL_EXAM_STARTED',
  'MEDICAL_EXAM_ENDED',
];

/** Types that status depends on under these norms; of others only the time of their recording matters. */
export function keptTypes(norms: Norms): ReadonlySet<CaseEvent['type']> {
  const limits = norms.sets.flatMap((set) => set.limits);
  return new Set([
    ...MOVEMENTS,
    ...limits.flatMap(({ anchor, metBy, pauses }) => [
      ...anchor,
      ...metBy,
      ...pauses.flatMap(({ from, until }) => [from, until]),
    ]),
  ]);
}

/** An event as it is kept. */
export function toKept(event: CaseEvent, via?: EventId): KeptEvent {
  return {
    id: event.id,
    type: event.type,
    at: Date.parse(event.occurredAt),
    recordedAt: Date.parse(event.recordedAt),
    ...(event.areaId === undefined ? {} : { areaId: event.areaId }),
    ...(event.person === undefined ? {} : { person: event.person }),
    ...(via === undefined ? {} : { via }),
  };
}

const RANK = new Map(CASE_EVENT_TYPES.map((type, index) => [type, index]));

/**
 * The order in which events count, whatever the order in which they came: by when they happened; if that was in the
 * same instant, by when they were recorded, then as things go in a detention (the order of the catalogue), then by id.
 */
export function compareEvents(a: KeptEvent, b: KeptEvent): number {
  return (
    a.at - b.at ||
    a.recordedAt - b.recordedAt ||
    (RANK.get(a.type) ?? 0) - (RANK.get(b.type) ?? 0) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

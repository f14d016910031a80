import { z } from 'zod';
import { DetentionBasis, NormSlug, Person } from '#contract/custody-details.ts';
import { CASE_EVENT_TYPES, type CaseEvent } from '#contract/custody-events.ts';
import { AreaId, EventId } from '#contract/ids.ts';

/** What status needs of an event of a case; instants in milliseconds since the epoch. */
export const KeptEvent = z.strictObject({
  id: EventId,
  type: z.enum(CASE_EVENT_TYPES),
  at: z.int(),
  recordedAt: z.int(),
  areaId: AreaId.optional(),
  person: Person.optional(),
  /** Norm set that was applied to the case or lifted from it. */
  overlay: NormSlug.optional(),
  extension: z.strictObject({ ground: NormSlug, until: z.int() }).optional(),
  basis: DetentionBasis.optional(),
  /** Level of observation. */
  level: z.int().optional(),
  /** The correction that put it in the place of another event. */
  via: EventId.optional(),
});
export type KeptEvent = z.infer<typeof KeptEvent>;

/** An event as it is kept. */
export function toKept(event: CaseEvent, via?: EventId): KeptEvent {
  const { areaId, person, overlay, extension, basis, observationLevel } = event;
  return {
    id: event.id,
    type: event.type,
    at: Date.parse(event.occurredAt),
    recordedAt: Date.parse(event.recordedAt),
    ...(areaId === undefined ? {} : { areaId }),
    ...(person === undefined ? {} : { person }),
    ...(overlay === undefined ? {} : { overlay: overlay.normSet }),
    ...(extension === undefined
      ? {}
      : { extension: { ground: extension.ground, until: Date.parse(extension.until) } }),
    ...(basis === undefined ? {} : { basis }),
    ...(observationLevel === undefined ? {} : { level: observationLevel }),
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

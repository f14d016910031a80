import { z } from 'zod';
import { DetentionBasis, NormSlug, Person, type PreviousCase } from '#contract/custody-details.ts';
import { CASE_EVENT_TYPES, type CaseEvent } from '#contract/custody-events.ts';
import { AreaId, CaseId, EventId, FacilityId } from '#contract/ids.ts';

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
  /** The facility that the person was sent to. */
  destination: FacilityId.optional(),
  /** Of the end of a confidential time: which of its ends that is. */
  until: z.int().optional(),
  /** The correction that put it in the place of another event. */
  via: EventId.optional(),
  /** Of an arrival: the case that goes on here, and what was known of it when it was last looked at. */
  previous: z
    .strictObject({
      facilityId: FacilityId,
      caseId: CaseId,
      isKnown: z.boolean(),
      isLeft: z.boolean().optional(),
      /** When that case was closed. */
      leftMs: z.int().optional(),
      carriedAt: z.int(),
    })
    .optional(),
  /** Of an event of that earlier case: the arrival with which it came here, when it was looked at, and its id there. */
  arrival: z.strictObject({ id: EventId, carriedAt: z.int(), origin: EventId }).optional(),
});
export type KeptEvent = z.infer<typeof KeptEvent>;

/** An event as it is kept. @param via the correction that put it there @param seen what was known of the earlier case */
export function toKept(
  event: CaseEvent,
  via?: EventId,
  seen: { isKnown: boolean; isLeft?: boolean; leftMs?: number; carriedAt: number } = {
    isKnown: false,
    carriedAt: 0,
  },
): KeptEvent {
  const { areaId, person, overlay, extension, basis, observationLevel, previousCase, destination, until } =
    event;
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
    ...(destination === undefined ? {} : { destination }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
    ...(via === undefined ? {} : { via }),
    ...(previousCase === undefined ? {} : { previous: { ...earlierCase(event, previousCase), ...seen } }),
  };
}

/** The case that an arrival goes on from. */
export function earlierCase(
  { caseId }: Pick<CaseEvent, 'caseId'>,
  previous: PreviousCase,
): { facilityId: FacilityId; caseId: CaseId } {
  return { facilityId: previous.facilityId, caseId: previous.caseId ?? caseId };
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

import type { Carried, CarriedEvent } from '#contract/custody-events.ts';
import type { EventId } from '#contract/ids.ts';
import { nameBasedId } from '#contract/name-based-id.ts';
import type { KeptEvent } from './kept-event.ts';

/** Where somebody was, and who came to them there, ends with the case of that place; everything else goes on with the person. */
const STAYS_BEHIND: ReadonlySet<KeptEvent['type']> = new Set([
  'CELL_PLACED',
  'CELL_MOVED',
  'SHELTER_ENTERED',
  'SHELTER_LEFT',
  'HANDED_TO_CONVOY',
  'RELEASED',
  'TRANSFERRED',
  'ESCAPED',
  'DIED',
  'APPROPRIATE_ADULT_ARRIVED',
  'APPROPRIATE_ADULT_LEFT',
]);

/** Whether a case's own events say that the person was sent somewhere else. */
export function hasLeft(events: readonly KeptEvent[]): boolean {
  return events.some(isLeaving);
}

/** What somebody is in the middle of, and how it ends. It does not go on in another place. */
const ENDS: Readonly<Partial<Record<KeptEvent['type'], KeptEvent['type']>>> = {
  INTERROGATION_STARTED: 'INTERROGATION_ENDED',
  HOSPITAL_LEFT: 'HOSPITAL_RETURNED',
};

/**
 * The ends, at the instant at which the person left, of what was still going on by the record: an interrogation that nobody
 * has ended would last for ever where they were brought, and a clock that stands while they are at a hospital as well.
 */
function endedByLeaving(events: readonly KeptEvent[]): KeptEvent[] {
  return Object.entries(ENDS).flatMap(([from, until]) => {
    const last = events.findLast(({ type }) => type === from || type === until);
    const left = last && events.find((event) => isLeaving(event) && event.at >= last.at);
    if (last?.type !== from || !left || !until) return [];
    const { at, recordedAt } = left;
    return [{ id: nameBasedId(`varta:ended-by-leaving:${last.id}`), type: until, at, recordedAt }];
  });
}

function isLeaving({ type, arrival }: KeptEvent): boolean {
  return !arrival && (type === 'TRANSFERRED' || type === 'HANDED_TO_CONVOY');
}

/** What of a case goes on when the person arrives somewhere else. `events` are those that count, in their order. */
export function toCarried(events: readonly KeptEvent[]): CarriedEvent[] {
  // What came back to where it began is there once, or two cases that go on from each other would never be at rest.
  const all = [...events, ...endedByLeaving(events)];
  const once = new Map(all.map((event) => [event.arrival?.origin ?? event.id, event]));
  return [...once]
    .filter(([, { type }]) => !STAYS_BEHIND.has(type))
    .sort(([a, { at }], [b, { at: other }]) => at - other || (a < b ? -1 : 1))
    .map(([id, { type, at, recordedAt, person, basis, level, overlay, extension }]) => ({
      id,
      type,
      occurredAt: new Date(at).toISOString(),
      recordedAt: new Date(recordedAt).toISOString(),
      ...(person === undefined ? {} : { person }),
      ...(basis === undefined ? {} : { basis }),
      ...(level === undefined ? {} : { observationLevel: level }),
      ...(overlay === undefined ? {} : { overlay }),
      ...(extension === undefined
        ? {}
        : { extension: { ground: extension.ground, until: new Date(extension.until).toISOString() } }),
    }));
}

/**
 * Carried events as the case keeps them into which they were carried. They have names of their own, so that no correction
 * of this facility bears on what another one recorded: they stand and fall with the arrival.
 */
export function fromCarried(
  { events }: Pick<Carried, 'events'>,
  { arrival, via, carriedAt }: { arrival: EventId; via: EventId | undefined; carriedAt: number },
): KeptEvent[] {
  return events.map(
    ({ id, type, occurredAt, recordedAt, person, basis, observationLevel, overlay, extension }) => ({
      id: nameBasedId(`varta:carried:${arrival}:${id}`),
      type,
      at: Date.parse(occurredAt),
      recordedAt: Date.parse(recordedAt),
      ...(person === undefined ? {} : { person }),
      ...(overlay === undefined ? {} : { overlay }),
      ...(extension === undefined
        ? {}
        : { extension: { ground: extension.ground, until: Date.parse(extension.until) } }),
      ...(basis === undefined ? {} : { basis }),
      ...(observationLevel === undefined ? {} : { level: observationLevel }),
      ...(via === undefined ? {} : { via }),
      arrival: { id: arrival, carriedAt, origin: id },
    }),
  );
}

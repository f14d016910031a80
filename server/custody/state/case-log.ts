import { z } from 'zod';
import { compareEvents, KeptEvent } from './kept-event.ts';

/** Events of one type that a case keeps: the first ones, which anchor clocks, and the last ones, which tell how it is now. */
const KEEP_FIRST = 8;
const KEEP_LAST = 56;

/** What is kept of one person's stay. A function of the set of its events, not of the order in which they came. */
export const CaseLog = z.strictObject({
  /** In the order in which they count. */
  events: z.array(KeptEvent),
  /** Latest recording of any event of the case, kept or not. */
  lastRecordedAt: z.int(),
});
export type CaseLog = z.infer<typeof CaseLog>;

export const EMPTY_CASE: CaseLog = { events: [], lastRecordedAt: 0 };

/** A case with one more event; the case itself if it has the event already. */
export function withEvent(log: CaseLog, event: KeptEvent): CaseLog {
  const lastRecordedAt = Math.max(log.lastRecordedAt, event.recordedAt);
  const known = log.events.findIndex(({ id }) => id === event.id);
  const others = known === -1 ? log.events : log.events.toSpliced(known, 1);
  const kept = known === -1 ? event : chosen(log.events[known] ?? event, event);
  if (kept === log.events[known])
    return lastRecordedAt === log.lastRecordedAt ? log : { ...log, lastRecordedAt };
  const place = others.findLastIndex((other) => compareEvents(other, kept) < 0) + 1;
  return { events: bounded(others.toSpliced(place, 0, kept), kept.type), lastRecordedAt };
}

/**
 * A case with an arrival that goes on from another case, and what was carried over from there. What is known of that case
 * later takes the place of what was known before, in whatever order it comes.
 */
export function withArrival(log: CaseLog, arrival: KeptEvent, carried: readonly KeptEvent[]): CaseLog {
  const carriedAt = arrival.previous?.carriedAt ?? 0;
  const known = log.events.find(({ id }) => id === arrival.id)?.previous?.carriedAt;
  if (known !== undefined && known > carriedAt) return withRecording(log, arrival.recordedAt);
  const isOld = (event: KeptEvent) => event.arrival?.id === arrival.id && event.arrival.carriedAt < carriedAt;
  const rest = log.events.some(isOld) ? { ...log, events: log.events.filter((event) => !isOld(event)) } : log;
  return carried.reduce(withEvent, withEvent(rest, arrival));
}

/** A case of which something was recorded that is not kept. */
export function withRecording(log: CaseLog, recordedAt: number): CaseLog {
  return recordedAt > log.lastRecordedAt ? { ...log, lastRecordedAt: recordedAt } : log;
}

/** Intake lets no id through twice; if two events had one all the same, the same one of them must always win. */
function chosen(known: KeptEvent, other: KeptEvent): KeptEvent {
  const later = (other.previous?.carriedAt ?? 0) - (known.previous?.carriedAt ?? 0);
  if (later !== 0) return later > 0 ? other : known;
  return JSON.stringify(other) < JSON.stringify(known) ? other : known;
}

/** Leaves out the middle of too many events of a type. First and last of a set are the same in whatever order it came. */
function bounded(events: KeptEvent[], type: KeptEvent['type']): KeptEvent[] {
  let ofType = 0;
  for (const event of events) if (event.type === type) ofType += 1;
  if (ofType <= KEEP_FIRST + KEEP_LAST) return events;
  let seen = 0;
  const middle = events.findIndex((event) => event.type === type && ++seen > KEEP_FIRST);
  return events.toSpliced(middle, 1);
}

import { EventDetails, type EventWords, type TimelineEntry } from '#contract/cases.ts';
import {
  type AreaEvent,
  type CaseEvent,
  type CorrectionEvent,
  type StoredEvent,
  skewOf,
} from '#contract/custody-events.ts';
import type { EventId } from '#contract/ids.ts';
import type { CaseRecord } from './case-record.ts';

const DETAILS = Object.keys(EventDetails.shape) as (keyof EventDetails)[];

/**
 * Every event as it was recorded, by when it happened and then by when it was recorded. `events` in the order of the
 * stream, which decides between those of the same instant.
 */
export function toTimeline(
  events: readonly StoredEvent[],
  record: Pick<CaseRecord, 'corrections' | 'corrected'>,
): TimelineEntry[] {
  const entries = events.flatMap((stored): TimelineEntry[] => {
    const { event } = stored;
    if (stored.carried?.again) return [];
    if (event.type !== 'RECORD_CORRECTED') return [toEntry(event, stored, record)];
    const { replacement, corrects } = event;
    const correction = { ...toEntry(event, stored, record), corrects };
    if (!replacement) return [correction];
    return [
      { ...correction, replacement: replacement.id },
      { ...toEntry(replacement, stored, record, event.id), replaces: corrects },
    ];
  });
  return entries.sort(
    (a, b) =>
      Date.parse(a.occurredAt) - Date.parse(b.occurredAt) ||
      Date.parse(a.recordedAt) - Date.parse(b.recordedAt),
  );
}

function toEntry(
  event: CaseEvent | AreaEvent | CorrectionEvent,
  { receivedAt, via: channel }: StoredEvent,
  record: Pick<CaseRecord, 'corrections' | 'corrected'>,
  via?: EventId,
): TimelineEntry {
  const { id, type, occurredAt, recordedAt, recordedBy } = event;
  const skewMs = skewOf(event, Date.parse(receivedAt));
  const person = 'person' in event ? event.person : undefined;
  return {
    id,
    type,
    occurredAt,
    recordedAt,
    receivedAt,
    ...(skewMs === undefined ? {} : { skewMs }),
    recordedBy,
    ...(channel === undefined ? {} : { via: channel }),
    areaId: ('areaId' in event ? event.areaId : undefined) ?? null,
    ...(person === undefined ? {} : { person }),
    details: detailsOf(event),
    hasWords: wordsIn(event) !== undefined,
    voidedBy: voiderOf(id, record) ?? (via === undefined ? undefined : voiderOf(via, record)) ?? null,
    replaces: null,
  };
}

/** What was written to the events of a case in free words, in the order of the stream. */
export function wordsOf(events: readonly StoredEvent[]): EventWords[] {
  return events.flatMap(({ event, carried }) => {
    if (carried?.again) return [];
    const replacement = event.type === 'RECORD_CORRECTED' ? event.replacement : undefined;
    return [event, ...(replacement ? [replacement] : [])].flatMap((one) => wordsIn(one) ?? []);
  });
}

function wordsIn(event: CaseEvent | AreaEvent | CorrectionEvent): EventWords | undefined {
  const { id, note } = event;
  const reason = 'reason' in event ? event.reason : undefined;
  if (note === undefined && reason === undefined) return undefined;
  return { id, ...(note === undefined ? {} : { note }), ...(reason === undefined ? {} : { reason }) };
}

function detailsOf(event: Readonly<Record<string, unknown>>): EventDetails {
  return Object.fromEntries(
    DETAILS.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]]])),
  );
}

/** The correction that makes an event void: the latest of those that count. */
function voiderOf(
  id: EventId,
  { corrections, corrected }: Pick<CaseRecord, 'corrections' | 'corrected'>,
): EventId | undefined {
  if (!corrected.isVoid(id)) return undefined;
  return [...corrections.values()]
    .filter((one) => one.corrects === id && !corrected.isVoid(one.id))
    .toSorted((a, b) => a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : 1))
    .at(-1)?.id;
}

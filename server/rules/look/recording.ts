import { type StoredEvent, skewOf } from '#contract/custody-events.ts';
import type { Finding } from '../finding.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Written down so long after it happened, an event is late; our judgment. What waits for a network is not: that is sent late. */
const LATE_MS = 60 * MINUTE_MS;
/** A correction that comes so long after the event is reviewed; our judgment. */
const EDITED_MS = 24 * HOUR_MS;

/**
 * How a record was made: written down long after, corrected long after, or withdrawn. Of what one case has written down
 * late on one day there is one flag, and not one for each line of a backlog.
 */
export function lookAtRecording({ event, facilityId }: StoredEvent): Finding | undefined {
  const recordedMs = Date.parse(event.recordedAt);
  if (event.type === 'RECORD_CORRECTED') {
    const own = (rule: 'record-edited-late' | 'record-withdrawn', params: Finding['params']): Finding => ({
      key: `${rule}:${facilityId}/${event.id}`,
      rule,
      ...placeOf(event.replacement, facilityId),
      params: { at: event.recordedAt, ...params },
      sinceMs: recordedMs,
    });
    if (!event.replacement) return own('record-withdrawn', {});
    const afterMs = recordedMs - Date.parse(event.replacement.occurredAt);
    return afterMs > EDITED_MS
      ? own('record-edited-late', { hours: Math.floor(afterMs / HOUR_MS) })
      : undefined;
  }
  const lateMs = recordedMs - Date.parse(event.occurredAt);
  if (lateMs <= LATE_MS) return undefined;
  const about = 'caseId' in event ? event.caseId : event.areaId;
  const day = event.recordedAt.slice(0, 10);
  return {
    key: `recorded-late:${facilityId}/${about}/${day}`,
    rule: 'recorded-late',
    ...placeOf(event, facilityId),
    params: { minutes: Math.floor(lateMs / MINUTE_MS), at: event.occurredAt },
    // The same for the whole day, whichever of its events is read first.
    sinceMs: Date.parse(`${day}T00:00:00.000Z`),
  };
}

/** How far ahead of ours the facility's clock was; undefined within the tolerance. Milliseconds. */
export function driftOf({ event, receivedAt }: StoredEvent): number | undefined {
  return skewOf(event, Date.parse(receivedAt));
}

function placeOf(event: { areaId?: string | undefined } | undefined, facilityId: string) {
  return event?.areaId === undefined ? { facilityId } : { areaId: event.areaId };
}

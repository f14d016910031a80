import { type CustodyEvent, type StoredEvent, skewOf } from '#contract/custody-events.ts';
import type { RuleId } from '../../../config/rules/rule.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { Calendar } from '../../custody/state/local-day.ts';
import type { Finding } from '../finding.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What an event says happened, or what a correction says in the place of it. */
export type Said = Exclude<CustodyEvent, { type: 'RECORD_CORRECTED' }>;

/**
 * How a record was made: written down long after, corrected long after, or withdrawn; or that what was said of an area,
 * such as how many people were in it, was changed. `original` is what a correction corrects, if that is known. Of what one
 * case has written down late on one day (of the nation's calendar, whatever offset the sender writes) there is one flag,
 * and not one for each line of a backlog.
 */
export function lookAtRecording(
  { event, facilityId, receivedAt }: StoredEvent,
  { calendar, original }: { calendar: Calendar; original?: Said | undefined },
): Finding[] {
  const recordedMs = Date.parse(event.recordedAt);
  const receivedMs = Date.parse(receivedAt);
  if (event.type === 'RECORD_CORRECTED') {
    const { replacement } = event;
    const own = (rule: RuleId, params: Finding['params']): Finding => ({
      key: `${rule}:${facilityId}/${event.id}`,
      rule,
      ...placeOf(replacement ?? original, facilityId),
      params: { at: event.recordedAt, ...params },
      sinceMs: recordedMs,
    });
    if (!replacement) return [own('record-withdrawn', {})];
    // A late event that was moved to an hour ago is as old as it was.
    const afterMs = recordedMs - Date.parse((original ?? replacement).occurredAt);
    const what = original && whatMoved(original, replacement, lengthMsAt('moved', receivedMs));
    return [
      ...(afterMs > lengthMsAt('edited-late', receivedMs)
        ? [own('record-edited-late', { hours: Math.floor(afterMs / HOUR_MS) })]
        : []),
      ...(what === undefined ? [] : [own('area-record-moved', { what })]),
    ];
  }
  const lateMs = recordedMs - Date.parse(event.occurredAt);
  if (lateMs <= lengthMsAt('recorded-late', receivedMs)) return [];
  const about = 'caseId' in event ? event.caseId : event.areaId;
  const sinceMs = calendar.dayOf(recordedMs).fromMs;
  return [
    {
      key: `recorded-late:${facilityId}/${about}/${new Date(sinceMs).toISOString()}`,
      rule: 'recorded-late',
      ...placeOf(event, facilityId),
      params: { minutes: Math.floor(lateMs / MINUTE_MS), at: event.occurredAt },
      // The same for the whole day, whichever of its events is read first.
      sinceMs,
    },
  ];
}

/** What a correction changes of what was said of an area; undefined if it is about a person, or is one of writing: by less than `leastMs`. */
function whatMoved(before: Said, after: Said, leastMs: number): string | undefined {
  if ('caseId' in before || 'caseId' in after) return undefined;
  if (before.type !== after.type) return 'type';
  if (before.areaId !== after.areaId) return 'area';
  if (before.count !== after.count) return 'count';
  if (before.incidentKind !== after.incidentKind || before.severity !== after.severity) return 'incident';
  const { temperatureC, co2Ppm, humidityPct } = before;
  const isMeasuredAnew =
    temperatureC !== after.temperatureC || co2Ppm !== after.co2Ppm || humidityPct !== after.humidityPct;
  if (isMeasuredAnew) return 'measurement';
  const movedMs = Math.abs(Date.parse(before.occurredAt) - Date.parse(after.occurredAt));
  return movedMs >= leastMs ? 'time' : undefined;
}

/** How far ahead of ours the facility's clock was; undefined within the tolerance. Milliseconds. */
export function driftOf({ event, receivedAt }: StoredEvent): number | undefined {
  return skewOf(event, Date.parse(receivedAt));
}

function placeOf(event: { areaId?: string | undefined } | undefined, facilityId: string) {
  return event?.areaId === undefined ? { facilityId } : { areaId: event.areaId };
}

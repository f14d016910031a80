import type { CustodyEvent, StoredEvent } from '#contract/custody-events.ts';
import { CHECK_WRITTEN_WITHIN } from '../../../config/norms/practice.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { Contact } from '../contact.ts';
import type { Finding } from '../finding.ts';
import { graveRuleOf } from './event.ts';
import type { Said } from './recording.ts';

const MINUTE_MS = 60_000;
/** A check is made to be seen to be made: so long afterwards it is entered, not told. */
const CHECK_LATE_MS = CHECK_WRITTEN_WITHIN.minutes * MINUTE_MS;

/**
 * What the times of an event say against our own: `occurredAt` and `recordedAt` are the sender's word, only when it was
 * received is known. A facility answers for the time in which it was connected; what it brings when it joins, or after
 * the network was away, could not come before. `original`: what a correction corrects; what that said already was not
 * learned from the correction.
 */
export function lookAtTelling(stored: StoredEvent, contact: Contact, original?: Said): Finding[] {
  const { event, facilityId, receivedAt } = stored;
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  if (!said) return [];
  // A person who is signed in writes on a device that keeps what it cannot send, with the time at which it was written.
  if (stored.via?.kind === 'person') return enteredAfterwards(said, stored);
  const receivedMs = Date.parse(receivedAt);
  const lateMs = (since: string) => receivedMs - Math.max(Date.parse(since), contact.sinceMs);
  const happenedMs = lateMs(said.occurredAt);
  const mostMs = lengthMsAt('told-late', receivedMs);
  const minutes = Math.floor(happenedMs / MINUTE_MS);
  return [
    ...grave(event, { facilityId, minutes: happenedMs > mostMs ? minutes : 0, original }),
    ...(said.type === 'CELL_CHECK' && happenedMs > CHECK_LATE_MS
      ? [daily('check-told-late', { facilityId, areaId: said.areaId, minutes, receivedAt })]
      : enteredAfterwards(said, stored)),
    ...(lateMs(event.recordedAt) > mostMs
      ? [
          daily('sent-late', {
            facilityId,
            minutes: Math.floor(lateMs(event.recordedAt) / MINUTE_MS),
            receivedAt,
          }),
        ]
      : []),
  ];
}

/** A check that its own times call an entry, however soon it was sent. */
function enteredAfterwards(
  said: Exclude<CustodyEvent, { type: 'RECORD_CORRECTED' }>,
  { facilityId, receivedAt }: StoredEvent,
): Finding[] {
  const lateMs = Date.parse(said.recordedAt) - Date.parse(said.occurredAt);
  return said.type === 'CELL_CHECK' && lateMs > CHECK_LATE_MS
    ? [
        daily('check-told-late', {
          facilityId,
          areaId: said.areaId,
          minutes: Math.floor(lateMs / MINUTE_MS),
          receivedAt,
        }),
      ]
    : [];
}

/** Each grave event for itself. */
function grave(
  event: CustodyEvent,
  { facilityId, minutes, original }: { facilityId: string; minutes: number; original: Said | undefined },
): Finding[] {
  const what = graveRuleOf(event, original);
  if (what === undefined || minutes === 0) return [];
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  const areaId = said?.areaId;
  return [
    {
      key: `learned-late:${facilityId}/${event.id}`,
      rule: 'learned-late',
      ...(areaId === undefined ? { facilityId } : { areaId }),
      params: { what: `event/${what}`, minutes, at: event.occurredAt },
      sinceMs: Date.parse(event.occurredAt),
    },
  ];
}

/** One a day of each place, and not one for each line of a backlog. */
function daily(
  rule: 'check-told-late' | 'sent-late',
  given: { facilityId: string; areaId?: string; minutes: number; receivedAt: string },
): Finding {
  const { facilityId, areaId, minutes, receivedAt } = given;
  const day = receivedAt.slice(0, 10);
  return {
    key: `${rule}:${areaId ?? facilityId}/${day}`,
    rule,
    ...(areaId === undefined ? { facilityId } : { areaId }),
    params: { minutes },
    sinceMs: Date.parse(`${day}T00:00:00.000Z`),
  };
}

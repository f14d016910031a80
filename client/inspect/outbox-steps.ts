import { type CustodyEventResult, MAX_EVENTS_PER_BATCH } from '#contract/custody-events.ts';
import { ERRORS, type ErrorCode } from '#contract/errors.ts';
import type { FacilityId } from '#contract/ids.ts';
import type { Failure, FailureCode } from '../session/failure.ts';
import { type PendingRecord, slimmed } from './record.ts';
import { doubtNote, type SendingClock, timesOf } from './record-times.ts';

/** Small enough that a batch gets through a poor network in one piece. */
const BATCH = Math.min(50, MAX_EVENTS_PER_BATCH);
const MAX_NOTE = 2_000;

/** Records that go out together. */
export interface Batch {
  facilityId: FacilityId;
  records: readonly PendingRecord[];
}

/** What goes out next: the oldest records that wait, of one facility. */
export function nextBatch(records: readonly PendingRecord[]): Batch | undefined {
  const waiting = records.filter(({ state }) => state.state === 'waiting');
  const facilityId = waiting[0]?.facilityId;
  if (facilityId === undefined) return undefined;
  const other = waiting.findIndex((record) => record.facilityId !== facilityId);
  return { facilityId, records: waiting.slice(0, Math.min(BATCH, other < 0 ? BATCH : other)) };
}

/** An event as it is sent. Who recorded it the server says itself. */
export function toEvent(record: PendingRecord, clock: SendingClock): Record<string, unknown> {
  const { occurredMs, recordedMs, doubtMs } = timesOf(record, clock);
  const { note, ...rest } = record.draft;
  const said = doubtMs > 0 ? [note, doubtNote(doubtMs)].filter(Boolean).join(' ') : note;
  return {
    ...rest,
    id: record.id,
    occurredAt: new Date(occurredMs).toISOString(),
    recordedAt: new Date(recordedMs).toISOString(),
    ...(said === undefined ? {} : { note: said.slice(-MAX_NOTE) }),
  };
}

/** The records of a batch after the server has answered for each; those that it did not answer for go on waiting. */
export function afterResults(
  { records }: Batch,
  results: readonly CustodyEventResult[],
  atMs: number,
): PendingRecord[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  return records.flatMap((record): PendingRecord[] => {
    const result = byId.get(record.id);
    if (!result) return [];
    if (result.status !== 'rejected') return [slimmed(record, atMs)];
    const { code = 'invalid', message = '', path = [] } = result;
    return ERRORS[code].retry ? [] : [{ ...record, state: { state: 'refused', atMs, code, message, path } }];
  });
}

/** What a whole request that failed means for its records: try again later, or a refusal that somebody has to look at. */
export function afterFailure({ records }: Batch, failure: Failure, atMs: number): PendingRecord[] {
  if (!isFinal(failure.code)) return [];
  const { code, message } = failure;
  return records.map((record) => ({ ...record, state: { state: 'refused', atMs, code, message, path: [] } }));
}

/** Without a session, and with a client's own failures, nothing was decided. */
function isFinal(code: FailureCode): code is ErrorCode {
  if (code === 'offline' || code === 'no_answer' || code === 'unreadable') return false;
  return code !== 'unauthenticated' && code !== 'malformed' && !ERRORS[code].retry;
}

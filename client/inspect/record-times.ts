import type { ClockReading, PendingRecord } from './record.ts';

/** The device's clocks at the moment of sending, with the difference to the server's that was just measured. */
export interface SendingClock {
  reading: ClockReading;
  offsetMs: number;
}

/** Times of a record by the server's clock, in milliseconds since the epoch. */
export interface RecordTimes {
  occurredMs: number;
  recordedMs: number;
  /** So far the times may be wrong, because the device's clock was set and nobody can say when; 0 as a rule. */
  doubtMs: number;
}

/** Clocks that agree within this were not set: it is more than a slow network falsifies a measurement. */
const SAME_MS = 5_000;

/**
 * When a record was written and when it happened, by the server's clock. The difference between the clocks is the one
 * measured now, unless the device's clock was set after the record was written: then it is the one known at that time.
 */
export function timesOf(
  { occurred, written }: Pick<PendingRecord, 'occurred' | 'written'>,
  now: SendingClock,
): RecordTimes {
  const { offsetMs, doubtMs } = offsetOf(written, now);
  const recordedMs = Math.min(written.reading.deviceMs + offsetMs, now.reading.deviceMs + now.offsetMs);
  switch (occurred.when) {
    case 'now':
      return { occurredMs: recordedMs, recordedMs, doubtMs };
    case 'before':
      return { occurredMs: recordedMs - occurred.agoMs, recordedMs, doubtMs };
    case 'at':
      return { occurredMs: Math.min(Date.parse(occurred.instant), recordedMs), recordedMs, doubtMs };
  }
}

function offsetOf(
  { reading, offset }: PendingRecord['written'],
  now: SendingClock,
): { offsetMs: number; doubtMs: number } {
  if (!offset || Math.abs(offset.ms - now.offsetMs) <= SAME_MS) return { offsetMs: now.offsetMs, doubtMs: 0 };
  if (isUntouched(reading, now.reading)) return { offsetMs: now.offsetMs, doubtMs: 0 };
  if (isUntouched(offset.reading, reading)) return { offsetMs: offset.ms, doubtMs: 0 };
  return { offsetMs: offset.ms, doubtMs: Math.abs(offset.ms - now.offsetMs) };
}

/** Whether the wall clock was certainly not set between two readings. A device that slept leaves that open. */
function isUntouched(before: ClockReading, after: ClockReading): boolean {
  return before.page === after.page && Math.abs(before.baseMs - after.baseMs) <= SAME_MS;
}

/** Said in the record itself when its times are in doubt: whoever reads it has to know. In the language of the records. */
export function doubtNote(doubtMs: number): string {
  const minutes = Math.max(1, Math.round(doubtMs / 60_000));
  return `[Годинник пристрою змінено на ${minutes} хв; час подано за попереднім відліком.]`;
}

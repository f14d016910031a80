import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClockReading, Occurred, PendingRecord } from './record.ts';
import { timesOf } from './record-times.ts';

const NOON_MS = Date.parse('2026-11-22T12:00:00.000Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A device's clocks at a true instant: its wall clock is `errorMs` off, its steady clock began at `bornMs`. */
function readingAt(trueMs: number, errorMs: number, page: string, bornMs = NOON_MS - HOUR_MS): ClockReading {
  const deviceMs = trueMs + errorMs;
  return { deviceMs, baseMs: deviceMs - (trueMs - bornMs), page };
}

interface Story {
  writtenMs: number;
  sentMs: number;
  /** Error of the wall clock when the difference was measured, when it was written, and when it was sent. */
  errors: { measured: number; written: number; sent: number };
  pages: { measured: string; written: string; sent: string };
  occurred?: Occurred;
}

function tell({ writtenMs, sentMs, errors, pages, occurred = { when: 'now' } }: Story) {
  const written: PendingRecord['written'] = {
    reading: readingAt(writtenMs, errors.written, pages.written),
    offset: { ms: -errors.measured, reading: readingAt(NOON_MS, errors.measured, pages.measured) },
  };
  return timesOf(
    { occurred, written },
    { reading: readingAt(sentMs, errors.sent, pages.sent), offsetMs: -errors.sent },
  );
}

const ONE_PAGE = { measured: 'a', written: 'a', sent: 'a' };
const errorMs = fc.integer({ min: -48 * HOUR_MS, max: 48 * HOUR_MS });
const waitMs = fc.integer({ min: 0, max: 24 * HOUR_MS });

test('a clock that is wrong all the time does no harm, however long the record waits and whatever is reloaded', () => {
  fc.assert(
    fc.property(errorMs, waitMs, waitMs, fc.constantFrom('a', 'b'), (error, before, after, page) => {
      const writtenMs = NOON_MS + before;
      const { recordedMs, occurredMs, doubtMs } = tell({
        writtenMs,
        sentMs: writtenMs + after,
        errors: { measured: error, written: error, sent: error },
        pages: { measured: 'a', written: page, sent: page },
      });
      expect({ recordedMs, occurredMs, doubtMs }).toEqual({
        recordedMs: writtenMs,
        occurredMs: writtenMs,
        doubtMs: 0,
      });
    }),
  );
});

test('a clock that was set before the record was written, or after it, is seen as long as the page lives', () => {
  fc.assert(
    fc.property(errorMs, errorMs, fc.boolean(), (first, second, setBefore) => {
      fc.pre(Math.abs(first - second) > 10_000);
      const writtenMs = NOON_MS + HOUR_MS;
      const { recordedMs, doubtMs } = tell({
        writtenMs,
        sentMs: writtenMs + HOUR_MS,
        errors: { measured: first, written: setBefore ? second : first, sent: second },
        pages: ONE_PAGE,
      });
      expect({ recordedMs, doubtMs }).toEqual({ recordedMs: writtenMs, doubtMs: 0 });
    }),
  );
});

test('a clock that was set while the page was closed leaves a doubt, and the doubt is as large as the change', () => {
  const { doubtMs } = tell({
    writtenMs: NOON_MS + HOUR_MS,
    sentMs: NOON_MS + 2 * HOUR_MS,
    errors: { measured: 0, written: 0, sent: 12 * MINUTE_MS },
    pages: { measured: 'a', written: 'b', sent: 'c' },
  });
  expect(doubtMs).toBe(12 * MINUTE_MS);
});

test('nothing is recorded later than it is sent, or happens later than it is recorded', () => {
  fc.assert(
    fc.property(
      errorMs,
      errorMs,
      errorMs,
      fc.date({ noInvalidDate: true }),
      (measured, written, sent, date) => {
        const sentMs = NOON_MS + 2 * HOUR_MS;
        const { recordedMs, occurredMs } = tell({
          writtenMs: NOON_MS + HOUR_MS,
          sentMs,
          errors: { measured, written, sent },
          pages: { measured: 'a', written: 'b', sent: 'c' },
          occurred: { when: 'at', instant: date.toISOString() },
        });
        expect(recordedMs).toBeLessThanOrEqual(sentMs);
        expect(occurredMs).toBeLessThanOrEqual(recordedMs);
      },
    ),
  );
});

test('"15 minutes ago" hangs on the record, an hour of the day stands by itself', () => {
  const story = {
    writtenMs: NOON_MS + HOUR_MS,
    sentMs: NOON_MS + 2 * HOUR_MS,
    errors: { measured: 90_000, written: 90_000, sent: 90_000 },
    pages: ONE_PAGE,
  };
  expect(tell({ ...story, occurred: { when: 'before', agoMs: 15 * MINUTE_MS } }).occurredMs).toBe(
    NOON_MS + 45 * MINUTE_MS,
  );
  const instant = new Date(NOON_MS + 20 * MINUTE_MS).toISOString();
  expect(tell({ ...story, occurred: { when: 'at', instant } }).occurredMs).toBe(NOON_MS + 20 * MINUTE_MS);
});

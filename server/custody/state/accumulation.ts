import type { Accumulation, NormSet } from '../../../config/norms/norm-set.ts';
import type { KeptEvent } from './kept-event.ts';
import type { BareRun } from './limit-run.ts';
import type { Calendar } from './local-day.ts';
import type { Span } from './pauses.ts';

const MINUTE_MS = 60_000;

interface Given {
  warnings: NormSet['warnings'];
  calendar: Calendar;
}

/**
 * Runs of a limit on how long something may go on. One that goes on now is a run that is not met; one that is over is a
 * run only if it went on for too long: met, when it ended, after it was due.
 */
export function accumulationRuns(
  limit: Accumulation,
  events: readonly KeptEvent[],
  { warnings, calendar }: Given,
): BareRun[] {
  const spans = spansOf(limit, events);
  const levels = [warnings.amber, warnings.red, 1].map((one) => Math.round(limit.minutes * MINUTE_MS * one));
  return limit.per === 'unbroken'
    ? unbrokenRuns(joined(spans, (limit.shortestBreak?.minutes ?? 0) * MINUTE_MS), levels)
    : dayRuns(spans, levels, calendar);
}

/**
 * From each beginning to the next end; a beginning while it goes on already, and an end of nothing, say nothing. What ends
 * and begins in one instant goes on, whichever of the two is counted first.
 */
function spansOf({ from, until }: Accumulation, events: readonly KeptEvent[]): Span[] {
  const spans: Span[] = [];
  let againMs: number | undefined;
  for (const { type, at } of events) {
    const last = spans.at(-1);
    const isOpen = last !== undefined && last.untilMs === undefined;
    if (type === from) {
      if (isOpen) againMs = at;
      else spans.push({ fromMs: at, untilMs: undefined });
    } else if (type === until && isOpen) {
      last.untilMs = at;
      if (againMs === at && last.fromMs < at) spans.push({ fromMs: at, untilMs: undefined });
    }
  }
  return spans;
}

/** Spans with breaks that are too short to be breaks taken for one. */
function joined(spans: readonly Span[], shortestBreakMs: number): Span[] {
  const whole: Span[] = [];
  for (const span of spans) {
    const last = whole.at(-1);
    if (last?.untilMs !== undefined && span.fromMs - last.untilMs < shortestBreakMs)
      last.untilMs = span.untilMs;
    else whole.push({ ...span });
  }
  return whole;
}

function unbrokenRuns(spans: readonly Span[], levels: readonly number[]): BareRun[] {
  return spans.flatMap(({ fromMs, untilMs }) =>
    toRuns(
      fromMs,
      levels.map((level) => fromMs + level),
      untilMs,
    ),
  );
}

/** Sums by local days. A day in which nothing goes on now is a run only if its sum was too great. */
function dayRuns(spans: readonly Span[], levels: readonly number[], calendar: Calendar): BareRun[] {
  const days = new Map<number, { fromMs: number; untilMs: number; isOpen: boolean }[]>();
  for (const { fromMs, untilMs } of spans) {
    const endMs = untilMs ?? openEnd(fromMs, calendar);
    for (let atMs = fromMs; atMs < endMs; ) {
      const day = calendar.dayOf(atMs);
      const pieces = days.get(day.fromMs) ?? [];
      days.set(day.fromMs, pieces);
      pieces.push({ fromMs: atMs, untilMs: Math.min(endMs, day.untilMs), isOpen: untilMs === undefined });
      atMs = day.untilMs;
    }
  }
  const sums = Array.from(days.values(), (pieces) => ({
    pieces,
    reached: levels.map((level) => reachedAt(pieces, level)),
  }));
  // What goes on now ends, as far as anybody knows, on the first day that it would fill.
  const current = sums.find(({ pieces, reached }) => pieces.some(({ isOpen }) => isOpen) && isWhole(reached));
  return sums.flatMap((sum) => {
    const { pieces, reached } = sum;
    const [first] = pieces;
    const last = pieces.at(-1);
    if (!first || !last || !isWhole(reached)) return [];
    if (last.isOpen) return sum === current ? toRuns(first.fromMs, reached, undefined) : [];
    return toRuns(first.fromMs, reached, last.untilMs);
  });
}

/** The end of the day after: by then every limit of a day has been reached. */
function openEnd(fromMs: number, calendar: Calendar): number {
  return calendar.dayOf(calendar.dayOf(fromMs).untilMs).untilMs;
}

function isWhole(reached: readonly (number | undefined)[]): reached is number[] {
  return reached.every((at) => at !== undefined);
}

/**
 * When a sum of pieces reaches an amount and goes on, or ends with it; undefined if it does neither. What was used up
 * exactly when one piece ended is exceeded from the beginning of the next one on.
 */
function reachedAt(
  pieces: readonly { fromMs: number; untilMs: number }[],
  amountMs: number,
): number | undefined {
  let sumMs = 0;
  for (const { fromMs, untilMs } of pieces) {
    if (sumMs + untilMs - fromMs > amountMs) return fromMs + amountMs - sumMs;
    sumMs += untilMs - fromMs;
  }
  return sumMs === amountMs ? pieces.at(-1)?.untilMs : undefined;
}

function toRuns(anchorMs: number, levels: readonly number[], endedMs: number | undefined): BareRun[] {
  const [amberMs = anchorMs, redMs = anchorMs, dueMs = anchorMs] = levels;
  if (endedMs !== undefined && endedMs <= dueMs) return [];
  return [{ anchorMs, amberMs, redMs, dueMs, metMs: endedMs, pausedMs: undefined, ground: undefined }];
}

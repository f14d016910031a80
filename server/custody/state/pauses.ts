import type { Deadline } from '../../../config/norms/norm-set.ts';
import type { KeptEvent } from './kept-event.ts';

/** A span of time; `untilMs` is undefined while it goes on. Milliseconds since the epoch. */
export interface Span {
  fromMs: number;
  untilMs: number | undefined;
}

/** The spans in which a clock that began at `anchorMs` stands still, in order; those that overlap or touch are one. */
export function pausesIn(
  pauses: Deadline['pauses'],
  events: readonly KeptEvent[],
  anchorMs: number,
): readonly Span[] {
  if (pauses.length === 0) return [];
  const open = openAt(pauses, events, anchorMs);
  const spans: Span[] = open.size > 0 ? [{ fromMs: anchorMs, untilMs: undefined }] : [];
  for (const { type, at } of events) {
    if (at < anchorMs) continue;
    const before = open.size;
    pauses.forEach(({ from, until }, index) => {
      if (type === from) open.add(index);
      if (type === until) open.delete(index);
    });
    const last = spans.at(-1);
    if (open.size > 0 && before === 0) {
      if (last?.untilMs === at) last.untilMs = undefined;
      else spans.push({ fromMs: at, untilMs: undefined });
    } else if (open.size === 0 && before > 0 && last) {
      last.untilMs = at;
    }
  }
  return spans;
}

/** Pauses, by their number, that hold when the clock begins. */
function openAt(pauses: Deadline['pauses'], events: readonly KeptEvent[], anchorMs: number): Set<number> {
  const earlier = events.filter(({ at }) => at < anchorMs);
  const open = new Set<number>();
  pauses.forEach(({ from, until }, index) => {
    const last = earlier.findLast(({ type }) => type === from || type === until);
    if (from === 'anchor' ? last === undefined : last?.type === from) open.add(index);
  });
  return open;
}

/**
 * The instant at which so much time has run since the anchor that does not count the pauses. A pause that begins at that
 * instant or later changes nothing: what is over stays over. A pause that goes on counts as if it ended now.
 */
export function instantAfter(anchorMs: number, elapsedMs: number, pauses: readonly Span[]): number {
  let atMs = anchorMs + elapsedMs;
  for (const { fromMs, untilMs } of pauses) {
    if (untilMs === undefined || fromMs >= atMs) break;
    atMs += untilMs - Math.max(fromMs, anchorMs);
  }
  return atMs;
}

/** How much time has run between the anchor and an instant, without the pauses. */
export function elapsedUntil(anchorMs: number, atMs: number, pauses: readonly Span[]): number {
  let elapsedMs = atMs - anchorMs;
  for (const { fromMs, untilMs } of pauses) {
    const from = Math.max(fromMs, anchorMs);
    elapsedMs -= Math.max(0, Math.min(untilMs ?? atMs, atMs) - from);
  }
  return elapsedMs;
}

/** Since when a clock stands, if it stands and was not over before. */
export function standsSince(pauses: readonly Span[], dueMs: number): number | undefined {
  const last = pauses.at(-1);
  return last && last.untilMs === undefined && last.fromMs < dueMs ? last.fromMs : undefined;
}

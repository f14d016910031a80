import type { AreaId } from '#contract/ids.ts';
import type { NightWatching } from '../../../config/watching/watching.ts';

/** A viewing as far as it matters here. `seenHigh`: seconds of large picture; undefined when the page said nothing. */
export interface WatchedSpan {
  person: string;
  areaId: AreaId;
  fromMs: number;
  toMs: number;
  seenHigh: number | undefined;
}

/** Local nights, as instants (ms). */
export interface Night {
  fromMs: number;
  toMs: number;
}

const HOUR_MS = 3_600_000;

/**
 * The nights that began before an instant and not more than two days ago, given the first instant of a local day. Where
 * clocks change in the night, its ends are an hour off.
 */
export function nightsBefore(
  nowMs: number,
  dayStartOf: (atMs: number) => number,
  { hoursBefore, hoursAfter }: NightWatching,
): Night[] {
  const starts = new Set([-24, 0, 24].map((hours) => dayStartOf(nowMs + hours * HOUR_MS)));
  return [...starts]
    .map((startMs) => ({ fromMs: startMs - hoursBefore * HOUR_MS, toMs: startMs + hoursAfter * HOUR_MS }))
    .filter(({ fromMs }) => fromMs < nowMs);
}

/**
 * Who watched which area for how long in a night, where it is long enough. What a page says nothing of counts in full: a
 * player tells nothing, and nobody gains by silencing a page.
 */
export function longWatching(
  spans: Iterable<WatchedSpan>,
  { fromMs, toMs }: Night,
  { seconds: enough }: NightWatching,
): { person: string; areaId: AreaId; seconds: number }[] {
  const sums = new Map<string, { person: string; areaId: AreaId; seconds: number }>();
  for (const span of spans) {
    const withinMs = Math.min(toMs, span.toMs) - Math.max(fromMs, span.fromMs);
    if (withinMs <= 0) continue;
    // When within the viewing the picture was large, nobody says: evenly.
    const seconds =
      span.seenHigh === undefined
        ? withinMs / 1_000
        : (span.seenHigh * withinMs) / Math.max(1, span.toMs - span.fromMs);
    const key = `${span.person} ${span.areaId}`;
    const sum = sums.get(key) ?? { person: span.person, areaId: span.areaId, seconds: 0 };
    sums.set(key, { ...sum, seconds: sum.seconds + seconds });
  }
  return [...sums.values()]
    .filter(({ seconds }) => seconds >= enough)
    .map((sum) => ({ ...sum, seconds: Math.round(sum.seconds) }));
}

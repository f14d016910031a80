import type { AreaStatus } from '#contract/status.ts';
import type { AreaHistory } from '../custody/state/area-history.ts';
import { touchesSpan } from '../custody/state/spans.ts';

/** Clocks of servers, nodes and facilities agree within this; what is cut is cut so much earlier. Milliseconds. */
export const CLOCK_MARGIN_MS = 2_000;

interface Circumstances {
  /** Nobody may see the area now. */
  isClosed: boolean;
  status: Pick<AreaStatus, 'confidentialSince'> | undefined;
  /** What the record says of the area by now; undefined when it says nothing. */
  history: Pick<AreaHistory, 'confidential'> | undefined;
}

/**
 * Where a clip from `fromMs` to `toMs` has to end, so that nothing is in it of a time in which nobody might see the area;
 * undefined when it may stay whole. Milliseconds since 1970. An area that is closed since nobody knows when leaves nothing.
 */
export function cutOf(
  { fromMs, toMs }: { fromMs: number; toMs: number },
  { isClosed, status, history }: Circumstances,
): number | undefined {
  const cuts: number[] = [];
  if (isClosed) {
    const since = status?.confidentialSince;
    cuts.push(since ? Date.parse(since) : fromMs);
  }
  for (const [since, until] of history?.confidential ?? [])
    if (touchesSpan([[since, until]], fromMs - CLOCK_MARGIN_MS, toMs + CLOCK_MARGIN_MS)) cuts.push(since);
  const first = Math.min(...cuts) - CLOCK_MARGIN_MS;
  return first <= toMs ? first : undefined;
}

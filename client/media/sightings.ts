import type { FeedId } from '#contract/ids.ts';
import { MAX_WATCHED, type MediaSeen, SEEN_EVERY_MS } from '#contract/media.ts';
import type { Layer } from '#contract/nation.ts';
import type { Outcome } from '../session/failure.ts';

/** For how long feeds could truly be seen on this page, told to the server from time to time. */
export interface Sightings extends Disposable {
  /** A tile shows moving frames of a feed now. Called with every tick of the page's clock, by every tile that does. */
  see(feedId: FeedId, layer: Layer): void;
}

interface Ports {
  tell(seen: MediaSeen): Promise<Outcome<unknown>>;
  isPageVisible(): boolean;
  monotonicMs(): number;
  setInterval(run: () => void, periodMs: number): number;
  clearInterval(handle: number): void;
}

/** Between two ticks so far apart nobody knows what could be seen: the page's clock stood. */
const LONGEST_TICK_MS = 1_000;
/** The most that a report may say of a feed; what waits longer than that for a connection is lost. */
const MAX_UNTOLD_MS = 60_000;

interface Untold {
  feedId: FeedId;
  layer: Layer;
  ms: number;
}

export function createSightings({
  tell,
  isPageVisible,
  monotonicMs,
  setInterval,
  clearInterval,
}: Ports): Sightings {
  const lastSeenMs = new Map<FeedId, number>();
  let untold = new Map<string, Untold>();

  function add({ feedId, layer, ms }: Untold): void {
    const key = `${layer} ${feedId}`;
    const before = untold.get(key);
    // Bounded by what a report may hold; a wall never comes near.
    if (!before && untold.size >= 2 * MAX_WATCHED) return;
    untold.set(key, { feedId, layer, ms: Math.min(MAX_UNTOLD_MS, (before?.ms ?? 0) + ms) });
  }

  async function report(): Promise<void> {
    const nowMs = monotonicMs();
    for (const [feedId, atMs] of lastSeenMs) if (nowMs - atMs > LONGEST_TICK_MS) lastSeenMs.delete(feedId);
    const told = untold;
    const feeds = Array.from(told.values(), (one) => ({ ...one, ms: Math.round(one.ms) })).filter(
      ({ ms }) => ms > 0,
    );
    if (feeds.length === 0) return;
    untold = new Map();
    const answer = await tell({ feeds });
    // Told again when there is a connection; the server bounds what is counted.
    if (!answer.ok && answer.code === 'offline') for (const one of told.values()) add(one);
  }

  const handle = setInterval(() => void report(), SEEN_EVERY_MS);
  return {
    see(feedId, layer) {
      if (!isPageVisible()) return;
      const nowMs = monotonicMs();
      const sinceMs = nowMs - (lastSeenMs.get(feedId) ?? Number.NEGATIVE_INFINITY);
      lastSeenMs.set(feedId, nowMs);
      // A feed in two tiles is seen once: the second finds next to no time since the first.
      if (sinceMs > 0 && sinceMs <= LONGEST_TICK_MS) add({ feedId, layer, ms: sinceMs });
    },
    [Symbol.dispose]() {
      clearInterval(handle);
      void report();
    },
  };
}

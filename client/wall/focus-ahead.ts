import type { Claim } from '../media/claims.ts';
import type { MediaEngine } from '../media/media-engine.ts';
import type { Posters } from '../media/posters.ts';
import { flagsOf, type LiveStore, statusOf } from '../store/live-store.ts';
import { isClosed } from './tile-data.ts';
import { layerFor } from './tile-input.ts';
import { tilePriority } from './tile-priority.ts';
import type { WallView } from './wall-view.ts';

interface Ports {
  view: Pick<WallView, 'store'>;
  live: Pick<LiveStore, 'getState'>;
  engine: Pick<MediaEngine, 'claim'>;
  posters: Pick<Posters, 'ask'>;
}

/** By then the enlarged tile is there and asks for itself. */
const AHEAD_MS = 2_000;

/**
 * As soon as somebody asks to see an area, its feed and its still are asked for: network and page work at the same time.
 * Nothing flows by it; that takes a tile whose element is ready.
 */
export function createFocusAhead({ view, live, engine, posters }: Ports): Disposable {
  let ahead: { claim: Claim; still: AbortController; timer: ReturnType<typeof setTimeout> } | undefined;

  function end(): void {
    clearTimeout(ahead?.timer);
    ahead?.claim.release();
    ahead?.still.abort();
    ahead = undefined;
  }

  function begin(areaId: string | null): void {
    end();
    const state = live.getState();
    const area = areaId === null ? undefined : state.registry?.areaById[areaId];
    const [feed] = area?.feeds ?? [];
    if (!area || !feed || isClosed(area, statusOf(state, area))) return;
    const priority = tilePriority(flagsOf(state, area), 0, 'focused');
    const still = new AbortController();
    const layer = layerFor(feed, globalThis.innerWidth, undefined);
    const claim = engine.claim({ feedId: feed.id, layer, priority, show: false, coming: true }, () => {});
    void posters.ask(feed.id, { priority, signal: still.signal });
    ahead = { claim, still, timer: setTimeout(end, AHEAD_MS) };
  }

  const unsubscribe = view.store.subscribe((now, before) => {
    if (now.focus !== before.focus) begin(now.focus);
  });
  begin(view.store.getState().focus);
  return {
    [Symbol.dispose]() {
      unsubscribe();
      end();
    },
  };
}

import type { Page } from 'playwright-core';

/** How a tile's picture moved while it was watched. Times are the page's clock, in ms. */
export interface TileMotion {
  feedId: string;
  /** Frames shown since the watch began. */
  frames: number;
  /** Longest time without a new frame. */
  longestGapMs: number;
  /** Gaps of more than {@link GAP_MS}: when the last frame before and the first after were seen. */
  gaps: { fromMs: number; toMs: number }[];
  /** When it was there first, and when its last new frame was seen. */
  sinceMs: number;
  lastMs: number;
}

/** How often the page looks; a gap is known to within this. */
const LOOK_MS = 50;
/** Shorter pauses are a busy machine. At 15 frames a second this is seven frames. */
export const GAP_MS = 500;

interface Watcher {
  nowMs(): number;
  read(): TileMotion[];
}

/** Starts to watch every tile of the page, whichever video element it has at the moment. */
export async function watchMotion(page: Page): Promise<void> {
  await page.evaluate(
    ({ LOOK_MS, GAP_MS }) => {
      const tiles = new Map<string, TileMotion & { counter: number; video: HTMLVideoElement }>();
      const look = () => {
        const now = performance.now();
        const shown = new Set<string>();
        for (const tile of document.querySelectorAll<HTMLElement>('[data-feed-id][data-state]')) {
          const video = tile.querySelector('video');
          const feedId = tile.dataset.feedId ?? '';
          shown.add(feedId);
          if (!video) continue;
          const counter = video.getVideoPlaybackQuality().totalVideoFrames;
          const known = tiles.get(feedId);
          if (!known) {
            tiles.set(feedId, {
              feedId,
              frames: 0,
              longestGapMs: 0,
              gaps: [],
              sinceMs: now,
              lastMs: now,
              counter,
              video,
            });
            continue;
          }
          const added = known.video === video ? counter - known.counter : 0;
          known.counter = counter;
          known.video = video;
          if (added <= 0) continue;
          const gapMs = now - known.lastMs;
          known.longestGapMs = Math.max(known.longestGapMs, gapMs);
          if (gapMs > GAP_MS) known.gaps.push({ fromMs: known.lastMs, toMs: now });
          known.frames += added;
          known.lastMs = now;
        }
        for (const feedId of tiles.keys()) if (!shown.has(feedId)) tiles.delete(feedId);
      };
      setInterval(look, LOOK_MS);
      const watcher: Watcher = {
        nowMs: () => performance.now(),
        read: () => [...tiles.values()].map(({ counter: _, video: __, ...motion }) => motion),
      };
      Object.assign(window, { vartaMotion: watcher });
    },
    { LOOK_MS, GAP_MS },
  );
}

/** What has been seen since the watch began. A tile that stands still now has a gap that is not in the list yet. */
export function readMotion(page: Page): Promise<{ nowMs: number; tiles: TileMotion[] }> {
  return page.evaluate(() => {
    const { vartaMotion } = window as unknown as { vartaMotion: Watcher };
    return { nowMs: vartaMotion.nowMs(), tiles: vartaMotion.read() };
  });
}

import type { Page } from 'playwright-core';

/** How a tile's picture moved while it was watched. Times are the page's clock, in ms. */
export interface TileMotion {
  feedId: string;
  /** Frames shown since the watch began. */
  frames: number;
  /** Longest time without a new frame, however short. */
  longestGapMs: number;
  /** Gaps of more than {@link GAP_MS}: when the last frame before and the first after were seen. */
  gaps: { fromMs: number; toMs: number }[];
  /** When it was there first, when its last new frame was seen, and when it was last in the document. */
  sinceMs: number;
  lastMs: number;
  shownMs: number;
}

/** How often the page looks; a gap is known to within this. */
const LOOK_MS = 50;
/** Gaps that are listed one by one; of shorter ones only the longest is kept. */
const GAP_MS = 500;
/**
 * A tile that was out of the document for longer was turned away from: that it showed nothing is no gap. One that was
 * away for a look or two has shown nothing in that time, and it counts.
 */
const AWAY_MS = 1_000;

interface Watcher {
  nowMs(): number;
  read(): TileMotion[];
  stop(): void;
}

/**
 * Watches every tile of the page from now on, whichever video element it has at the moment. A watch that went on before
 * ends; a tile's gaps are kept for as long as the watch goes on, also when it leaves the document.
 */
export async function watchMotion(page: Page): Promise<void> {
  await page.evaluate(
    ({ LOOK_MS, GAP_MS, AWAY_MS }) => {
      const own = window as unknown as { vartaMotion?: Watcher };
      own.vartaMotion?.stop();
      const tiles = new Map<string, TileMotion & { counter: number; video: HTMLVideoElement }>();
      const look = () => {
        const now = performance.now();
        for (const tile of document.querySelectorAll<HTMLElement>('[data-feed-id][data-state]')) {
          const video = tile.querySelector('video');
          const feedId = tile.dataset.feedId ?? '';
          const known = tiles.get(feedId);
          if (known) {
            if (now - known.shownMs > AWAY_MS) known.lastMs = now;
            known.shownMs = now;
          }
          if (!video) continue;
          const counter = video.getVideoPlaybackQuality().totalVideoFrames;
          if (!known) {
            tiles.set(feedId, {
              feedId,
              frames: 0,
              longestGapMs: 0,
              gaps: [],
              sinceMs: now,
              lastMs: now,
              shownMs: now,
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
      };
      look();
      const timer = setInterval(look, LOOK_MS);
      own.vartaMotion = {
        nowMs: () => performance.now(),
        read: () => [...tiles.values()].map(({ counter: _, video: __, ...motion }) => motion),
        stop: () => clearInterval(timer),
      };
    },
    { LOOK_MS, GAP_MS, AWAY_MS },
  );
}

/** What has been seen since the watch began. A tile that stands still now has a gap that is not in the list yet. */
export function readMotion(page: Page): Promise<{ nowMs: number; tiles: TileMotion[] }> {
  return page.evaluate(() => {
    const { vartaMotion } = window as unknown as { vartaMotion: Watcher };
    return { nowMs: vartaMotion.nowMs(), tiles: vartaMotion.read() };
  });
}

/** Pauses with less motion than this between them are one: a picture that has stood still and shows a frame is not back. */
const BACK_MS = 1_000;

/** Longest time for which a tile stood still, single frames on the way included. */
export function stoodStillMs(motion: TileMotion): number {
  const { gaps, lastMs, shownMs } = motion;
  let [longestMs, fromMs, toMs] = [longestGapOf(motion), -Infinity, -Infinity];
  for (const gap of [...gaps, { fromMs: lastMs, toMs: shownMs }]) {
    if (gap.fromMs - toMs > BACK_MS) fromMs = gap.fromMs;
    toMs = gap.toMs;
    longestMs = Math.max(longestMs, toMs - fromMs);
  }
  return longestMs;
}

/** Longest time for which a tile showed no new frame while it was there, one that goes on now included. */
export function longestGapOf({ longestGapMs, lastMs, shownMs }: TileMotion): number {
  return Math.max(longestGapMs, shownMs - lastMs);
}

import type { Page } from 'playwright-core';

/** A tile that ought to play and has shown no new frame for so long is late, whatever it says of itself. */
export const LATE_MS = 5_000;
/** A tile that says it is live and has shown no new frame for so long is black, or as good as that. */
export const BLACK_MS = 3_000;

/** What a page's own watcher found among its tiles so far. */
export interface LateTiles {
  /** Tiles that were late, by what they said of themselves and of which feed, and how often. */
  late: Record<string, number>;
  /** Tiles that said they are live and were black, by feed, and how often. */
  black: Record<string, number>;
  /** The longest that any tile went without a new frame, from when it came on the screen. */
  worst: { ms: number; feedId: string; state: string };
}

/**
 * From now on the page counts tiles that do not play. Every tile that has a camera ought to, from when it is on the screen;
 * one that is closed shows nothing by right.
 */
export async function watchTiles(page: Page): Promise<void> {
  await page.evaluate(
    ({ LATE_MS, BLACK_MS }) => {
      const found: LateTiles = { late: {}, black: {}, worst: { ms: 0, feedId: '', state: '' } };
      interface Seen {
        frames: number;
        at: number;
        isLate: boolean;
        isBlack: boolean;
      }
      const seen = new WeakMap<HTMLElement, Seen>();
      const count = (counts: Record<string, number>, name: string) => {
        counts[name] = (counts[name] ?? 0) + 1;
      };
      setInterval(() => {
        const at = performance.now();
        for (const tile of document.querySelectorAll<HTMLElement>('[data-feed-id][data-state]')) {
          const { feedId = '', state = '' } = tile.dataset;
          const frames = tile.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
          const before = seen.get(tile);
          const plays = before !== undefined && state === 'live' && before.frames !== frames;
          const isClosed = state === 'confidential';
          if (before === undefined || plays || isClosed) {
            seen.set(tile, { frames, at, isLate: false, isBlack: false });
            continue;
          }
          before.frames = frames;
          if (at - before.at > found.worst.ms) found.worst = { ms: at - before.at, feedId, state };
          if (!before.isLate && at - before.at > LATE_MS) {
            before.isLate = true;
            count(found.late, `${feedId} ${state}`);
          }
          if (!before.isBlack && state === 'live' && at - before.at > BLACK_MS) {
            before.isBlack = true;
            count(found.black, feedId);
          }
        }
      }, 250);
      Object.assign(window, { vartaTiles: found });
    },
    { LATE_MS, BLACK_MS },
  );
}

export function foundTiles(page: Page): Promise<LateTiles> {
  return page.evaluate(() => (window as unknown as { vartaTiles: LateTiles }).vartaTiles);
}

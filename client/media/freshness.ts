import { PERIOD_MS } from '../clock/ticker.ts';

/** What is known of the moving of a picture. */
export interface Freshness {
  /** Frames counted so far by the element. */
  frames: number;
  /** Monotonic instant at which a new frame was last seen; undefined while there was none from this source. */
  lastFrameAtMs: number | undefined;
}

export const NO_FRAMES: Freshness = { frames: 0, lastFrameAtMs: undefined };

/** Takes note of the element's frame counter. A counter that went back belongs to a new source. */
export function observeFrames(before: Freshness, frames: number, nowMs: number): Freshness {
  if (frames === before.frames) return before;
  if (frames < before.frames && frames === 0) return NO_FRAMES;
  return { frames, lastFrameAtMs: nowMs };
}

/** Until this age a picture is as good as live. */
export const STALLED_MS = 1_000;
/** A picture that has stood for so long has to be red. */
export const RED_BY_MS = 3_000;
/**
 * From this age on the tile says when the picture froze, in red. Frames are counted once a {@link PERIOD_MS}: the last one
 * may have come that much before it was counted, and the look that finds it too old comes up to as much later. Half a
 * period is for a look that comes late, so that a tile never is red after {@link RED_BY_MS}.
 */
export const FROZEN_MS = RED_BY_MS - 2.5 * PERIOD_MS;
/** From this age on the old picture is taken away: the camera is lost. */
export const LOST_MS = 15_000;
/** A feed that was asked for and has not shown a frame for this long is lost too. */
export const FIRST_FRAME_MS = 12_000;

/** When things are done, in milliseconds. */
export interface PictureTimes {
  /** From one still of a feed to the next. */
  everyMs: number;
  /** How long a keyframe is waited for. */
  waitMs: number;
  /** Keyframes that have come are decoded together this often; a feed's first one waits no longer than a tick. */
  decodeEveryMs: number;
  /** Stills are begun this often, a few of them each time. */
  tickMs: number;
  /** A still is kept only if its feed is still watched this long after it was taken. */
  holdMs: number;
  /** A fault that nobody can have seen for this long is not known any more. */
  forgetMs: number;
}

/** The times of a node that takes a still of each feed every so often. */
export function toPictureTimes(everyMs: number): PictureTimes {
  return {
    everyMs,
    waitMs: Math.min(6_000, everyMs),
    // Looks are over when their grant ends, and must be decoded before, however rare stills are.
    decodeEveryMs: Math.min(5_000, everyMs / 2),
    tickMs: everyMs / 10,
    holdMs: Math.min(2_000, everyMs / 2),
    forgetMs: 6 * everyMs,
  };
}

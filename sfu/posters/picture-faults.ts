import { PICTURE_FAULTS } from '#contract/feeds.ts';
import type { MaskRegion } from '#contract/nation.ts';
import { isBlack, isCovered, isSamePicture } from './luma.ts';

type PictureFault = (typeof PICTURE_FAULTS)[number];

/** Samples in a row that show a fault before it is raised: one bad picture is a network, or somebody passing the lens. */
export const RAISE_SAMPLES = 3;
/** Samples in a row without it before it is cleared. */
export const CLEAR_SAMPLES = 2;

/** A small grey picture of a feed, and when it was taken (milliseconds since 1970). */
export interface Sample {
  grey: Uint8Array;
  at: number;
  /** What is known to be masked of it. @default nothing */
  masks?: readonly MaskRegion[];
}

interface Streak {
  samples: number;
  since: number;
}

/** What is remembered of a feed's pictures from sample to sample. */
export interface PictureHistory {
  /** The picture that has been the same since it was taken, and how often it was seen. */
  anchor: (Sample & { seen: number }) | undefined;
  /** What every sample has shown lately, with the first of them; a sample shows one fault at most. */
  streaks: Readonly<Partial<Record<PictureFault, Streak>>>;
  /** Samples in a row that have not shown a fault that is raised. */
  good: Readonly<Partial<Record<PictureFault, number>>>;
  /** The faults that are raised. */
  faults: ReadonlySet<PictureFault>;
}

export const NO_HISTORY: PictureHistory = { anchor: undefined, streaks: {}, good: {}, faults: new Set() };

/** The same without any picture, and nothing that was about to be found: only what is wrong. */
export function withoutPictures({ faults }: PictureHistory): PictureHistory {
  return { ...NO_HISTORY, faults };
}

/**
 * What a further sample makes of a feed. A fault is raised when {@link RAISE_SAMPLES} samples in a row over at least
 * `spanMs` show it, and cleared when {@link CLEAR_SAMPLES} in a row do not. Pure.
 */
export function addSample(
  history: PictureHistory,
  sample: Sample,
  { spanMs }: { spanMs: number },
): PictureHistory {
  const anchor = toAnchor(history.anchor, sample);
  const shown = showsNow(sample, anchor.seen);
  const faults = new Set(history.faults);
  const streaks: Partial<Record<PictureFault, Streak>> = {};
  const good: Partial<Record<PictureFault, number>> = {};
  for (const fault of PICTURE_FAULTS) {
    if (shown === fault) {
      const streak = nextStreak(
        history.streaks[fault],
        fault === 'frozen' ? anchor : { seen: 1, at: sample.at },
      );
      streaks[fault] = streak;
      if (streak.samples >= RAISE_SAMPLES && sample.at - streak.since >= spanMs) faults.add(fault);
    } else if (faults.has(fault)) {
      const count = (history.good[fault] ?? 0) + 1;
      if (count >= CLEAR_SAMPLES) faults.delete(fault);
      else good[fault] = count;
    }
  }
  return { anchor, streaks, good, faults };
}

function toAnchor(before: PictureHistory['anchor'], sample: Sample): Sample & { seen: number } {
  return before && isSamePicture(before.grey, sample.grey)
    ? { ...before, seen: before.seen + 1 }
    : { ...sample, seen: 1 };
}

/** The one fault that a sample shows. A black picture stands still as well, and is black. */
function showsNow({ grey, masks }: Sample, seen: number): PictureFault | undefined {
  if (isBlack(grey, masks)) return 'black';
  if (isCovered(grey, masks)) return 'covered';
  return seen > 1 ? 'frozen' : undefined;
}

/** The picture that froze was the first sample of its streak, though it could not be known then. */
function nextStreak(before: Streak | undefined, first: { seen: number; at: number }): Streak {
  return before
    ? { samples: before.samples + 1, since: before.since }
    : { samples: first.seen, since: first.at };
}

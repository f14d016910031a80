import type { FeedFault } from '#contract/feeds.ts';
import { sightSlice } from '../h264/b-slices.ts';

/** Keyframes further apart than this are a fault; the wall would wait for a picture as long. Milliseconds. */
export const MAX_KEYFRAME_INTERVAL_MS = 4_000;
/** A camera that is set to exactly 4 s may be a frame late. Milliseconds. */
const TOLERANCE_MS = 250;
/** So many bi-predictive pictures are a setting, and not a slip. */
const MIN_B_PICTURES = 3;
/** Pictures in a row without one, after which they are held to be switched off. */
const B_FREE_PICTURES = 250;
/** Intervals in a row that are short enough, after which the setting is held to be right. */
const GOOD_INTERVALS = 2;
const TICKS_PER_MS = 90;

/** Finds what is wrong with the settings of a camera, from what it sends. */
export class PictureWatch {
  readonly #onFault: (fault: FeedFault, isThere: boolean) => void;
  #timestamp: number | undefined;
  #keyframe: number | undefined;
  /** The interval that goes on has been called too long. */
  #isOverdue = false;
  #goodIntervals = 0;
  #bPictures = 0;
  #withoutB = 0;
  #lastB: number | undefined;
  readonly #faults = new Set<FeedFault>();

  constructor(onFault: (fault: FeedFault, isThere: boolean) => void) {
    this.#onFault = onFault;
  }

  /** The camera begins anew; what was found before holds until it is seen to be otherwise. */
  restart(): void {
    this.#keyframe = undefined;
    this.#timestamp = undefined;
    this.#isOverdue = false;
  }

  /** An RTP payload of the picture with this timestamp. */
  see(payload: Buffer, timestamp: number, isKeyframe: boolean): void {
    if (timestamp !== this.#timestamp) this.#handlePicture(timestamp);
    if (isKeyframe && timestamp !== this.#keyframe) this.#handleKeyframe(timestamp);
    if (timestamp !== this.#lastB && sightSlice(payload) === 'b-slice') this.#handleB(timestamp);
  }

  #handlePicture(timestamp: number): void {
    this.#timestamp = timestamp;
    this.#withoutB += 1;
    if (this.#withoutB >= B_FREE_PICTURES) {
      this.#bPictures = 0;
      this.#set('b-frames', false);
    }
    if (
      this.#keyframe === undefined ||
      toMs(timestamp - this.#keyframe) <= MAX_KEYFRAME_INTERVAL_MS + TOLERANCE_MS
    )
      return;
    this.#isOverdue = true;
    this.#goodIntervals = 0;
    this.#set('keyframe-interval', true);
  }

  #handleKeyframe(timestamp: number): void {
    if (this.#keyframe !== undefined && !this.#isOverdue) {
      this.#goodIntervals += 1;
      if (this.#goodIntervals >= GOOD_INTERVALS) this.#set('keyframe-interval', false);
    }
    this.#keyframe = timestamp;
    this.#isOverdue = false;
  }

  #handleB(timestamp: number): void {
    this.#lastB = timestamp;
    this.#withoutB = 0;
    this.#bPictures += 1;
    if (this.#bPictures >= MIN_B_PICTURES) this.#set('b-frames', true);
  }

  #set(fault: FeedFault, isThere: boolean): void {
    if (this.#faults.has(fault) === isThere) return;
    if (isThere) this.#faults.add(fault);
    else this.#faults.delete(fault);
    this.#onFault(fault, isThere);
  }
}

/** Timestamps wrap around; a step back is none ahead. */
const toMs = (ticks: number) => (ticks | 0) / TICKS_PER_MS;

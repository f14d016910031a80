import type { MaskRegion } from '#contract/nation.ts';

/**
 * What can be told of a picture from a small grey one: luma of 160 × 90 points (BT.601/709 limited range, black is 16),
 * each the mean of what it stands for. Where the numbers come from: `docs/decisions/0016-stills-from-keyframes.md`.
 */
export const GREY_WIDTH = 160;
export const GREY_HEIGHT = 90;
export const GREY_BYTES = GREY_WIDTH * GREY_HEIGHT;

/** ffmpeg's blackframe: a point is black up to this luma, and a picture when this share of its points is. */
const BLACK_LUMA = 32;
const BLACK_SHARE = 0.97;

/**
 * Steps between neighbouring blocks that count as detail. Grain of a sensor and the slow shades of a cloth or a hand in
 * front of the lens are below it; edges of walls and doors are above it even in a dim room.
 */
const DETAIL_STEP = 8;
/** Rooms have 12 % of their blocks at such edges, 4 % when lit to a third; a covered lens has fewer than 1 %. */
const COVERED_SHARE = 0.015;
/** Privacy masks are black up to this luma, and have edges of their own, which are no detail. */
const MASK_LUMA = 20;
/** Where more of the picture than this is black, it is a dark room and no mask, unless the mask is known. */
const MOST_MASKED = 0.15;
/** Where known masks leave less of the picture than this, nothing can be told of it. */
const LEAST_SEEN = 0.05;
/** Cameras write names and clocks at the upper and lower edge, also when they see nothing: that part of the height. */
const LETTERING_SHARE = 0.15;

/** A clock's digit changes a point by more than this; compression of one picture at two qualities does not. */
const CHANGED_LUMA = 12;
/** Grain changes the whole picture a little. A picture that is compressed twice differs by half a level on average. */
const SAME_MEAN = 0.55;

/** Nothing, or nearly nothing, is bright enough to be seen, beside what is known to be masked. */
export function isBlack(grey: Uint8Array, masks: readonly MaskRegion[] = []): boolean {
  const hidden = toHidden(masks, { width: GREY_WIDTH, height: GREY_HEIGHT });
  let black = 0;
  let seen = 0;
  for (const [at, luma] of grey.entries()) {
    if (hidden[at]) continue;
    seen++;
    if (luma <= BLACK_LUMA) black++;
  }
  return seen >= LEAST_SEEN * grey.length && black >= BLACK_SHARE * seen;
}

/**
 * There is light, and nothing to be seen in it, beside what is known to be masked: something is in front of the lens, or
 * painted on it.
 */
export function isCovered(grey: Uint8Array, masks: readonly MaskRegion[] = []): boolean {
  if (isBlack(grey, masks)) return false;
  const blocks = toBlocks(grey);
  const { luma, width, height } = blocks;
  const hidden = toHidden(masks, blocks);
  const masked = findMasks(blocks, hidden);
  const from = Math.round(height * LETTERING_SHARE);
  const to = height - from - 1;
  let edges = 0;
  let count = 0;
  for (let y = from; y < to; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const at = y * width + x;
      if (hidden[at]) continue;
      const stepTo = (other: number) =>
        masked[at] || masked[other] ? 0 : Math.abs((luma[at] ?? 0) - (luma[other] ?? 0));
      if (Math.max(stepTo(at + 1), stepTo(at + width)) > DETAIL_STEP) edges++;
      count++;
    }
  }
  return count >= LEAST_SEEN * luma.length && edges < COVERED_SHARE * count;
}

/**
 * Whether two pictures are one and the same, compressed twice at most. Two pictures of a living camera differ by its
 * grain all over, or by its clock in one place, even where nothing moves. A cell that is quite still, without a clock,
 * seen by a camera that filters all grain away, cannot be told from a frozen picture.
 */
export function isSamePicture(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let sum = 0;
  for (let at = 0; at < a.length; at++) {
    const change = Math.abs((a[at] ?? 0) - (b[at] ?? 0));
    if (change > CHANGED_LUMA) return false;
    sum += change;
  }
  return sum <= SAME_MEAN * a.length;
}

interface Blocks {
  luma: Float32Array;
  width: number;
  height: number;
}

/** Means of 2 × 2 points. */
function toBlocks(grey: Uint8Array): Blocks {
  const width = GREY_WIDTH >> 1;
  const height = GREY_HEIGHT >> 1;
  const luma = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * y * GREY_WIDTH + 2 * x;
      const below = at + GREY_WIDTH;
      luma[y * width + x] =
        ((grey[at] ?? 0) + (grey[at + 1] ?? 0) + (grey[below] ?? 0) + (grey[below + 1] ?? 0)) / 4;
    }
  }
  return { luma, width, height };
}

/** Points or blocks that are masked, or lie at the edge of a mask, in a grid of this size. */
function toHidden(
  masks: readonly MaskRegion[],
  { width, height }: { width: number; height: number },
): Uint8Array {
  const hidden = new Uint8Array(width * height);
  for (const mask of masks) {
    const left = Math.max(0, Math.floor(mask.x * width) - 1);
    const right = Math.min(width, Math.ceil((mask.x + mask.width) * width) + 1);
    const bottom = Math.min(height, Math.ceil((mask.y + mask.height) * height) + 1);
    for (let y = Math.max(0, Math.floor(mask.y * height) - 1); y < bottom; y++)
      hidden.fill(1, y * width + left, y * width + right);
  }
  return hidden;
}

/**
 * Blocks at which edges do not count: those that are known to be hidden, black ones and those around them, unless all
 * the rest of the picture is that dark.
 */
function findMasks({ luma, width }: Blocks, hidden: Uint8Array): Uint8Array {
  const masked = hidden.slice();
  let dark = 0;
  let seen = 0;
  for (const [at, value] of luma.entries()) {
    if (hidden[at]) continue;
    seen++;
    if (value > MASK_LUMA) continue;
    dark++;
    for (const row of [-width, 0, width])
      masked.fill(1, Math.max(0, at + row - 1), Math.max(0, at + row + 2));
  }
  return dark <= MOST_MASKED * seen ? masked : hidden;
}

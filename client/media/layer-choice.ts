import type { Layer } from '#contract/nation.ts';

/** Device pixels of picture width above which the low layer would look soft. */
const HIGH_FROM_PX = 480;
/** Part of the threshold that a tile has to go beyond before its layer changes back. */
const HYSTERESIS = 0.1;

/** The layer for a tile's picture: its width in CSS pixels, the screen's pixel ratio, and the layer so far. */
export function chooseLayer(widthPx: number, pixelRatio: number, before: Layer | undefined): Layer {
  const width = widthPx * pixelRatio;
  if (before === undefined) return width > HIGH_FROM_PX ? 'high' : 'low';
  if (before === 'high') return width < HIGH_FROM_PX * (1 - HYSTERESIS) ? 'low' : 'high';
  return width > HIGH_FROM_PX * (1 + HYSTERESIS) ? 'high' : 'low';
}

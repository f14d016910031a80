import type { Layer } from '#contract/nation.ts';
import type { SliceSight } from './b-slices.ts';

/** Slices of B-frames that are proof: one alone may be a damaged packet. */
const PROOF_SLICES = 3;
/** A layer has been looked at after this many slices. Encoders that use B-frames at all use one in every two or three pictures. */
const ENOUGH_SLICES = 45;

/** What one look at a feed has seen so far, layer by layer. */
export class SliceTally {
  readonly #seen = new Map<Layer, { slices: number; bSlices: number }>();

  see(layer: Layer, sight: SliceSight): void {
    if (sight === 'none') return;
    const { slices, bSlices } = this.#seen.get(layer) ?? { slices: 0, bSlices: 0 };
    this.#seen.set(layer, { slices: slices + 1, bSlices: bSlices + (sight === 'b-slice' ? 1 : 0) });
  }

  /** Layers of which anything has been seen. */
  get layers(): Layer[] {
    return [...this.#seen.keys()];
  }

  get hasBFrames(): boolean {
    return [...this.#seen.values()].some(({ bSlices }) => bSlices >= PROOF_SLICES);
  }

  /** Whether going on would tell no more of these layers. */
  isEnoughOf(layers: readonly Layer[]): boolean {
    return this.hasBFrames || layers.every((layer) => (this.#seen.get(layer)?.slices ?? 0) >= ENOUGH_SLICES);
  }
}

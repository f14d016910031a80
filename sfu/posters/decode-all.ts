import type { BatchResult, Decoded } from './decode-batch.ts';
import type { Keyframe } from './keyframe.ts';

/** Keyframes of small pictures that one ffmpeg decodes: some 0.2 s, 170 MB for that time, 150 pipes. */
const MAX_WEIGHT = 48;
/** A keyframe of a small picture has some 5 KB; a large picture takes more memory, and has a larger keyframe. */
const BYTES_OF_WEIGHT = 16_000;
/** Times that ffmpeg is started at most for keyframes that came together. What is left then is taken anew anyway. */
const MAX_RUNS = 12;

export type DecodeSome = (keyframes: readonly Keyframe[]) => Promise<BatchResult>;

/**
 * Decodes any number of keyframes, in as few batches as can be. There are inputs over which ffmpeg gives up altogether:
 * then what is missing is tried again in halves, until the bad one is alone. Results are at the places of their
 * keyframes.
 */
export async function decodeAll(
  keyframes: readonly Keyframe[],
  decode: DecodeSome,
): Promise<(Decoded | undefined)[]> {
  const results: (Decoded | undefined)[] = keyframes.map(() => undefined);
  const waiting = toBatches(keyframes);
  for (let run = 0; run < MAX_RUNS; run++) {
    const places = waiting.shift();
    if (!places) break;
    const { decoded, finished } = await decode(places.flatMap((place) => keyframes[place] ?? []));
    const missing: number[] = [];
    for (const [index, place] of places.entries()) {
      const one = decoded[index];
      if (one) results[place] = one;
      else missing.push(place);
    }
    // Alone, or in a batch that went through to its end: it cannot be decoded.
    if (finished || places.length === 1) continue;
    const middle = Math.ceil(missing.length / 2);
    waiting.push(...[missing.slice(0, middle), missing.slice(middle)].filter((half) => half.length > 0));
  }
  return results;
}

/** Places of keyframes, in batches of a bounded weight. */
function toBatches(keyframes: readonly Keyframe[]): number[][] {
  const batches: number[][] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const [place, { bytes }] of keyframes.entries()) {
    const own = Math.ceil(bytes.length / BYTES_OF_WEIGHT);
    if (weight + own > MAX_WEIGHT) {
      batches.push([]);
      weight = 0;
    }
    batches.at(-1)?.push(place);
    weight += own;
  }
  return batches;
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAll } from './decode-all.ts';
import type { Keyframe } from './keyframe.ts';

type Nature = 'good' | 'damaged' | 'poison';

const keyframe = (nature: Nature, index: number, size = 100): Keyframe => ({
  format: 'h264',
  bytes: Buffer.alloc(size, `${nature} ${index}.`),
});
const natureOf = ({ bytes }: Keyframe) => bytes.toString().split(' ', 1)[0] as Nature;

/** Decodes as ffmpeg does: a damaged one gives nothing, at poison it gives up, having decoded what comes before. */
function createDecoder() {
  const batches: number[] = [];
  const decode = async (keyframes: readonly Keyframe[]) => {
    batches.push(keyframes.length);
    const poison = keyframes.findIndex((it) => natureOf(it) === 'poison');
    const reach = poison === -1 ? keyframes.length : poison;
    return {
      finished: poison === -1,
      decoded: keyframes.map((it, index) =>
        index < reach && natureOf(it) === 'good' ? { jpeg: it.bytes, grey: it.bytes } : undefined,
      ),
    };
  };
  return { decode, batches };
}

const anyNature = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Nature>('good') },
  { weight: 1, arbitrary: fc.constant<Nature>('damaged') },
);

test('every good one is decoded, at its own place, whatever is damaged, with one poison anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyNature, { minLength: 1, maxLength: 60 }), fc.nat(), async (natures, at) => {
      natures[at % natures.length] = 'poison';
      const keyframes = natures.map((nature, index) => keyframe(nature, index));
      const { decode, batches } = createDecoder();
      const results = await decodeAll(keyframes, decode);
      expect(results.map((it) => it?.jpeg.toString())).toEqual(
        keyframes.map((it) => (natureOf(it) === 'good' ? it.bytes.toString() : undefined)),
      );
      expect(batches.length).toBeLessThanOrEqual(12);
    }),
  );
});

test('with poison everywhere it gives up after some runs, and never puts one at another’s place', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Nature>('good', 'damaged', 'poison'), { maxLength: 80 }),
      async (natures) => {
        const keyframes = natures.map((nature, index) => keyframe(nature, index));
        const { decode, batches } = createDecoder();
        for (const [place, it] of (await decodeAll(keyframes, decode)).entries())
          if (it) expect(it.jpeg).toBe(keyframes[place]?.bytes);
        expect(batches.length).toBeLessThanOrEqual(12);
      },
    ),
  );
});

test('large pictures come in smaller batches', async () => {
  const { decode, batches } = createDecoder();
  await decodeAll(
    Array.from({ length: 64 }, (_, index) => keyframe('good', index)),
    decode,
  );
  expect(batches).toEqual([48, 16]);
  batches.length = 0;
  await decodeAll(
    Array.from({ length: 16 }, (_, index) => keyframe('good', index, 120_000)),
    decode,
  );
  expect(batches).toEqual([6, 6, 4]);
});

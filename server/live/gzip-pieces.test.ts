import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinGzip, joinText, toGzipPiece } from './gzip-pieces.ts';

test('pieces that were compressed apart are one gzip stream, in any order and as often as one likes', async () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('Камера '.repeat(10_000)));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 6 }), fc.boolean(), async (texts, twice) => {
      const made = texts.map(toGzipPiece);
      const pieces = twice ? [...made, ...made.toReversed()] : made;
      const whole = joinText(pieces);
      expect(gunzipSync(await joinGzip(pieces)).equals(whole)).toBe(true);
      if (!twice) expect(whole.equals(Buffer.from(texts.join('')))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

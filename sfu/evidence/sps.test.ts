import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeSps } from './sps.ts';

/** As libx264 writes them. */
const SETS = [
  ['6742c00cda05067e7c0440000003004000000783c50aa8', 320, 180, 'avc1.42c00c'],
  ['6742c016da0280bfe5c044000003000400000300783c58ba80', 640, 360, 'avc1.42c016'],
  ['6742c028da01e0089f970110000003001000000301e0f1832a', 1920, 1080, 'avc1.42c028'],
  ['6742c01eda0360f79bc044000003000400000300783c58ba80', 854, 480, 'avc1.42c01e'],
  // 4:2:2 and interlaced.
  ['677a0028bce805a044fcb8088000000300800000190f8b1750', 1440, 1080, 'avc1.7a0028'],
] as const;

test.each(SETS)('%s is of %d × %d', (hex, width, height, codecString) => {
  expect(describeSps(Buffer.from(hex, 'hex'))).toEqual({ width, height, codecString });
});

test('what is cut off or no parameter set at all is told as such, and never throws', () => {
  const [[whole]] = SETS;
  expect(describeSps(Buffer.from(whole, 'hex').subarray(0, 8))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const found = describeSps(bytes);
      expect(found === undefined || (found.width > 0 && found.height > 0)).toBe(true);
    }),
  );
});

test('of a size that no picture has it is none', () => {
  const golomb = (value: number) => {
    const bits = (value + 1).toString(2);
    return '0'.repeat(bits.length - 1) + bits;
  };
  // Baseline; the order of pictures is that of decoding; so many macroblocks in a row and in a column.
  const ofSize = (columns: number, rows: number) => {
    const numbers = [0, 0, 2, 1].map(golomb).join('');
    const bits = `${numbers}0${golomb(columns - 1)}${golomb(rows - 1)}11001`;
    const bytes = bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)) ?? [];
    return describeSps(Uint8Array.from([0x67, 0x42, 0xc0, 0x0c, ...bytes]));
  };
  expect(ofSize(20, 12)).toMatchObject({ width: 320, height: 192 });
  expect(ofSize(1_024, 1)).toMatchObject({ width: 16_384, height: 16 });
  expect(ofSize(1_025, 1)).toBeUndefined();
  expect(ofSize(1, 1_000_000)).toBeUndefined();
});

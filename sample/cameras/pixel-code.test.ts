import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawCode, type PixelCode, type PixelImage, readCode } from './pixel-code.ts';

const anyCode = fc.record({
  areaIndex: fc.integer({ min: 0, max: 0xffff }),
  frame: fc.integer({ min: 0, max: 0xff }),
});

function draw(code: PixelCode, width: number, height: number) {
  const plane = { data: new Uint8Array(width * height).fill(60), width, height };
  drawCode(plane, code);
  return plane;
}

function toRgba({ data, width, height }: { data: Uint8Array; width: number; height: number }): PixelImage {
  const rgba = new Uint8ClampedArray(data.length * 4);
  for (const [pixel, luma] of data.entries()) rgba.set([luma, luma, luma, 255], pixel * 4);
  return { data: rgba, width, height, channels: 4 };
}

test.each([
  [320, 180],
  [640, 360],
  [1280, 720],
])('what is drawn at %i × %i is read back', (width, height) => {
  fc.assert(
    fc.property(anyCode, (code) => {
      expect(readCode({ ...draw(code, width, height), channels: 1 })).toEqual(code);
    }),
    { numRuns: 50 },
  );
});

test('it is read from RGBA, as a canvas gives it', () => {
  const code = { areaIndex: 675, frame: 119 };
  expect(readCode(toRgba(draw(code, 320, 180)))).toEqual(code);
});

test('it survives noise and a narrowed range', () => {
  fc.assert(
    fc.property(anyCode, fc.infiniteStream(fc.integer({ min: -20, max: 20 })), (code, noise) => {
      const plane = draw(code, 320, 180);
      for (const [pixel, luma] of plane.data.entries()) {
        plane.data[pixel] = luma * 0.8 + 20 + (noise.next().value ?? 0);
      }
      expect(readCode({ ...plane, channels: 1 })).toEqual(code);
    }),
    { numRuns: 10 },
  );
});

test('one wrong block is noticed', () => {
  fc.assert(
    fc.property(anyCode, fc.integer({ min: 0, max: 31 }), (code, index) => {
      const plane = draw(code, 320, 180);
      const x = 8 + (index % 16) * 4;
      const y = 168 + Math.floor(index / 16) * 4;
      for (let row = y; row < y + 4; row++) {
        const start = row * 320 + x;
        const flipped = (plane.data[start] ?? 0) > 80 ? 24 : 150;
        plane.data.fill(flipped, start, start + 4);
      }
      expect(readCode({ ...plane, channels: 1 })).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['a plain picture', 320, 180, 60],
  ['a picture too small to hold one', 16, 9, 60],
  ['an empty picture', 0, 0, 0],
])('%s holds no code', (_, width, height, luma) => {
  const data = new Uint8Array(width * height).fill(luma);
  expect(readCode({ data, width, height, channels: 1 })).toBeUndefined();
});

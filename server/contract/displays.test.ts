import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capMinutesOf, readMinutesOf, type Show, scaleOf, standingShow } from './displays.ts';

const UHD = { width: 3840, height: 2160 };
const HD = { width: 1920, height: 1080 };

/**
 * Height of capitals of text of 16 px at scale 1, as the eye sees it from straight in front; by the angle itself. That a tile
 * has no smaller text, and its letters are so high, is measured in `client/display/distance.test.tsx`.
 */
function arcMinutes(
  { diagonalInches, distanceM }: { diagonalInches: number; distanceM: number },
  page: typeof UHD,
): number {
  const heightPx = 16 * 0.7275 * scaleOf({ diagonalInches, distanceM }, page);
  const heightMm = (heightPx * diagonalInches * 25.4) / Math.hypot(page.width, page.height);
  return 2 * Math.atan(heightMm / 2 / (distanceM * 1000)) * (180 / Math.PI) * 60;
}

describe('capitals of what must be read', () => {
  test.each([
    ['55″ in 4K at 5 m', 55, 5, UHD],
    ['85″ in 4K at 5 m', 85, 5, UHD],
    ['43″ in 4K at 5 m', 43, 5, UHD],
    ['55″ in 4K at 4 m', 55, 4, UHD],
    ['55″ in HD at 5 m', 55, 5, HD],
  ])('is 16 arc minutes high on %s', (_, diagonalInches, distanceM, page) => {
    expect(arcMinutes({ diagonalInches, distanceM }, page)).toBeCloseTo(16, 1);
  });

  test('takes a scale of 6.3 on 55″ in 4K at 5 m', () => {
    expect(scaleOf({ diagonalInches: 55, distanceM: 5 }, UHD)).toBeCloseTo(6.305, 2);
  });

  test('are lower than the font’s size says: 23 mm of that on 55″ in 4K at 5 m are not 16 arc minutes', () => {
    const px = (23.3 * Math.hypot(UHD.width, UHD.height)) / (55 * 25.4);
    expect(capMinutesOf(px, { diagonalInches: 55, distanceM: 5 }, UHD)).toBeCloseTo(11.65, 1);
  });

  test('is never less than 16 arc minutes without being said to be', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 5, max: 500, noNaN: true }),
        fc.double({ min: 0.3, max: 50, noNaN: true }),
        fc.constantFrom(UHD, HD, { width: 2560, height: 1440 }, { width: 2160, height: 3840 }),
        (diagonalInches, distanceM, page) => {
          const reading = { diagonalInches, distanceM };
          const seen = arcMinutes(reading, page);
          const said = readMinutesOf(reading, page);
          expect(Math.abs(seen - said) / said).toBeLessThan(0.001);
          if (said >= 16 - 1e-3) expect(seen).toBeGreaterThan(15.98);
          // There is always room for as much as a phone shows.
          expect(page.width / scaleOf(reading, page)).toBeGreaterThan(399.9);
        },
      ),
    );
  });

  test('is too small on a desk’s monitor across a room', () => {
    expect(readMinutesOf({ diagonalInches: 24, distanceM: 5 }, HD)).toBeLessThan(11);
  });
});

test('what is taken away later stands until then, to the millisecond', () => {
  const endsAt = '2026-11-22T12:00:00.000Z';
  const show = { endsAt } as Show;
  expect(standingShow(show, Date.parse(endsAt) - 1)).toBe(show);
  expect(standingShow(show, Date.parse(endsAt))).toBeNull();
  const stays: Partial<Show> = {};
  expect(standingShow(stays as Show, Date.parse(endsAt))).toBe(stays);
});

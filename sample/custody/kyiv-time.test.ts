import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kyivOffsetMs, nextKyivTime } from './kyiv-time.ts';

const HOUR_MS = 3_600_000;
const wallClock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Kyiv', timeStyle: 'medium' });
const anyInstant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2036, 0, 1) });

function clockMs(atMs: number): number {
  const [hours = 0, minutes = 0, seconds = 0] = wallClock.format(atMs).split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

test('the clock is that of Europe/Kyiv, in summer and in winter', () => {
  fc.assert(
    fc.property(anyInstant, (atMs) => {
      const wholeSecondMs = Math.floor(atMs / 1000) * 1000;
      expect((wholeSecondMs + kyivOffsetMs(wholeSecondMs)) % (24 * HOUR_MS)).toBe(clockMs(wholeSecondMs));
    }),
    { numRuns: 500 },
  );
});

test('the next time of day comes within a day, and is that time', () => {
  fc.assert(
    fc.property(anyInstant, fc.integer({ min: 6, max: 22 }), (atMs, hour) => {
      const next = nextKyivTime(atMs, hour * HOUR_MS);
      expect(clockMs(next)).toBe(hour * HOUR_MS);
      expect(next - atMs).toBeGreaterThanOrEqual(0);
      expect(next - atMs).toBeLessThanOrEqual(25 * HOUR_MS);
    }),
    { numRuns: 300 },
  );
});

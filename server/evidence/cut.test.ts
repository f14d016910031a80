import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLOCK_MARGIN_MS, cutOf } from './cut.ts';

const T0 = Date.parse('2026-11-22T14:05:00.000Z');
const SPAN = { fromMs: T0, toMs: T0 + 25_000 };
const OPEN = { isClosed: false, status: { confidentialSince: null }, history: { confidential: [] } };

test('a clip of an area that was open all the time stays whole', () => {
  expect(cutOf(SPAN, OPEN)).toBeUndefined();
  expect(cutOf(SPAN, { ...OPEN, status: undefined, history: undefined })).toBeUndefined();
});

test('a gate cuts it before its beginning, by the margin of the clocks', () => {
  const since = new Date(T0 + 12_000).toISOString();
  expect(cutOf(SPAN, { ...OPEN, isClosed: true, status: { confidentialSince: since } })).toBe(
    T0 + 12_000 - CLOCK_MARGIN_MS,
  );
});

test('a gate that begins after it leaves it whole', () => {
  const since = new Date(SPAN.toMs + CLOCK_MARGIN_MS + 1).toISOString();
  expect(cutOf(SPAN, { ...OPEN, isClosed: true, status: { confidentialSince: since } })).toBeUndefined();
});

test('an area that is closed since nobody knows when leaves nothing', () => {
  const cut = cutOf(SPAN, { ...OPEN, isClosed: true }) ?? Infinity;
  expect(cut).toBeLessThanOrEqual(SPAN.fromMs);
});

test('what is left has nothing of any time in which the record says that nobody might see it', () => {
  const instant = fc.integer({ min: T0 - 40_000, max: T0 + 60_000 });
  const visit = fc
    .tuple(instant, fc.option(fc.integer({ min: 0, max: 20_000 })))
    .map(([since, forMs]): [number, number | null] => [since, forMs === null ? null : since + forMs]);
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 5 }), (confidential) => {
      const cut = cutOf(SPAN, { ...OPEN, history: { confidential } }) ?? SPAN.toMs + 1;
      for (const [since, until] of confidential) {
        const isOutside = since >= cut || (until !== null && until < SPAN.fromMs);
        const leavesNothing = cut <= SPAN.fromMs;
        expect(isOutside || leavesNothing).toBe(true);
      }
    }),
  );
});

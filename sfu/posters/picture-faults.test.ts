import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GREY_BYTES, GREY_WIDTH } from './luma.ts';
import {
  addSample,
  CLEAR_SAMPLES,
  NO_HISTORY,
  type PictureHistory,
  RAISE_SAMPLES,
} from './picture-faults.ts';

const EVERY_MS = 10_000;
const spanMs = 2 * EVERY_MS;

const stripes = (shift: number) =>
  Uint8Array.from({ length: GREY_BYTES }, (_, at) => (((at % GREY_WIDTH) + shift) % 16 < 8 ? 60 : 120));
const PICTURES = {
  black: new Uint8Array(GREY_BYTES).fill(16),
  covered: new Uint8Array(GREY_BYTES).fill(128),
  /** Stands still. */
  frozen: stripes(0),
} as const;
type Shown = keyof typeof PICTURES | 'good';
let moving = 0;
/** A good picture is another one each time. */
const picture = (shown: Shown) => (shown === 'good' ? stripes(1 + (moving++ % 15)) : PICTURES[shown]);

function watch(shown: readonly Shown[], everyMs = EVERY_MS): PictureHistory[] {
  const histories: PictureHistory[] = [];
  for (const [index, one] of shown.entries()) {
    const before = histories.at(-1) ?? NO_HISTORY;
    histories.push(addSample(before, { grey: picture(one), at: index * everyMs }, { spanMs }));
  }
  return histories;
}
const reported = (shown: readonly Shown[], everyMs?: number) => [
  ...(watch(shown, everyMs).at(-1) ?? NO_HISTORY).faults,
];

describe.each(['black', 'covered', 'frozen'] as const)('%s', (fault) => {
  test('is raised by the third sample in a row, not earlier', () => {
    expect(reported([fault, fault])).toEqual([]);
    expect(reported([fault, fault, fault])).toEqual([fault]);
    expect(reported(['good', fault, fault, 'good', fault, fault])).toEqual([]);
  });

  test('is not raised by any number of samples within less than the span', () => {
    expect(reported(Array(15).fill(fault), 1_000)).toEqual([]);
    expect(reported(Array(25).fill(fault), 1_000)).toEqual([fault]);
  });

  test('goes by itself after two good samples, not after one', () => {
    expect(reported([fault, fault, fault, 'good'])).toEqual([fault]);
    // The picture that had frozen, seen again, is another one that might freeze.
    if (fault !== 'frozen') expect(reported([fault, fault, fault, 'good', fault, 'good'])).toEqual([fault]);
    expect(reported([fault, fault, fault, 'good', 'good'])).toEqual([]);
  });

  test('that turns into another one is replaced by it', () => {
    const other = fault === 'black' ? 'covered' : 'black';
    expect(reported([fault, fault, fault, other, other, other])).toEqual([other]);
  });
});

const anyShown = fc.constantFrom<Shown>('good', 'good', 'black', 'covered', 'frozen');

test('whatever comes: a fault that is raised was shown three times in a row, one that is not was missing for a while', () => {
  fc.assert(
    fc.property(fc.array(anyShown, { maxLength: 40 }), (shown) => {
      let before: PictureHistory = NO_HISTORY;
      for (const [index, history] of watch(shown).entries()) {
        const recent = shown.slice(0, index + 1);
        for (const fault of history.faults) {
          if (before.faults.has(fault)) continue;
          expect(recent.slice(-RAISE_SAMPLES).every((one) => one === fault)).toBe(true);
        }
        for (const fault of before.faults) {
          if (history.faults.has(fault)) continue;
          const last = recent.slice(-CLEAR_SAMPLES).map((one) => one === fault);
          expect(fault === 'frozen' ? last.every(Boolean) : last.some(Boolean)).toBe(false);
        }
        before = history;
      }
    }),
  );
});

test('a moving picture never has a fault, however long it is watched', () => {
  expect(watch(Array(200).fill('good')).every(({ faults }) => faults.size === 0)).toBe(true);
});

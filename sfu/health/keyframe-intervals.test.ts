import { describe, expect, test } from 'vitest';
import { KeyframeIntervals } from './keyframe-intervals.ts';

/** Keyframes at these seconds; a request at others. */
function follow(keyframes: readonly number[], requests: readonly number[] = []): KeyframeIntervals {
  const intervals = new KeyframeIntervals();
  const events = [
    ...keyframes.map((at) => ({ at, isRequest: false })),
    ...requests.map((at) => ({ at, isRequest: true })),
  ];
  for (const { at, isRequest } of events.toSorted((a, b) => a.at - b.at)) {
    if (isRequest) intervals.handleRequest(at * 1000);
    // The sender's clock begins anywhere and wraps.
    else intervals.handleKeyframe((0xffff_0000 + at * 90_000) >>> 0, at * 1000 + 30);
  }
  return intervals;
}
const every = (seconds: number, count: number) => Array.from({ length: count }, (_, n) => n * seconds);

test('the interval is that of the sender’s clock, also around its end', () => {
  const intervals = follow([0, 2]);
  expect(intervals.intervalMs).toBe(2_000);
  expect(intervals.lastAt).toBe(2_030);
});

test('several packets of one keyframe are one', () => {
  const intervals = new KeyframeIntervals();
  for (const timestamp of [0, 0, 0, 180_000, 180_000]) intervals.handleKeyframe(timestamp, 5);
  expect(intervals.intervalMs).toBe(2_000);
});

describe('too long', () => {
  test('are three intervals in a row of more than four seconds', () => {
    expect(follow(every(8, 3)).isTooLong).toBe(false);
    expect(follow(every(8, 4)).isTooLong).toBe(true);
    expect(follow(every(4, 20)).isTooLong).toBe(false);
    expect(follow([0, 8, 16, 18, 26, 34]).isTooLong).toBe(false);
  });

  test('is over after three that are not', () => {
    expect(follow([0, 8, 16, 24, 26, 28]).isTooLong).toBe(true);
    expect(follow([0, 8, 16, 24, 26, 28, 30]).isTooLong).toBe(false);
  });

  test('are none of an encoder that sends one only when it is asked', () => {
    expect(
      follow(
        every(10, 10),
        every(10, 10).map((at) => at - 0.4),
      ).isTooLong,
    ).toBe(false);
  });

  test('are those of a camera that does not care for being asked', () => {
    expect(
      follow(
        every(8, 10),
        every(10, 8).map((at) => at + 3),
      ).isTooLong,
    ).toBe(true);
  });

  test('is one that was asked for and does not come', () => {
    const intervals = follow([0, 2]);
    intervals.handleRequest(4_000);
    intervals.look(7_500);
    expect(intervals.isTooLong).toBe(false);
    intervals.look(7_531);
    expect(intervals.isTooLong).toBe(true);
    // The encoder has come to its senses.
    intervals.handleRequest(8_000);
    intervals.handleKeyframe((0xffff_0000 + 10 * 90_000) >>> 0, 10_030);
    expect(intervals.isTooLong).toBe(true);
    intervals.handleKeyframe((0xffff_0000 + 12 * 90_000) >>> 0, 12_030);
    expect(intervals.isTooLong).toBe(false);
  });

  test('are those of which nobody was told that they were over', () => {
    expect(follow([0], every(1, 600)).isTooLong).toBe(true);
    expect(follow(every(150, 4)).isTooLong).toBe(true);
  });

  test('are none before somebody has asked, nor when the sender’s clock jumps', () => {
    const intervals = follow([0, 2]);
    intervals.look(600_000);
    expect(intervals.isTooLong).toBe(false);
    for (let n = 1; n <= 4; n += 1) intervals.handleKeyframe((n * 1_000_000_000) >>> 0, 600_000 + n * 2_000);
    expect(intervals.isTooLong).toBe(false);
  });
});

test('a stream that begins again is given time', () => {
  const intervals = follow([0, 2]);
  intervals.interrupt();
  intervals.handleRequest(60_000);
  intervals.look(65_000);
  expect(intervals.isTooLong).toBe(false);
  intervals.look(66_000);
  expect(intervals.isTooLong).toBe(true);
});

test('an interruption is no interval', () => {
  const intervals = follow([0, 2]);
  intervals.interrupt();
  intervals.handleKeyframe(90_000 * 60, 60_000);
  expect(intervals.intervalMs).toBeUndefined();
});

import { describe, expect, test } from 'vitest';
import { KeyframeIntervals } from './keyframe-intervals.ts';

/** Keyframes at these seconds, and requests at others; without any, of a sender that takes none. */
function follow(keyframes: readonly number[], requests?: readonly number[]): KeyframeIntervals {
  const intervals = new KeyframeIntervals({ takesRequests: requests !== undefined });
  const events = [
    ...keyframes.map((at) => ({ at, isRequest: false })),
    ...(requests ?? []).map((at) => ({ at, isRequest: true })),
  ];
  for (const { at, isRequest } of events.toSorted((a, b) => a.at - b.at)) {
    if (isRequest) intervals.handleRequest(at * 1000);
    // The sender's clock begins anywhere and wraps.
    else intervals.handleKeyframe((0xffff_0000 + at * 90_000) >>> 0, at * 1000 + 30);
  }
  return intervals;
}
const every = (seconds: number, count: number) => Array.from({ length: count }, (_, n) => n * seconds);

/** Keyframes of an encoder that sends one in its time, counted from the last one, and 0.3 s after each request. */
function answering(gop: number, requests: readonly number[], end: number): number[] {
  const keyframes = [0];
  const open = [...requests];
  for (let last = 0; last < end; last = keyframes.at(-1) ?? end) {
    const asked = open[0] !== undefined && open[0] + 0.3 < last + gop + 0.01 ? open.shift() : undefined;
    keyframes.push(asked === undefined ? last + gop : asked + 0.3);
  }
  return keyframes;
}

test('the interval is that of the sender’s clock, also around its end', () => {
  const intervals = follow([0, 2], []);
  expect(intervals.intervalMs).toBe(2_000);
  expect(intervals.lastAt).toBe(2_030);
});

test('several packets of one keyframe are one', () => {
  const intervals = new KeyframeIntervals({ takesRequests: true });
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

  test('are none of an encoder that answers, however long nobody has asked', () => {
    expect(follow(every(10, 60), []).isTooLong).toBe(false);
    const looks = every(60, 10).map((at) => at + 47);
    expect(follow(answering(10, looks, 600), looks).isTooLong).toBe(false);
    const stills = every(10, 60).map((at) => at + 2);
    expect(follow(answering(5, stills, 600), stills).isTooLong).toBe(false);
  });

  test('are those of an encoder that answers no more, and over when it does again', () => {
    const looks = every(60, 5).map((at) => at + 47);
    const answered = answering(10, looks, 300);
    const last = answered.at(-1) ?? 0;
    const ignored = every(10, 6).map((at) => last + 10 + at);
    const inVain = ignored.map((at) => at - 3);
    expect(follow([...answered, ...ignored], [...looks, ...inVain]).isTooLong).toBe(true);
    const end = ignored.at(-1) ?? 0;
    const later = [4, 8.5, 13].map((at) => end + at);
    const again = later.map((at) => at + 0.3);
    const all = follow([...answered, ...ignored, ...again], [...looks, ...inVain, ...later]);
    expect(all.isTooLong).toBe(false);
  });

  test('are those of a camera whose keyframes happen to come soon after the requests', () => {
    const inPhase = every(10, 4).map((at) => at - 0.5);
    expect(follow(every(5, 7), inPhase).isTooLong).toBe(false);
    expect(follow(every(5, 8), inPhase).isTooLong).toBe(true);
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
    const intervals = follow([0, 2], []);
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
    const intervals = follow([0, 2], []);
    intervals.look(600_000);
    expect(intervals.isTooLong).toBe(false);
    for (let n = 1; n <= 4; n += 1) intervals.handleKeyframe((n * 1_000_000_000) >>> 0, 600_000 + n * 2_000);
    expect(intervals.isTooLong).toBe(false);
  });
});

test('a stream that begins again is given time', () => {
  const intervals = follow([0, 2], []);
  intervals.interrupt();
  intervals.handleRequest(60_000);
  intervals.look(65_000);
  expect(intervals.isTooLong).toBe(false);
  intervals.look(66_000);
  expect(intervals.isTooLong).toBe(true);
});

test('an interruption is no interval', () => {
  const intervals = follow([0, 2], []);
  intervals.interrupt();
  intervals.handleKeyframe(90_000 * 60, 60_000);
  expect(intervals.intervalMs).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { StreamClock } from './stream-clock.ts';

const START = 1_700_000_000_000;
const ticks = (from: number, to: number) => (to - from) | 0;

describe('StreamClock', () => {
  it('keeps the distances of the camera, across the end of its numbers', () => {
    const clock = new StreamClock(1_000);
    const first = clock.toTimestamp(0xffff_f000, START);
    const second = clock.toTimestamp((0xffff_f000 + 6_000) >>> 0, START + 90);
    expect(ticks(first, second)).toBe(6_000);
    // A picture between two others comes after them.
    expect(ticks(first, clock.toTimestamp((0xffff_f000 + 3_000) >>> 0, START + 130))).toBe(3_000);
  });

  it('gives both layers of a feed the same time', () => {
    const [low, high] = [new StreamClock(77), new StreamClock(77)];
    expect(low.toTimestamp(5, START)).toBe(high.toTimestamp(3_000_000_000, START));
  });

  it('goes on at the right distance when the camera begins anew, is set, or has paused', () => {
    const clock = new StreamClock(0);
    const first = clock.toTimestamp(100, START);
    clock.restart();
    expect(ticks(first, clock.toTimestamp(4_000_000_000, START + 20_000))).toBe(20_000 * 90);
    expect(ticks(first, clock.toTimestamp(1, START + 20_100))).toBe(20_100 * 90);
    expect(ticks(first, clock.toTimestamp(1 + 8_000 * 90, START + 28_100))).toBe(28_100 * 90);
  });

  it('reports the time of the least delayed packets, so that jitter does not move the layers', () => {
    const clock = new StreamClock(0);
    let last = 0;
    for (let frame = 0; frame < 300; frame += 1) {
      const jitterMs = frame % 7 === 3 ? 0 : (frame * 37) % 80;
      last = clock.toTimestamp(frame * 6_000, START + 80 + (frame * 1_000) / 15 + jitterMs);
    }
    const nowMs = START + 80 + (299 * 1_000) / 15;
    const behindMs = ticks(last, clock.timestampAt(nowMs)) / 90;
    expect(Math.abs(behindMs)).toBeLessThan(1);
  });

  it.each([1.0005, 0.9995])('follows a camera whose clock runs at %f', (rate) => {
    const clock = new StreamClock(0);
    let last = 0;
    let nowMs = START;
    for (let frame = 0; frame < 15 * 600; frame += 1) {
      nowMs = START + (frame * 1_000) / 15;
      last = clock.toTimestamp(Math.round(frame * 6_000 * rate) % 0x1_0000_0000, nowMs);
    }
    // 600 s at 500 ppm are 300 ms; two windows of 10 s leave 10 ms of it.
    expect(Math.abs(ticks(last, clock.timestampAt(nowMs)) / 90)).toBeLessThan(12);
  });
});

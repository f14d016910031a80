import { describe, expect, test } from 'vitest';
import { createPacer } from './pacer.ts';

const FPS = 15;
const FRAME_MS = 1000 / FPS;

/** A clock that goes on only when told to, and rings its timers on the way. */
function createClock(startMs = 1_700_000_000_000) {
  let nowMs = startMs;
  let alarm: { atMs: number; ring: () => void } | undefined;
  let wakes = 0;
  return {
    now: () => nowMs,
    setTimeout: (ring: () => void, delayMs: number) => {
      alarm = { atMs: nowMs + delayMs, ring };
      return {} as NodeJS.Timeout;
    },
    clearTimeout: () => {
      alarm = undefined;
    },
    get wakes() {
      return wakes;
    },
    get armed() {
      return alarm !== undefined;
    },
    advance(ms: number): void {
      const untilMs = nowMs + ms;
      while (alarm && alarm.atMs <= untilMs) {
        const { atMs, ring } = alarm;
        alarm = undefined;
        nowMs = Math.max(nowMs, atMs);
        wakes++;
        ring();
      }
      nowMs = untilMs;
    },
    /** The process stands still: nothing rings. */
    freeze(ms: number): void {
      nowMs += ms;
    },
  };
}

function createTestPacer() {
  const clock = createClock();
  const errors: unknown[] = [];
  return { clock, errors, pacer: createPacer(FPS, { onError: (error) => errors.push(error), clock }) };
}

describe('turns', () => {
  test('come once a frame time, exactly spaced', () => {
    const { clock, pacer } = createTestPacer();
    const dues: number[] = [];
    pacer.add((dueMs) => dues.push(dueMs));
    clock.advance(10_000);
    expect(dues.length).toBeGreaterThanOrEqual(149);
    expect(dues.length).toBeLessThanOrEqual(150);
    for (const [index, due] of dues.slice(1).entries()) {
      expect(due - (dues[index] ?? 0)).toBeCloseTo(FRAME_MS, 2);
    }
  });

  test('are spread over the frame time', () => {
    const { clock, pacer } = createTestPacer();
    const atMs: number[] = [];
    for (let camera = 0; camera < 160; camera++) pacer.add((dueMs) => atMs.push(dueMs));
    clock.advance(FRAME_MS + 5);
    const most = Math.max(...[...Map.groupBy(atMs, (ms) => ms).values()].map(({ length }) => length));
    expect(most).toBe(10);
  });

  test('are never early, and at most about a millisecond late', () => {
    const { clock, pacer } = createTestPacer();
    const late: number[] = [];
    for (let camera = 0; camera < 5; camera++) pacer.add((dueMs) => late.push(clock.now() - dueMs));
    clock.advance(3000);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(-0.01);
    expect(Math.max(...late)).toBeLessThan(1.5);
  });

  test('that were missed are not made up for', () => {
    const { clock, pacer } = createTestPacer();
    let turns = 0;
    pacer.add(() => turns++);
    clock.advance(1000);
    turns = 0;
    clock.freeze(2000);
    clock.advance(1);
    expect(turns).toBe(1);
  });

  test('of others go on when one fails', () => {
    const { clock, errors, pacer } = createTestPacer();
    let turns = 0;
    pacer.add(() => {
      throw new Error('broken camera');
    });
    pacer.add(() => turns++);
    clock.advance(1000);
    expect(turns).toBeGreaterThanOrEqual(14);
    expect(errors.length).toBeGreaterThanOrEqual(14);
  });
});

test('who has left has no turn any more, and without anybody nothing runs', () => {
  const { clock, pacer } = createTestPacer();
  let turns = 0;
  const leave = pacer.add(() => turns++);
  clock.advance(500);
  leave();
  leave();
  turns = 0;
  clock.advance(1000);
  expect(turns).toBe(0);
  expect(clock.armed).toBe(false);
  pacer.add(() => turns++);
  clock.advance(1000);
  expect(turns).toBeGreaterThanOrEqual(14);
});

test('one camera wakes the process once a frame', () => {
  const { clock, pacer } = createTestPacer();
  pacer.add(() => undefined);
  clock.advance(10_000);
  expect(clock.wakes).toBeLessThanOrEqual(160);
});

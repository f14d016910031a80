import { expect, test } from 'vitest';
import { createServerClock } from './server-clock.ts';

const HOUR_MS = 3_600_000;

function clockAt({ wallMs }: { wallMs: number }) {
  const time = { monotonicMs: 1_000 };
  const clock = createServerClock({ monotonicMs: () => time.monotonicMs, wallMs: () => wallMs });
  return { time, clock };
}

test('a machine whose clock is wrong by an hour follows the server', () => {
  const trueMs = Date.parse('2026-11-22T12:00:00.000Z');
  const { time, clock } = clockAt({ wallMs: trueMs - HOUR_MS });
  expect(clock.nowMs()).toBe(trueMs - HOUR_MS);
  clock.observe('2026-11-22T12:00:00.000Z');
  expect(clock.nowMs()).toBe(trueMs);
  time.monotonicMs += 5_000;
  expect(clock.nowMs()).toBe(trueMs + 5_000);
});

test('a message that was under way for long does not set the clock back', () => {
  const { time, clock } = clockAt({ wallMs: 0 });
  clock.observe('2026-11-22T12:00:00.000Z');
  time.monotonicMs += 10_000;
  clock.observe('2026-11-22T12:00:07.000Z');
  expect(new Date(clock.nowMs()).toISOString()).toBe('2026-11-22T12:00:10.000Z');
});

test('a server clock that was set back is followed in the end', () => {
  const { time, clock } = clockAt({ wallMs: 0 });
  clock.observe('2026-11-22T12:00:00.000Z');
  for (let second = 1; second <= 16; second += 1) {
    time.monotonicMs += 1_000;
    clock.observe(new Date(Date.parse('2026-11-22T11:00:00.000Z') + second * 1_000).toISOString());
  }
  expect(new Date(clock.nowMs()).toISOString()).toBe('2026-11-22T11:00:16.000Z');
});

test('what is no instant is not heard', () => {
  const { clock } = clockAt({ wallMs: 42 });
  clock.observe('yesterday');
  expect(clock.nowMs()).toBe(42);
});

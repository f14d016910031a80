import { expect, test } from 'vitest';
import { CameraMemory } from './camera-memory.ts';
import { countFailure } from './retry.ts';
import { RtspError, type RtspErrorCode } from './rtsp-error.ts';

const CELL = 'cell-1-cam-1';

function fail(memory: CameraMemory, layer: 'low' | 'high', code: RtspErrorCode, now: number): void {
  const cause = new RtspError(code);
  const before = memory.before(CELL, layer, cause);
  const failures = countFailure(before, { error: cause, playedMs: 0, now, random: 1 });
  memory.note(CELL, layer, { cause, failures });
}

test('a wrong password is one failure for both streams of a camera', () => {
  const memory = new CameraMemory();
  fail(memory, 'low', 'unauthorized', 0);
  expect(memory.get(CELL, 'high')).toMatchObject({ count: 1, fault: 'auth', retryAt: 60_000 });
  fail(memory, 'high', 'unauthorized', 60_000);
  expect(memory.get(CELL, 'low')).toMatchObject({ count: 2, retryAt: 180_000 });
  expect(memory.get('another-cam-1', 'low')).toBeUndefined();
});

test('when the time has come, one stream asks, and the other waits for what it hears', () => {
  const memory = new CameraMemory();
  fail(memory, 'low', 'unauthorized', 0);
  memory.knock(CELL, 60_000);
  expect(memory.get(CELL, 'high')?.retryAt).toBeGreaterThan(60_000);
  memory.letIn(CELL);
  expect(memory.get(CELL, 'high')).toBeUndefined();
});

test('a wrong path is held against its own stream only', () => {
  const memory = new CameraMemory();
  fail(memory, 'low', 'not-found', 0);
  memory.knock(CELL, 0);
  expect(memory.get(CELL, 'low')?.retryAt).toBe(30_000);
  expect(memory.get(CELL, 'high')).toBeUndefined();
  memory.forget(CELL, 'low');
  expect(memory.get(CELL, 'low')).toBeUndefined();
});

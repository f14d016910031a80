import { expect, it } from 'vitest';
import { REST_MS, RestingPorts } from './resting-ports.ts';

it('a port rests for as long after it was closed last as who sent to it may need to hear of that', () => {
  let now = 0;
  const ports = new RestingPorts(() => now);
  ports.noteClosed(45_000);
  now = 1_000;
  ports.noteClosed(45_001);
  ports.noteClosed(45_000);
  expect([45_000, 45_001, 45_002].map((port) => ports.has(port))).toEqual([true, true, false]);
  now = 1_000 + REST_MS - 1;
  expect([45_000, 45_001].map((port) => ports.has(port))).toEqual([true, true]);
  now += 1;
  expect([45_000, 45_001].map((port) => ports.has(port))).toEqual([false, false]);
});

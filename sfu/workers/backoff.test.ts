import { describe, expect, it } from 'vitest';
import { countFailures, respawnPauseMs } from './backoff.ts';

describe('respawning', () => {
  it('is at once for a worker that had lived, and slower and slower for one that dies of its start', () => {
    expect(countFailures(7, 60_000)).toBe(1);
    expect(respawnPauseMs(1)).toBeLessThan(50);
    let failures = 0;
    const pauses = Array.from({ length: 20 }, () => {
      failures = countFailures(failures, 10);
      return respawnPauseMs(failures);
    });
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBe(5_000);
  });
});

import { expect, test } from 'vitest';
import { createFacilityLimits } from './facility-limits.ts';

test('a flood of one facility is refused, others are served, and it is served again when time has gone by', () => {
  let nowMs = 0;
  const take = createFacilityLimits(() => nowMs);
  const taken = (count: number, facilityId: string, action: 'custody.ingest' | 'feed.publish') =>
    Array.from({ length: count }, () => take(facilityId, action)).filter(Boolean).length;
  expect(taken(10_000, 'a', 'custody.ingest')).toBe(1_000);
  expect(taken(10, 'b', 'custody.ingest')).toBe(10);
  // Its encoders are counted for themselves.
  expect(taken(1_000, 'a', 'feed.publish')).toBe(100);
  nowMs += 1_000;
  expect(taken(10_000, 'a', 'custody.ingest')).toBe(200);
  expect(taken(1_000, 'a', 'feed.publish')).toBe(5);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RANKS, toImportance, toPriority } from './importance.ts';

test('what others are told of a priority: an alarm, or else why it is on the screen', () => {
  const severity = fc.constantFrom(1, 2, 3, 4, undefined);
  const place = fc.record({
    severity,
    rank: fc.constantFrom(...RANKS),
    slot: fc.integer({ min: 0, max: 5_000 }),
  });
  fc.assert(
    fc.property(place, (it) => {
      expect(toImportance(toPriority(it))).toBe(it.severity === undefined ? it.rank : 'alarm');
    }),
  );
});

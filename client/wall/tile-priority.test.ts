import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Severity } from '#contract/flags.ts';
import { allocate } from '../media/bandwidth-share.ts';
import { type TileRank, tilePriority } from './tile-priority.ts';

const flag = (severity: Severity) => [{ severity }];

test('alarm, then enlarged, then wall, then tour', () => {
  const order = [
    tilePriority(flag(1), 95, 'tour'),
    tilePriority(flag(4), 95, 'tour'),
    tilePriority([], 95, 'focused'),
    tilePriority([], 95, 'wall'),
    tilePriority([], 0, 'tour'),
  ];
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('a worse alarm goes before everything; what is shown where decides among alike only', () => {
  const severity = fc.constantFrom<Severity | undefined>(1, 2, 3, 4, undefined);
  const rank = fc.constantFrom<TileRank>('focused', 'wall', 'tour');
  const tile = fc.record({ severity, rank, slot: fc.integer({ min: 0, max: 5_000 }) });
  const priority = (one: { severity: Severity | undefined; rank: TileRank; slot: number }) =>
    tilePriority(one.severity ? flag(one.severity) : [], one.slot, one.rank);
  fc.assert(
    fc.property(tile, tile, (a, b) => {
      const [badA, badB] = [a.severity ?? 5, b.severity ?? 5];
      if (badA < badB) expect(priority(a)).toBeLessThan(priority(b));
      else if (badA === badB && a.rank === 'wall' && b.rank === 'tour')
        expect(priority(a)).toBeLessThan(priority(b));
    }),
  );
});

test('on a thin network a tour stands before the wall does', () => {
  const wants = [
    { feedId: 'tour', layer: 'low', priority: tilePriority([], 0, 'tour') },
    { feedId: 'wall', layer: 'low', priority: tilePriority([], 63, 'wall') },
  ] as const;
  const shares = allocate(wants, 200_000, { byFeed: new Map(), mean: { low: 150_000 } });
  expect([shares.get('wall'), shares.get('tour')]).toEqual(['low', 'still']);
});

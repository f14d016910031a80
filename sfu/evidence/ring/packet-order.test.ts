import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketOrder } from './packet-order.ts';

test('rollovers are counted over many ends of the numbers, also for packets that are late', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 0xffff }),
      fc.array(fc.record({ step: fc.nat({ max: 20_000 }), back: fc.nat({ max: 500 }) }), { maxLength: 60 }),
      (first, moves) => {
        const order = new PacketOrder();
        const see = (index: number) => order.see(index & 0xffff, 0).rollovers;
        let highest = first;
        expect(see(first)).toBe(0);
        for (const { step, back } of moves) {
          highest += step;
          expect(see(highest)).toBe(Math.floor(highest / 0x1_0000));
          const late = Math.max(0, highest - back);
          expect(see(late)).toBe(Math.floor(late / 0x1_0000));
        }
      },
    ),
  );
});

test('before the numbers have come round once, one from far away is ahead, as it is to libsrtp', () => {
  const order = new PacketOrder();
  const rollovers = (sequence: number) => order.see(sequence, 0).rollovers;
  expect([1_000, 60_000, 1_001, 60_001].map(rollovers)).toEqual([0, 0, 1, 0]);
});

test('what is missing for too long is told, once; what comes late is not', () => {
  const order = new PacketOrder();
  const broken = (sequence: number, atMs: number) => order.see(sequence, atMs).isBroken;
  expect(broken(10, 0)).toBe(false);
  expect(broken(13, 10)).toBe(false);
  expect(broken(12, 20)).toBe(false);
  expect(broken(11, 300)).toBe(false);
  expect(broken(14, 1_000)).toBe(false);
  expect(broken(16, 1_100)).toBe(false);
  expect(broken(17, 1_499)).toBe(false);
  expect(broken(18, 1_500)).toBe(true);
  expect(broken(19, 3_000)).toBe(false);
  expect(broken(5_000, 3_001)).toBe(true);
  expect(broken(5_001, 9_000)).toBe(false);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Certainty, isBefore } from './certainty.ts';

const REGION = 'UA-68';

function setUp() {
  const certainty = new Certainty();
  return {
    note: (last: string, projected: string, nowMs: number) =>
      certainty.note(REGION, { last, projected }, nowMs),
    at: (nowMs: number) => certainty.isCertain(REGION, nowMs),
  };
}

test('nothing is certain before anybody has looked, nor long after', () => {
  const { note, at } = setUp();
  expect(at(0)).toBe(false);
  note('5-0', '5-0', 1_000);
  expect([at(1_000), at(4_000), at(4_001)]).toEqual([true, true, false]);
});

test('a projection that has not got to an event for five seconds is behind', () => {
  const { note, at } = setUp();
  for (let nowMs = 0; nowMs <= 6_000; nowMs += 1_000) note('9-0', '5-0', nowMs);
  expect(at(5_000)).toBe(true);
  expect(at(5_001)).toBe(false);
  note('9-0', '9-0', 7_000);
  expect(at(7_000)).toBe(true);
});

test('one that is always a little behind, but gets on, is not', () => {
  const { note, at } = setUp();
  for (let nowMs = 0; nowMs <= 60_000; nowMs += 250) {
    note(`${nowMs}-1`, `${Math.max(0, nowMs - 1_000)}-0`, nowMs);
    expect(at(nowMs)).toBe(true);
  }
});

test('one that stands while more and more comes is behind from the first of them on', () => {
  const { note, at } = setUp();
  for (let nowMs = 0; nowMs <= 6_000; nowMs += 250) note(`${10_000 + nowMs}-0`, '5-0', nowMs);
  expect(at(6_000)).toBe(false);
});

test('ids of a stream have one order', () => {
  const id = fc.tuple(fc.nat(3_000_000_000_000), fc.nat(1_000_000));
  fc.assert(
    fc.property(id, id, ([aMs, aSeq], [bMs, bSeq]) => {
      const expected = aMs < bMs || (aMs === bMs && aSeq < bSeq);
      expect(isBefore(`${aMs}-${aSeq}`, `${bMs}-${bSeq}`)).toBe(expected);
    }),
  );
});

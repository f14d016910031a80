import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Due, LOOKS_PER_TICK, nextTurns, TAPS_PER_TICK } from './turns.ts';

const many = (length: number, isWatched: boolean) =>
  Array.from({ length }, (_, index) => ({ isWatched, since: index }));
const watched = (length: number) => many(length, true);
const asked = (length: number) => many(length, false);
const parts = (turns: readonly Due[]) => [
  turns.filter(({ isWatched }) => isWatched).length,
  turns.filter(({ isWatched }) => !isWatched).length,
];

test.each([
  ['more is watched than can be taken: three are for looks', [150, 10], 12, [9, 3]],
  ['no look is asked for: all are for stills', [150, 0], 12, [12, 0]],
  ['one look is asked for: it has its place', [150, 1], 12, [11, 1]],
  ['little is watched: looks have the rest', [2, 30], 12, [2, 10]],
  ['nothing is watched: looks have all', [0, 30], 12, [0, 12]],
  ['little room: a part of it', [150, 10], 4, [3, 1]],
  ['room for one: what is watched', [150, 10], 1, [1, 0]],
  ['no room', [150, 10], -3, [0, 0]],
])('%s', (_, [stills = 0, looks = 0], room, expected) => {
  expect(parts(nextTurns([...asked(looks), ...watched(stills)], room))).toEqual(expected);
});

test('who has waited longest comes first, new ones before all', () => {
  const isWatched = false;
  const turns = nextTurns(
    [5, 3, Number.NEGATIVE_INFINITY, 4].map((since) => ({ isWatched, since })),
    3,
  );
  expect(turns.map(({ since }) => since)).toEqual([Number.NEGATIVE_INFINITY, 3, 4]);
});

test('room is neither exceeded nor left while something is due, and looks never wait for stills', () => {
  const due = fc.array(fc.record({ isWatched: fc.boolean(), since: fc.integer() }), { maxLength: 60 });
  fc.assert(
    fc.property(due, fc.integer({ min: 0, max: TAPS_PER_TICK }), (all, room) => {
      const turns = nextTurns(all, room);
      expect(turns).toHaveLength(Math.min(all.length, room));
      expect(new Set(turns).size).toBe(turns.length);
      const looks = all.filter(({ isWatched }) => !isWatched).length;
      if (room === TAPS_PER_TICK)
        expect(parts(turns)[1]).toBeGreaterThanOrEqual(Math.min(looks, LOOKS_PER_TICK));
    }),
  );
});

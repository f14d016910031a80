import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFactsIndex } from '../store/facts.ts';
import { liveStateOf } from '../test/live-state.ts';
import { inMinutes, NOON_MS, sampleArea, sampleClock, sampleFlag, sampleStatus } from '../test/samples.ts';
import { bringForward, orderAreas, placeAreas } from './order.ts';

/** An area with open flags and perhaps a clock. */
function area(id: string, severities: readonly (1 | 2 | 3 | 4)[], dueInMinutes?: number) {
  const clocks =
    dueInMinutes === undefined
      ? []
      : [
          sampleClock({
            amberAt: inMinutes(dueInMinutes - 120),
            redAt: inMinutes(dueInMinutes - 60),
            dueAt: inMinutes(dueInMinutes),
          }),
        ];
  return {
    status: sampleStatus({ areaId: id, clocks }),
    flags: severities.map((severity) => sampleFlag({ id: crypto.randomUUID(), areaId: id, severity })),
  };
}

function ordered(known: readonly ReturnType<typeof area>[]): string[] {
  const state = liveStateOf({
    areas: known.map(({ status }) => sampleArea({ id: status.areaId })),
    statuses: known.map(({ status }) => status),
    flags: known.flatMap(({ flags }) => flags),
  });
  const country = createFactsIndex().read(state)?.country;
  country?.setTime(NOON_MS);
  return country ? orderAreas(country, NOON_MS).map((place) => country.areas[place]?.id ?? '') : [];
}

test('severity goes before clocks, clocks before the registry', () => {
  const known = [
    area('calm-a', []),
    area('due-later', [], 90),
    area('flag-3', [3, 4]),
    area('due-soon', [], 30),
    area('breached', [], -10),
    area('flag-1', [1, 4]),
    area('flag-4', [4]),
    area('calm-b', [], 600),
  ];
  expect(ordered(known)).toEqual([
    'flag-1',
    'flag-3',
    'breached',
    'due-soon',
    'due-later',
    'calm-a',
    'flag-4',
    'calm-b',
  ]);
});

test('on a page who stays keeps the place, and who comes takes the place of who goes', () => {
  expect(placeAreas(['a', 'b', 'c', 'd'], ['x', 'a', 'b', 'd'])).toEqual(['a', 'b', 'x', 'd']);
  expect(placeAreas(['a', 'b', 'c'], ['b', 'a'])).toEqual(['a', 'b']);
  expect(placeAreas([], ['b', 'a'])).toEqual(['b', 'a']);
});

test('nobody but those who change places moves, and the worst come first', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 60 }).map(String), { minLength: 1, maxLength: 40 });
  const severity = fc.constantFrom(undefined, undefined, 3, 2, 1);
  fc.assert(
    fc.property(
      ids,
      fc.array(severity, { minLength: 61, maxLength: 61 }),
      fc.nat(12),
      (order, levels, capacity) => {
        const of = (id: string) => levels[Number(id)];
        const after = bringForward(order, capacity, of);
        expect(after.toSorted()).toEqual(order.toSorted());
        const moved = order.filter((id, index) => after[index] !== id);
        const came = after.slice(0, capacity).filter((id) => moved.includes(id));
        expect(moved.length).toBe(2 * came.length);
        expect(came.every((id) => (of(id) ?? 9) <= 2)).toBe(true);
        // Nobody waits on another page for whom there was room on the first.
        const worstWaiting = Math.min(9, ...after.slice(capacity).map((id) => of(id) ?? 9));
        const calmestHere = Math.max(0, ...after.slice(0, capacity).map((id) => of(id) ?? 9));
        if (worstWaiting <= 2) expect(calmestHere).toBeLessThanOrEqual(2);
        if (worstWaiting === 1) expect(calmestHere).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('placing shows exactly the wanted areas, and moves nobody up while somebody comes for each who goes', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 40 }).map(String), { maxLength: 20 });
  fc.assert(
    fc.property(ids, ids, (before, wanted) => {
      const placed = placeAreas(before, wanted);
      expect(placed.toSorted()).toEqual(wanted.toSorted());
      if (wanted.length < before.length) return;
      for (const [index, id] of before.entries()) if (wanted.includes(id)) expect(placed[index]).toBe(id);
    }),
  );
});

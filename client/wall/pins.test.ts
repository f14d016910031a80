import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PINS, Pins } from '#contract/layouts.ts';
import { pinAreas, pinsFromUrl, pinToUrl, withSwap } from './pins.ts';

const AREAS = Array.from({ length: 8 }, (_, index) => `cell-${index}`);

test('an area that somebody gave a place has it; the others keep their order around it', () => {
  const pins = [
    { place: 0, areaId: 'cell-5' },
    { place: 3, areaId: 'cell-0' },
  ];
  expect(pinAreas(AREAS, pins)).toEqual([
    'cell-5',
    'cell-1',
    'cell-2',
    'cell-0',
    'cell-3',
    'cell-4',
    'cell-6',
    'cell-7',
  ]);
});

test('an area that the filter leaves out, or that is gone, leaves no hole', () => {
  expect(pinAreas(['cell-1', 'cell-2'], [{ place: 0, areaId: 'cell-9' }])).toEqual(['cell-1', 'cell-2']);
});

test('whatever is pinned, no area is lost and none comes twice', () => {
  const pin = fc.record({ place: fc.nat(12), areaId: fc.constantFrom(...AREAS, 'cell-99') });
  fc.assert(
    fc.property(fc.array(pin, { maxLength: 6 }), (pins) => {
      const own = Pins.safeParse(pins);
      if (!own.success) return;
      expect([...pinAreas(AREAS, own.data)].sort()).toEqual(AREAS);
    }),
  );
});

test('a swap moves two areas and no other, and another swap takes their places', () => {
  const first = withSwap([], { place: 0, areaId: 'cell-0' }, { place: 3, areaId: 'cell-3' });
  const once = pinAreas(AREAS, first);
  expect(once.slice(0, 4)).toEqual(['cell-3', 'cell-1', 'cell-2', 'cell-0']);
  const back = withSwap(first, { place: 0, areaId: 'cell-3' }, { place: 3, areaId: 'cell-0' });
  expect(pinAreas(AREAS, back)).toEqual(AREAS);
  expect(Pins.parse([...back])).toHaveLength(2);
});

test('swaps are bounded: the oldest goes', () => {
  let pins = withSwap([], { place: 0, areaId: 'cell-0' }, { place: 1, areaId: 'cell-1' });
  for (let index = 2; index < 2 * MAX_PINS; index += 2)
    pins = withSwap(
      pins,
      { place: index, areaId: `cell-${index}` },
      { place: index + 1, areaId: `cell-${index + 1}` },
    );
  expect(Pins.safeParse([...pins]).success).toBe(true);
  expect(pins.some(({ areaId }) => areaId === 'cell-0')).toBe(false);
});

test('pins come back from a URL; what is none asks for nothing', () => {
  const pins = [
    { place: 0, areaId: 'ua-68-itt-2-cell-4' },
    { place: 17, areaId: 'ua-05-rup-1-hall' },
  ];
  expect(pinsFromUrl(pins.map(pinToUrl))).toEqual(pins);
  expect(
    pinsFromUrl(['', '.', 'x.cell-1', '-1.cell-1', '1.5.cell-1', '3', '4.../etc', '1.cell-1', '1.cell-2']),
  ).toEqual([{ place: 1, areaId: 'cell-1' }]);
});

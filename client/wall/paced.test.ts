import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paced, type Slots } from './paced.ts';

test('what stays is in its place at once, and a place that waits keeps what was in it', () => {
  const first = paced(['a', 'b', 'c', 'd'], ['d', 'x', 'y', 'z'], 1);
  expect(first).toEqual(['d', 'x', 'c', undefined]);
  expect(paced(first, ['d', 'x', 'y', 'z'], 1)).toEqual(['d', 'x', 'y', undefined]);
});

test('step by step everything that is wanted comes, nothing twice, and never too much at a time', () => {
  const page = fc.uniqueArray(fc.nat(20), { maxLength: 12 });
  fc.assert(
    fc.property(page, page, fc.integer({ min: 1, max: 5 }), (before, wanted, most) => {
      let slots: Slots<number> = before;
      for (let step = 0; slots !== wanted; step += 1) {
        const next = paced(slots, wanted, most);
        const shown = next.filter((one) => one !== undefined);
        expect(new Set(shown).size).toBe(shown.length);
        expect(shown.filter((one) => !slots.includes(one)).length).toBeLessThanOrEqual(most);
        for (const one of slots.filter((one) => one !== undefined && wanted.includes(one)))
          expect(next.indexOf(one)).toBe(wanted.indexOf(one as number));
        expect(step).toBeLessThanOrEqual(wanted.length);
        slots = next;
      }
      expect(slots).toEqual(wanted);
    }),
  );
});

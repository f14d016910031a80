import fc from 'fast-check';
import { expect, test } from 'vitest';
import { suppress, type Told } from './suppress.ts';

const SMALLEST = 5;
type Published = ReturnType<typeof suppress>;
type Unit = 'count' | 'hours';

const isOfFew = ({ value, people }: Told) => value > 0 && people < SMALLEST;

/**
 * Everything that a kept-back number can be for somebody who knows all that is told, which numbers were hidden for another's
 * sake, and that those were the smallest; found by trying every combination.
 */
function possible(
  column: readonly Told[],
  { cells, total }: Published,
  given: { target: number; unit: Unit },
) {
  if (total.is !== 'value') return undefined;
  const told = cells.flatMap((cell) => (cell.is === 'value' ? [cell.value] : []));
  const least = given.unit === 'count' ? SMALLEST : 1;
  const next = Math.min(...told.filter((value) => value > 0), Number.POSITIVE_INFINITY);
  const found = new Set<number>();
  const search = (index: number, left: number, mine: number): void => {
    const [cell, own] = [cells[index], column[index]];
    if (cell === undefined || own === undefined) {
      if (left === 0) found.add(mine);
      return;
    }
    if (cell.is === 'value') {
      search(index + 1, left, mine);
      return;
    }
    const from = cell.is === 'few' ? 1 : least;
    const most = cell.is === 'few' ? SMALLEST - 1 : isOfFew(own) ? left : next;
    for (let value = from; value <= Math.min(left, most); value += 1)
      search(index + 1, left - value, index === given.target ? value : mine);
  };
  search(0, total.value - told.reduce((sum, value) => sum + value, 0), 0);
  return [...found].sort((a, b) => a - b);
}

/** Counts as they are when everybody is behind one of them. */
const ofEach = (counts: readonly number[]): Told[] => counts.map((value) => ({ value, people: value }));

const number = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 3, arbitrary: fc.integer({ min: 5, max: 14 }) },
);
/** Of so many things, or hours; about as many people at most, or for hours about any number of them. */
const columnOf = (unit: Unit): fc.Arbitrary<Told[]> =>
  fc.array(
    number.chain((value) =>
      fc
        .oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 20 }))
        .map((people) => ({ value, people: unit === 'count' ? Math.min(value, people) : people })),
    ),
    { minLength: 1, maxLength: 5 },
  );

test.each(['count', 'hours'] as const)(
  'no number (%s) about few people is told, nor can it be computed from the others and the total',
  (unit) => {
    fc.assert(
      fc.property(columnOf(unit), (column) => {
        const published = suppress(column, { smallest: SMALLEST, unit });
        const isTotalTold = published.total.is === 'value';
        const keptBack = column.filter((_, index) => published.cells[index]?.is !== 'value');
        if (column.some(isOfFew) && isTotalTold)
          // What is kept back is known taken together: that too is about enough people.
          expect(keptBack.reduce((all, { people }) => all + people, 0)).toBeGreaterThanOrEqual(SMALLEST);
        for (const [index, own] of column.entries()) {
          const cell = published.cells[index];
          if (!isOfFew(own)) {
            expect(cell?.is).not.toBe('few');
            if (cell?.is === 'value') expect(cell.value).toBe(own.value);
            continue;
          }
          const isSmall = unit === 'count' && own.value < SMALLEST;
          expect(cell).toEqual({ is: isSmall ? 'few' : 'hidden' });
          const can = possible(column, published, { target: index, unit });
          if (can === undefined) continue;
          expect(can).toContain(own.value);
          if (isSmall) expect(can).toEqual([1, 2, 3, 4]);
          else {
            expect(can.length).toBeGreaterThanOrEqual(SMALLEST);
            expect(can[0]).toBeLessThanOrEqual(Math.max(SMALLEST, own.value / 2));
          }
        }
        const sum = column.reduce((all, { value }) => all + value, 0);
        if (published.total.is === 'value') expect(published.total.value).toBe(sum);
      }),
      { numRuns: 2_000 },
    );
  },
);

test.each(['count', 'hours'] as const)('nothing (%s) is kept back without need', (unit) => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 5, max: 500 })), { minLength: 1 }),
      (counts) => {
        const { cells, total } = suppress(ofEach(counts), { smallest: SMALLEST, unit });
        expect(cells).toEqual(counts.map((value) => ({ is: 'value', value })));
        expect(total).toEqual({ is: 'value', value: counts.reduce((a, b) => a + b, 0) });
      },
    ),
  );
});

const shown = (cell: Published['total']) => (cell.is === 'value' ? String(cell.value) : cell.is);
const told = (published: Published) => [published.cells.map(shown), shown(published.total)];

test.each([
  // One small number alone: the total would tell it, so the next larger one goes too.
  [[3, 20, 40], ['few', 'hidden', '40'], '63'],
  // With a five beside it, a one would still be told: 6 is 1 and 5.
  [[1, 5, 40], ['few', 'hidden', 'hidden'], '46'],
  // The five is the smallest of the others: whoever knows that could tell that the four is no one.
  [[4, 5, 6], ['few', 'hidden', 'hidden'], '15'],
  // Nobody else to hide behind: the total goes.
  [[2, 0, 0], ['few', '0', '0'], 'few'],
  [[1, 1], ['few', 'few'], 'hidden'],
  [[4, 4], ['few', 'few'], 'hidden'],
  [[2, 3, 3], ['few', 'few', 'few'], '8'],
])('counts of one each: %j', (counts, cells, total) => {
  expect(told(suppress(ofEach(counts), { smallest: SMALLEST, unit: 'count' }))).toEqual([cells, total]);
});

const of = (value: number, people: number): Told => ({ value, people });

test.each([
  [
    'seven of one person are as little told as one',
    [of(7, 1), of(20, 20), of(40, 40)],
    ['hidden', 'hidden', '40'],
    '67',
  ],
  [
    'and as little as four hundred',
    [of(400, 4), of(500, 60), of(900, 60)],
    ['hidden', 'hidden', '900'],
    '1800',
  ],
  // With the twenty alone, somebody would know that the four hundred are 360 at least.
  [
    'a small one beside hides no large one',
    [of(400, 1), of(20, 20), of(40, 40)],
    ['hidden', 'hidden', 'hidden'],
    '460',
  ],
  [
    'two are not enough when they are of three people',
    [of(30, 1), of(40, 2), of(90, 50)],
    ['hidden', 'hidden', 'hidden'],
    '160',
  ],
  ['nobody else', [of(30, 1), of(0, 0)], ['hidden', '0'], 'hidden'],
])('%s', (_, column, cells, total) => {
  expect(told(suppress(column, { smallest: SMALLEST, unit: 'count' }))).toEqual([cells, total]);
});

test('few hours of many people are told; many hours of few people are not', () => {
  const column = [of(3, 9), of(7, 1), of(60, 8)];
  expect(told(suppress(column, { smallest: SMALLEST, unit: 'hours' }))).toEqual([
    ['hidden', 'hidden', '60'],
    '70',
  ]);
});

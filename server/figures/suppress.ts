import type { DigestCell } from '#contract/figures.ts';

/** A number of a region, and how many people it is about. */
export interface Told {
  value: number;
  people: number;
}

interface Options {
  /** Numbers about fewer people than this are not told. */
  smallest: number;
  /** Whether a number counts things that happened, or sums up whole hours. */
  unit: 'count' | 'hours';
}

/** What a reader knows of a number that is kept back. */
interface Bounds {
  least: number;
  most: number;
}

/**
 * Makes a column fit to publish with its total. What is about fewer than `smallest` people is kept back: a count below it as
 * "few", everything else as "hidden"; seven hours may be those of one person. So that none of it can be computed from the
 * total and what is told, further numbers are hidden, smallest first, until what is kept back is about enough people taken
 * together, each "few" could be any small number, and each other one could be half of what it is, for all that a reader
 * knows; also one who knows this rule. When there is nothing left to hide, the total is kept back. A zero is told: it is
 * about nobody.
 */
export function suppress(
  column: readonly Told[],
  { smallest, unit }: Options,
): { cells: DigestCell[]; total: DigestCell } {
  const isSmall = ({ value }: Told) => unit === 'count' && value < smallest;
  const isKeptBack = (one: Told) => one.value > 0 && (one.people < smallest || isSmall(one));
  const keptBack = column.filter(isKeptBack);
  const sum = sumOf(column);
  const others = column
    .filter((one) => one.value > 0 && !isKeptBack(one))
    .toSorted((a, b) => a.value - b.value);
  const least = unit === 'count' ? smallest : 1;
  const isSafe = (hidden: readonly Told[]): boolean => {
    const all = [...keptBack, ...hidden];
    if (keptBack.length > 0 && all.reduce((people, one) => people + one.people, 0) < smallest) return false;
    // Hidden are the smallest of the others, as somebody knows who knows the rule.
    const most = others[hidden.length]?.value ?? Number.POSITIVE_INFINITY;
    const bounds = [
      ...keptBack.map(
        (one): Bounds =>
          isSmall(one) ? { least: 1, most: smallest - 1 } : { least, most: Number.POSITIVE_INFINITY },
      ),
      ...hidden.map((): Bounds => ({ least, most })),
    ];
    return keptBack.every((one, index) => {
      const { from, to } = rangeOf(bounds, index, sumOf(all));
      if (isSmall(one)) return from === 1 && to === smallest - 1;
      return from <= Math.max(least, Math.floor(one.value / 2)) && to - from >= smallest - 1;
    });
  };
  const enough = Array.from({ length: others.length + 1 }, (_, count) => count).find((count) =>
    isSafe(others.slice(0, count)),
  );
  const hidden = new Set(others.slice(0, enough ?? 0));
  const [only] = keptBack;
  return {
    cells: column.map((one): DigestCell => {
      if (isKeptBack(one)) return { is: isSmall(one) ? 'few' : 'hidden' };
      return hidden.has(one) ? { is: 'hidden' } : { is: 'value', value: one.value };
    }),
    total:
      enough !== undefined
        ? { is: 'value', value: sum }
        : { is: only && isSmall(only) && sum === only.value ? 'few' : 'hidden' },
  };
}

/** What one of the numbers can be, when all of them are so many together. */
function rangeOf(bounds: readonly Bounds[], index: number, sum: number): { from: number; to: number } {
  const own = bounds[index] ?? { least: 0, most: 0 };
  const others = bounds.filter((_, other) => other !== index);
  const [leastOfOthers, mostOfOthers] = [
    others.reduce((all, { least }) => all + least, 0),
    others.reduce((all, { most }) => all + most, 0),
  ];
  return { from: Math.max(own.least, sum - mostOfOthers), to: Math.min(own.most, sum - leastOfOthers) };
}

function sumOf(column: readonly Told[]): number {
  return column.reduce((sum, { value }) => sum + value, 0);
}

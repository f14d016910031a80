import type { DigestCell } from '#contract/figures.ts';

/**
 * Makes a column of counts fit to publish with its total. Counts from 1 to one below `smallest` are kept back ("few").
 * So that none of them can be computed from the total and what is told, further counts are kept back ("hidden") until
 * each of the small ones could be any small number, for all that a reader knows; also one who knows this rule. When there
 * is nothing left to hide, the total is kept back. A zero is told: it is about nobody.
 */
export function suppress(
  counts: readonly number[],
  smallest: number,
): { cells: DigestCell[]; total: DigestCell } {
  const most = smallest - 1;
  const isSmall = (count: number) => count > 0 && count < smallest;
  const small = counts.filter(isSmall);
  const sum = counts.reduce((all, count) => all + count, 0);
  const tell = (value: number): DigestCell => ({ is: 'value', value });
  if (small.length === 0) return { cells: counts.map(tell), total: tell(sum) };

  const others = counts
    .map((count, index) => ({ count, index }))
    .filter(({ count }) => count >= smallest)
    .sort((a, b) => a.count - b.count || a.index - b.index);
  const hidden: { count: number; index: number }[] = [];
  const smallSum = small.reduce((all, count) => all + count, 0);
  const isSafe = () => {
    const all = smallSum + hidden.reduce((total, { count }) => total + count, 0);
    // Each small one can be anything when the others can take up what it leaves, at the least and at the most.
    const leastOfOthers = small.length - 1 + hidden.length * smallest;
    const mostOfOthers = hidden.length > 0 ? Number.POSITIVE_INFINITY : (small.length - 1) * most;
    return all - most >= leastOfOthers && all - 1 <= mostOfOthers;
  };
  for (const next of others) {
    if (isSafe()) break;
    hidden.push(next);
  }
  const isTotalSafe = isSafe();
  const isHidden = new Set(isTotalSafe ? hidden.map(({ index }) => index) : []);
  return {
    cells: counts.map((count, index): DigestCell => {
      if (isSmall(count)) return { is: 'few' };
      return isHidden.has(index) ? { is: 'hidden' } : tell(count);
    }),
    total: isTotalSafe
      ? tell(sum)
      : small.length === 1 && sum === smallSum
        ? { is: 'few' }
        : { is: 'hidden' },
  };
}

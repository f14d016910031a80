import { z } from 'zod';
import { Day } from '#contract/figures.ts';

/**
 * Whole numbers by what they count. Times are milliseconds. A distribution of durations is a count by minute
 * (`took/ua-cpc/court/1380`), so that median and worst stay right when one of them is taken away again.
 */
export const Sums = z.record(z.string(), z.int());
export type Sums = Readonly<Record<string, number>>;

/** Before the tenths of a m² a person that some time was spent with, such as `m2/42`. */
export const SPACE_PREFIX = 'm2/';

/** Sums by day. */
export const DaySums = z.record(Day, Sums);
export type DaySums = Readonly<Record<Day, Sums>>;

/** Adds up what is counted, by day. */
export class Tally {
  readonly #days = new Map<Day, Map<string, number>>();

  add(day: Day, what: string, amount = 1): void {
    if (amount === 0) return;
    const sums = this.#days.get(day) ?? new Map<string, number>();
    this.#days.set(day, sums);
    sums.set(what, (sums.get(what) ?? 0) + amount);
  }

  addAll(days: DaySums, sign: 1 | -1 = 1): void {
    for (const [day, sums] of Object.entries(days))
      for (const [what, amount] of Object.entries(sums)) this.add(day, what, sign * amount);
  }

  /** In a fixed order, without what came to nothing. */
  toDays(): DaySums {
    return Object.fromEntries(
      [...this.#days]
        .map(([day, sums]) => [day, toSums(sums)] as const)
        .filter(([, sums]) => Object.keys(sums).length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
}

/** The sums of several. */
export function addUp(all: Iterable<Sums>): Sums {
  const total = new Map<string, number>();
  for (const sums of all)
    for (const [what, amount] of Object.entries(sums)) total.set(what, (total.get(what) ?? 0) + amount);
  return toSums(total);
}

function toSums(sums: ReadonlyMap<string, number>): Sums {
  return Object.fromEntries(
    [...sums].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

import { bitOf, FACET_VALUES, UNKNOWN_BIT } from '../filter/facets.ts';

/** No open flag: later than every severity. */
export const NO_SEVERITY = 5;

/** The bits that stand for a single fact. */
export const BITS = {
  checkOverdue: bitOf(FACET_VALUES.status, 'check-overdue'),
  unseen: bitOf(FACET_VALUES.status, 'unseen'),
  bell: bitOf(FACET_VALUES.status, 'bell'),
  observed: bitOf(FACET_VALUES.status, 'observed'),
  confidential: bitOf(FACET_VALUES.status, 'confidential'),
  idle: bitOf(FACET_VALUES.feedState, 'idle'),
  empty: bitOf(FACET_VALUES.occupancy, 'empty'),
  occupied: bitOf(FACET_VALUES.occupancy, 'occupied'),
  overCapacity: bitOf(FACET_VALUES.occupancy, 'over-capacity'),
} as const;

/** By level of the most pressing clock. A level has the bits of those below it too: who asks for amber asks for at least amber. */
export const CLOCK_BITS: readonly number[] = [0, 1, 2, 3].map((level) =>
  allBits(FACET_VALUES.clock, FACET_VALUES.clock.slice(0, level)),
);

/** As {@link CLOCK_BITS}, by level of room. */
export const SPACE_BITS: ReadonlyMap<string, number> = new Map(
  FACET_VALUES.space.map((level, place) => [
    level,
    allBits(FACET_VALUES.space, FACET_VALUES.space.slice(0, place + 1)),
  ]),
);

/** By severity of the worst flag, from 0 (there is no such) to 5 (none). */
export const FLAG_BITS: readonly number[] = [0, 1, 2, 3, 4, NO_SEVERITY].map((severity) =>
  FACET_VALUES.flag.reduce((bits, level) => {
    const least = level === 'open' ? NO_SEVERITY - 1 : Number(level);
    return severity > 0 && severity <= least ? bits | bitOf(FACET_VALUES.flag, level) : bits;
  }, 0),
);

/** The bits of some of a facet's values; values that it does not have are passed over. */
export function allBits(values: readonly string[], some: readonly string[]): number {
  if (some.length === 0) return 0;
  return some.reduce((bits, value) => bits | bitOf(values, value), 0) & ~UNKNOWN_BIT;
}

import type { DayFigures, Figures } from '#contract/figures.ts';

const HOUR_S = 3_600;

export function sumOf(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** Time without video but behind closed doors, and but what nobody knows of; seconds. */
export function darkOf({ dark }: Pick<Figures, 'dark'>): number {
  return dark.reduce(
    (sum, { cause, seconds }) => sum + (cause === 'confidential' || cause === 'unknown' ? 0 : seconds),
    0,
  );
}

/** Share of the time of which it is known whether a camera showed people, in which none did. */
export function darkShare(figures: Pick<Figures, 'dark' | 'heldSeconds'>): number | undefined {
  const unknown = figures.dark.find(({ cause }) => cause === 'unknown')?.seconds ?? 0;
  // Seconds are rounded each for itself.
  const known = figures.heldSeconds - unknown;
  return known < 60 ? undefined : shareOf(darkOf(figures), known);
}

/** A share of a whole, 0 to 1; undefined of nothing. */
export function shareOf(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

export function checksShare({ checks }: Pick<Figures, 'checks'>): number | undefined {
  return shareOf(checks.onTime, checks.onTime + checks.late + checks.missed);
}

/** Of all for whom it can be said; people for whom no lawyer was recorded count as without. */
export function lawyerShare({ lawyer }: Pick<Figures, 'lawyer'>): number | undefined {
  const { within1h, within6h, later, none, unassigned } = lawyer;
  return shareOf(within1h, within1h + within6h + later + none + unassigned);
}

/** Charts by days, each with its number of a day. */
export const DAY_CHARTS = {
  held: (day: DayFigures) => day.heldSeconds / (24 * HOUR_S),
  dark: (day: DayFigures) => day.darkSeconds / HOUR_S,
  breaches: (day: DayFigures) => day.breaches,
  checksMissed: (day: DayFigures) => day.checksMissed,
  force: (day: DayFigures) => day.force,
  complaints: (day: DayFigures) => day.complaints,
} as const satisfies Record<string, (day: DayFigures) => number>;
export type DayChartName = keyof typeof DAY_CHARTS;

/** The end of an axis: the next 1, 2 or 5 times a power of ten. */
export function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? most;
}

import type { DigestColumn } from '#contract/figures.ts';
import { type DaySums, type Sums, Tally } from './sums.ts';

/** Before what people are counted of, such as `who/force`: each case once a month. */
const PREFIX = 'who/';

/** Which sums are about a case, by what they are about. */
const BEHIND = {
  held: (what: string) => what === 'held',
  dark: (what: string) => what.startsWith('dark/') && what !== 'dark/confidential' && what !== 'dark/unknown',
  unknown: (what: string) => what === 'dark/unknown',
  room: (what: string) => what === 'room',
  under4: (what: string) => what === 'under4',
  under3: (what: string) => what === 'under3',
  missed: (what: string) => what === 'check/missed',
  force: (what: string) => what.startsWith('force/'),
  complaints: (what: string) => what.startsWith('complaint/'),
  lawLate: (what: string) => what === 'late-by/law',
  guidanceLate: (what: string) => what === 'late-by/guidance',
} as const;

/** What the case of another place counts of the same person: the months in which it does, and what was late there. */
export interface CountedThere {
  months: ReadonlySet<string>;
  late: DaySums;
}

const NOWHERE: CountedThere = { months: new Set(), late: {} };

/**
 * The sums of one case, and with them that it is behind each kind of them: once in each month, on the first day that has
 * some. So the sums of a month tell how many people a number is about. Nobody is counted twice for being held in two places.
 */
export function withPeopleBehind(days: DaySums, there: CountedThere = NOWHERE): DaySums {
  const tally = new Tally();
  const lateThere = (month: string, isAbout: (what: string) => boolean) =>
    Object.entries(there.late).some(
      ([day, sums]) => day.startsWith(month) && Object.keys(sums).some(isAbout),
    );
  tally.addAll(days);
  for (const [what, isAbout] of Object.entries(BEHIND)) {
    const months = new Set<string>();
    for (const [day, sums] of Object.entries(days)) {
      const month = day.slice(0, 7);
      if (months.has(month) || !Object.keys(sums).some(isAbout)) continue;
      months.add(month);
      const isLate = what === 'lawLate' || what === 'guidanceLate';
      if (there.months.has(month) && (!isLate || lateThere(month, isAbout))) continue;
      tally.add(day, `${PREFIX}${what}`);
    }
  }
  return tally.toDays();
}

/** About how many people each number of a digest is, of the sums of a month. */
export function peopleBehind(sums: Sums): Record<DigestColumn, number> {
  const count = (what: string) => Math.max(0, sums[what] ?? 0);
  const who = (what: keyof typeof BEHIND) => count(`${PREFIX}${what}`);
  const total = (prefix: string) =>
    Object.entries(sums).reduce((all, [what, amount]) => all + (what.startsWith(prefix) ? amount : 0), 0);
  return {
    begun: count('begun'),
    breaches: who('lawLate'),
    guidanceLate: who('guidanceLate'),
    // A case is in one of these once.
    lawyerLate: count('lawyer/6h') + count('lawyer/later'),
    lawyerNever: count('lawyer/none') + count('lawyer/unassigned'),
    checksMissed: who('missed'),
    force: who('force'),
    complaints: who('complaints'),
    // Whoever calls is not asked about how many people it is: each call is one.
    hotline: total('hotline/'),
    heldHours: who('held'),
    darkHours: who('dark'),
    unknownHours: who('unknown'),
    under4Hours: who('under4'),
    under3Hours: who('under3'),
    meanM2: who('room'),
  };
}

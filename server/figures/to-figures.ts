import { ComplaintKind, ComplaintOutcome, ForceKind } from '#contract/custody-details.ts';
import { DARK_CAUSES, type DarkCause } from '#contract/dark.ts';
import type { DayFigures, Figures, LimitFigures } from '#contract/figures.ts';
import type { LimitInfo } from '#contract/live.ts';
import { SPACE_PREFIX, type Sums } from './sums.ts';

/** Sums as people read them. */
export function toFigures(sums: Sums): Figures {
  const count = (what: string) => Math.max(0, sums[what] ?? 0);
  const seconds = (what: string) => Math.round(count(what) / 1000);
  const lawyer = durationsOf(sums, 'took/lawyer/');
  return {
    begun: count('begun'),
    closed: count('closed'),
    personDays: count('present'),
    heldSeconds: seconds('held'),
    dark: DARK_CAUSES.flatMap((cause: DarkCause) =>
      seconds(`dark/${cause}`) > 0 ? [{ cause, seconds: seconds(`dark/${cause}`) }] : [],
    ),
    limits: limitsOf(sums),
    lawyer: {
      within1h: count('lawyer/1h'),
      within6h: count('lawyer/6h'),
      later: count('lawyer/later'),
      none: count('lawyer/none'),
      unassigned: count('lawyer/unassigned'),
      ...lawyer,
    },
    checks: {
      onTime: count('check/on-time'),
      late: count('check/late'),
      missed: count('check/missed'),
    },
    complaints: {
      byKind: countsOf(ComplaintKind.options, (kind) => count(`complaint/${kind}`)),
      byOutcome: countsOf(ComplaintOutcome.options, (outcome) => count(`outcome/${outcome}`)),
    },
    hotline: {
      byKind: countsOf(ComplaintKind.options, (kind) => count(`hotline/${kind}`)),
      byOutcome: countsOf(ComplaintOutcome.options, (outcome) => count(`answered/${outcome}`)),
    },
    force: countsOf(ForceKind.options, (kind) => count(`force/${kind}`)),
    restraints: count('restraints'),
    space: {
      seconds: seconds('room'),
      under4Seconds: seconds('under4'),
      under3Seconds: seconds('under3'),
      ...roomOf(sums),
    },
  };
}

/** How much room people had: the average of their time, and the least that anybody had; m², to a tenth. */
function roomOf(sums: Sums): { meanM2: number | null; leastM2: number | null } {
  const times = numbersUnder(sums, SPACE_PREFIX).map(([tenths, ms]) => ({ tenths, ms }));
  const allMs = times.reduce((sum, { ms }) => sum + ms, 0);
  if (allMs === 0) return { meanM2: null, leastM2: null };
  const mean = times.reduce((sum, { tenths, ms }) => sum + tenths * ms, 0) / allMs;
  const least = times.reduce((found, { tenths }) => Math.min(found, tenths), Infinity);
  return { meanM2: Math.round(mean) / 10, leastM2: least / 10 };
}

/** What is counted under numbers, and how much of each, where it is more than nothing. */
function numbersUnder(sums: Sums, prefix: string): [name: number, amount: number][] {
  return Object.entries(sums)
    .filter(([what, amount]) => what.startsWith(prefix) && amount > 0)
    .map(([what, amount]): [number, number] => [Number(what.slice(prefix.length)), amount])
    .filter(([name]) => Number.isFinite(name));
}

/** What a chart by days shows of one. */
export function toDayFigures(day: string, sums: Sums, law: ReadonlySet<string>): DayFigures {
  const figures = toFigures(sums);
  return {
    day,
    begun: figures.begun,
    heldSeconds: figures.heldSeconds,
    darkSeconds: darkSecondsOf(figures),
    breaches: lateOf(figures, law),
    checksMissed: figures.checks.missed,
    force: totalOf(figures.force),
    complaints: totalOf(figures.complaints.byKind),
  };
}

/** Limits, as `set/limit`, that rest on law or on guidance; a duty to do something at once is none, nor a grace of ours. */
export function limitsOn(wanted: 'law' | 'guidance', limits: readonly LimitInfo[]): ReadonlySet<string> {
  return new Set(
    limits
      .filter(({ kind, standing }) => kind !== 'duty' && standing === wanted)
      .map(({ normSet, limit }) => `${normSet}/${limit}`),
  );
}

/** Times that one of some limits, as `set/limit`, was not kept. */
export function lateOf({ limits }: Pick<Figures, 'limits'>, among: ReadonlySet<string>): number {
  return limits.reduce(
    (sum, { normSet, limit, late }) => sum + (among.has(`${normSet}/${limit}`) ? late : 0),
    0,
  );
}

/** Time without video that has another cause than a closed door; what nobody knows of is not in it. */
export function darkSecondsOf({ dark }: Pick<Figures, 'dark'>): number {
  return dark.reduce(
    (sum, { cause, seconds }) => sum + (cause === 'confidential' || cause === 'unknown' ? 0 : seconds),
    0,
  );
}

export function totalOf(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

function limitsOf(sums: Sums): LimitFigures[] {
  const names = new Set(
    Object.keys(sums).flatMap((what) => /^(?:kept|late|took)\/([^/]+\/[^/]+)/.exec(what)?.[1] ?? []),
  );
  return [...names]
    .filter((name) => !name.startsWith('lawyer/'))
    .sort()
    .map((name) => {
      const [normSet = '', limit = ''] = name.split('/');
      return {
        normSet,
        limit,
        kept: Math.max(0, sums[`kept/${name}`] ?? 0),
        late: Math.max(0, sums[`late/${name}`] ?? 0),
        ...durationsOf(sums, `took/${name}/`),
      };
    })
    .filter(({ kept, late, worstMinutes }) => kept + late > 0 || worstMinutes !== null);
}

/** Median and worst of a distribution by minutes; the median of an even number is the mean of the two in the middle. */
export function durationsOf(
  sums: Sums,
  prefix: string,
): { medianMinutes: number | null; worstMinutes: number | null } {
  const counts = numbersUnder(sums, prefix)
    .map(([minutes, amount]) => ({ minutes, amount }))
    .sort((a, b) => a.minutes - b.minutes);
  const all = counts.reduce((sum, { amount }) => sum + amount, 0);
  if (all === 0) return { medianMinutes: null, worstMinutes: null };
  const nth = (position: number) => {
    let before = 0;
    for (const { minutes, amount } of counts) {
      before += amount;
      if (before > position) return minutes;
    }
    return counts.at(-1)?.minutes ?? 0;
  };
  const medianMinutes = (nth(Math.floor((all - 1) / 2)) + nth(Math.floor(all / 2))) / 2;
  return { medianMinutes, worstMinutes: counts.at(-1)?.minutes ?? null };
}

function countsOf<K extends string>(
  names: readonly K[],
  countOf: (name: K) => number,
): Partial<Record<K, number>> {
  const found = names.map((name) => [name, countOf(name)] as const).filter(([, count]) => count > 0);
  return Object.fromEntries(found) as Partial<Record<K, number>>;
}

import {
  DIGEST_COUNTS,
  DIGEST_HOURS,
  DIGEST_MEANS,
  type DigestCell,
  type DigestColumn,
  type Figures,
} from '#contract/figures.ts';
import type { RegionId } from '#contract/ids.ts';
import { suppress } from './suppress.ts';
import { darkSecondsOf, lateOf, totalOf } from './to-figures.ts';

const HOUR_S = 3_600;

/** By column; an average of nobody is 0. */
type DigestNumbers = Record<DigestColumn, number>;

/** What the digest tells of a place. */
export function digestNumbers(
  figures: Figures,
  { law, guidance }: { law: ReadonlySet<string>; guidance: ReadonlySet<string> },
): DigestNumbers {
  const { lawyer, space } = figures;
  const hours = (seconds: number) => Math.round(seconds / HOUR_S);
  return {
    begun: figures.begun,
    breaches: lateOf(figures, law),
    guidanceLate: lateOf(figures, guidance),
    lawyerLate: lawyer.within6h + lawyer.later,
    lawyerNever: lawyer.none + lawyer.unassigned,
    checksMissed: figures.checks.missed,
    force: totalOf(figures.force),
    complaints: totalOf(figures.complaints.byKind),
    hotline: totalOf(figures.hotline.byKind),
    heldHours: hours(figures.heldSeconds),
    darkHours: hours(darkSecondsOf(figures)),
    unknownHours: hours(figures.dark.find(({ cause }) => cause === 'unknown')?.seconds ?? 0),
    under4Hours: hours(space.under4Seconds),
    under3Hours: hours(space.under3Seconds),
    meanM2: space.meanM2 ?? 0,
  };
}

/**
 * The table of a digest: each column made fit to publish with its total. Hours and averages of a region in which few people
 * were held are kept back with the number of its people, since they are about those people.
 */
export function digestTable(
  regions: readonly { regionId: RegionId; numbers: DigestNumbers }[],
  nation: DigestNumbers,
  smallest: number,
): { rows: Map<RegionId, Record<string, DigestCell>>; total: Record<string, DigestCell> } {
  const rows = new Map(regions.map(({ regionId }) => [regionId, {} as Record<string, DigestCell>]));
  const total: Record<string, DigestCell> = {};
  const put = (column: DigestColumn, made: ReturnType<typeof suppress>) => {
    regions.forEach(({ regionId }, index) => {
      const row = rows.get(regionId);
      const cell = made.cells[index];
      if (row && cell) row[column] = cell;
    });
    total[column] = made.total;
  };
  for (const column of DIGEST_COUNTS)
    put(
      column,
      suppress(
        regions.map(({ numbers }) => numbers[column]),
        smallest,
      ),
    );
  const people = regions.map(({ numbers }) => numbers.begun);
  for (const column of DIGEST_HOURS)
    put(
      column,
      withPeople(
        regions.map(({ numbers }) => numbers[column]),
        people,
        smallest,
      ),
    );
  for (const column of DIGEST_MEANS) {
    const made = withPeople(
      regions.map(({ numbers }) => numbers[column]),
      people,
      smallest,
    );
    const isOfNobody = (cell: DigestCell) => cell.is === 'value' && cell.value === 0;
    put(column, {
      cells: made.cells.map((cell) => (isOfNobody(cell) ? { is: 'none' } : cell)),
      total: made.total.is === 'value' ? { is: 'value', value: nation[column] } : made.total,
    });
  }
  return { rows, total };
}

/** Hours are told where enough people are behind them; if that hides one region only, the total would tell it. */
function withPeople(
  hours: readonly number[],
  people: readonly number[],
  smallest: number,
): ReturnType<typeof suppress> {
  const isFew = (index: number) => (hours[index] ?? 0) > 0 && (people[index] ?? 0) < smallest;
  const hidden = new Set(hours.keys().filter(isFew));
  if (hidden.size === 1) {
    const next = [...hours.keys()]
      .filter((index) => !hidden.has(index) && (hours[index] ?? 0) > 0)
      .sort((a, b) => (hours[a] ?? 0) - (hours[b] ?? 0))[0];
    if (next === undefined)
      return {
        cells: hours.map((value, index) => (hidden.has(index) ? { is: 'hidden' } : { is: 'value', value })),
        total: { is: 'hidden' },
      };
    hidden.add(next);
  }
  return {
    cells: hours.map((value, index) => (hidden.has(index) ? { is: 'hidden' } : { is: 'value', value })),
    total: { is: 'value', value: hours.reduce((sum, value) => sum + value, 0) },
  };
}

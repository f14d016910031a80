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

/** A row before it is made fit to publish: its numbers, and about how many people each of them is. */
export interface DigestRegion {
  regionId: RegionId;
  numbers: DigestNumbers;
  people: Record<DigestColumn, number>;
}

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
 * The table of a digest: each column made fit to publish with its total, by how many people each number is about. Of an
 * average nothing is added up; it is kept back together with the time that it is weighed by.
 */
export function digestTable(
  regions: readonly DigestRegion[],
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
  const made = (column: DigestColumn, unit: 'count' | 'hours') =>
    suppress(
      regions.map(({ numbers, people }) => ({ value: numbers[column], people: people[column] })),
      { smallest, unit },
    );
  for (const column of DIGEST_COUNTS) put(column, made(column, 'count'));
  for (const column of DIGEST_HOURS) put(column, made(column, 'hours'));
  for (const column of DIGEST_MEANS) {
    const weighed = suppress(
      regions.map(({ numbers, people }) => ({
        value: numbers[column] > 0 ? Math.max(1, numbers.heldHours) : 0,
        people: people[column],
      })),
      { smallest, unit: 'hours' },
    );
    const tell = (cell: DigestCell | undefined, value: number): DigestCell => {
      if (cell?.is !== 'value') return { is: 'hidden' };
      return value === 0 ? { is: 'none' } : { is: 'value', value };
    };
    put(column, {
      cells: regions.map(({ numbers }, index) => tell(weighed.cells[index], numbers[column])),
      total: tell(weighed.total, nation[column]),
    });
  }
  return { rows, total };
}

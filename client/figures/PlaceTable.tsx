import { useState } from 'react';
import type { Figures, FiguresRow } from '#contract/figures.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { nameOrder } from '../i18n/by-name.ts';
import styles from './FiguresPage.module.css';
import { checksShare, darkShare, lawyerShare, shareOf, sumOf } from './numbers.ts';
import { useNumbers } from './use-numbers.ts';

/** What is compared; `worst` says which end of it comes first. */
const COLUMNS = {
  begun: { of: (figures: Figures) => figures.begun, worst: 'high' },
  late: { of: ({ limits }: Figures) => limits.reduce((sum, { late }) => sum + late, 0), worst: 'high' },
  lawyer: { of: lawyerShare, worst: 'low', isShare: true },
  dark: {
    of: darkShare,
    worst: 'high',
    isShare: true,
  },
  checks: { of: checksShare, worst: 'low', isShare: true },
  space: {
    of: ({ space }: Figures) => shareOf(space.under4Seconds, space.seconds),
    worst: 'high',
    isShare: true,
  },
  room: { of: ({ space }: Figures) => space.meanM2 ?? undefined, worst: 'low', digits: 1 },
  complaints: {
    of: ({ complaints, hotline }: Figures) => sumOf(complaints.byKind) + sumOf(hotline.byKind),
    worst: 'high',
  },
  force: { of: ({ force }: Figures) => sumOf(force), worst: 'high' },
} as const satisfies Record<
  string,
  { of(figures: Figures): number | undefined; worst: 'high' | 'low'; isShare?: true; digits?: 1 }
>;
type Column = keyof typeof COLUMNS;
const NAMES = Object.keys(COLUMNS) as Column[];

/** Regions or facilities beside each other; a column's head brings the worst to the top. */
export function PlaceTable({
  rows,
  onOpen,
}: {
  rows: readonly FiguresRow[];
  onOpen(place: FiguresRow['place']): void;
}) {
  const { t, language } = useTexts();
  const { count, percent } = useNumbers();
  const registry = useLive((state) => state.registry);
  const [by, setBy] = useState<Column>();
  const nameOf = ({ place }: FiguresRow) => {
    if (place.kind === 'region')
      return registry?.regionById[place.regionId]?.name[language] ?? place.regionId;
    if (place.kind === 'facility')
      return registry?.facilityById[place.facilityId]?.shortName[language] ?? place.facilityId;
    return '';
  };
  const keyOf = ({ place }: FiguresRow) =>
    place.kind === 'facility' ? place.facilityId : place.kind === 'region' ? place.regionId : place.kind;
  const shown = (column: (typeof COLUMNS)[Column], value: number | undefined) => {
    if ('isShare' in column) return percent(value);
    if (!('digits' in column)) return count(value ?? 0);
    return value === undefined ? '–' : count(value, column.digits);
  };
  const inOrder = nameOrder(language);
  const named = rows.toSorted((a, b) => inOrder(nameOf(a), nameOf(b)));
  const sorted = by === undefined ? named : named.toSorted((a, b) => rank(b, by) - rank(a, by));
  return (
    <section aria-label={t('figures.places')}>
      <h2 className={styles.heading}>{t('figures.places')}</h2>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('figures.place')}</th>
              {NAMES.map((name) => (
                <th key={name} scope="col" aria-sort={name === by ? 'descending' : 'none'}>
                  <button
                    type="button"
                    className={styles.sort}
                    onClick={() => setBy(name === by ? undefined : name)}
                  >
                    {t(`figures.columns.${name}`)}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={keyOf(row)}>
                <th scope="row">
                  {rows.length > 1 ? (
                    <button type="button" className={styles.open} onClick={() => onOpen(row.place)}>
                      {nameOf(row)}
                    </button>
                  ) : (
                    nameOf(row)
                  )}
                </th>
                {NAMES.map((name) => {
                  const column = COLUMNS[name];
                  const value = column.of(row.figures);
                  return <td key={name}>{shown(column, value)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** How bad a row is in a column; what has no number comes last. */
function rank({ figures }: FiguresRow, column: Column): number {
  const { of, worst } = COLUMNS[column];
  const value = of(figures);
  if (value === undefined) return Number.NEGATIVE_INFINITY;
  return worst === 'high' ? value : -value;
}

import { useState } from 'react';
import type { DayFigures } from '#contract/figures.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './DayChart.module.css';
import { DAY_CHARTS, type DayChartName, niceTop } from './numbers.ts';

const NAMES = Object.keys(DAY_CHARTS) as DayChartName[];
const WIDTH = 1000;
const HEIGHT = 220;
const LEFT = 56;
const BOTTOM = 24;
/** Days are named so often that their names do not touch. */
const MAX_LABELS = 16;

/** One measure by days, as bars; which one is chosen above it. */
export function DayChart({ days }: { days: readonly DayFigures[] }) {
  const { t } = useTexts();
  const [name, setName] = useState<DayChartName>('held');
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.caption}>
        <fieldset className={styles.names}>
          <legend className={styles.legend}>{t('figures.byDays')}</legend>
          {NAMES.map((one) => (
            <button
              key={one}
              type="button"
              className={styles.name}
              aria-pressed={one === name}
              onClick={() => setName(one)}
            >
              {t(`figures.charts.${one}`)}
            </button>
          ))}
        </fieldset>
      </figcaption>
      <Bars days={days} name={name} />
    </figure>
  );
}

function Bars({ days, name }: { days: readonly DayFigures[]; name: DayChartName }) {
  const { t, language } = useTexts();
  const values = days.map((day) => ({ day: day.day, value: DAY_CHARTS[name](day) }));
  const top = niceTop(Math.max(...values.map(({ value }) => value), 0));
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const step = (WIDTH - LEFT) / Math.max(1, values.length);
  const every = Math.ceil(values.length / MAX_LABELS);
  const y = (value: number) => (HEIGHT - BOTTOM) * (1 - value / top) + 8;
  return (
    <svg
      className={styles.svg}
      viewBox={`0 0 ${WIDTH} ${HEIGHT + 8}`}
      role="img"
      aria-label={t(`figures.charts.${name}`)}
    >
      {[0, top / 2, top].map((line) => (
        <g key={line}>
          <line x1={LEFT} x2={WIDTH} y1={y(line)} y2={y(line)} className={styles.line} />
          <text x={LEFT - 8} y={y(line) + 4} className={styles.value}>
            {number.format(line)}
          </text>
        </g>
      ))}
      {values.map(({ day, value }, index) => (
        <g key={day}>
          <rect
            x={LEFT + index * step + step * 0.15}
            y={y(value)}
            width={step * 0.7}
            height={Math.max(0, y(0) - y(value))}
            className={styles.bar}
          >
            <title>{`${day}: ${number.format(value)}`}</title>
          </rect>
          {index % every === 0 ? (
            <text x={LEFT + (index + 0.5) * step} y={HEIGHT + 4} className={styles.day}>
              {day.slice(8).replace(/^0/, '')}
            </text>
          ) : null}
        </g>
      ))}
    </svg>
  );
}

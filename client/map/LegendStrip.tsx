import type { MapFill } from '#contract/scenes.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { useFilterWords } from '../wall/use-filter-words.ts';
import styles from './LegendStrip.module.css';
import { isReporting } from './map-facts.ts';
import { SIGNS } from './measure.ts';
import { NoDataMark, SignMark } from './SignMark.tsx';
import { useSignWords } from './use-sign-words.ts';

/**
 * The legend of a map that nobody touches, in as few lines as it takes: beside the map, where it covers no sign. It says what
 * was asked for as well: nobody is to take a part of the country for all of it.
 */
export function LegendStrip({ fill: { measure, filter } }: { fill: MapFill }) {
  const { t } = useTexts();
  const asked = useFilterWords(filter);
  const wordOf = useSignWords(measure);
  const hasDark = useLive(
    ({ registry }) => registry?.regions.some((region) => !isReporting(region)) ?? false,
  );
  return (
    <ul className={styles.strip} aria-label={t('map.legend')} data-legend={measure}>
      {asked === '' ? null : <li className={styles.asked}>{asked}</li>}
      {SIGNS[measure].map((sign) => (
        <li key={sign} className={styles.item}>
          <SignMark measure={measure} sign={sign} />
          {wordOf(sign)}
        </li>
      ))}
      {hasDark ? (
        <li className={styles.item}>
          <NoDataMark />
          {t('map.occupied')}
        </li>
      ) : null}
      <li className={styles.note}>{t(`map.numbers.${measure}`)}</li>
    </ul>
  );
}

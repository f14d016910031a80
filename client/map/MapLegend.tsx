import { VideoOff } from 'lucide-react';
import type { Severity } from '#contract/flags.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { useDesk, useTexts, useView } from '../desk/desk-context.ts';
import styles from './MapLegend.module.css';

const LEVELS: readonly Severity[] = [1, 2, 3, 4];

/** What the signs mean. A level is a filter as well: this one and everything more urgent. */
export function MapLegend() {
  const { t } = useTexts();
  const { view } = useDesk();
  const flag = useView((state) => state.filter.flag);
  return (
    <section className={styles.legend} aria-label={t('map.legend')}>
      {LEVELS.map((level) => (
        <button
          key={level}
          type="button"
          className={styles.row}
          aria-pressed={flag === String(level)}
          onClick={() => view.setFilter({ flag: flag === String(level) ? null : (String(level) as '1') })}
        >
          <LevelMark level={level} />
          {t(`levels.${level}`)}
        </button>
      ))}
      <p className={styles.row}>
        <VideoOff size="1em" aria-hidden="true" />
        {t('map.noPicture')}
      </p>
      <p className={styles.row}>
        <span className={styles.dot} />
        {t('map.calm')}
      </p>
      <p className={styles.row}>
        <span className={styles.hatch} />
        {t('map.occupied')}
      </p>
    </section>
  );
}

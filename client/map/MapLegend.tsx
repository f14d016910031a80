import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { AreaFilter } from '#contract/area-filter.ts';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import styles from './MapLegend.module.css';
import { isReporting } from './map-facts.ts';
import { SIGNS, type Sign } from './measure.ts';
import { NoDataMark, SignMark } from './SignMark.tsx';
import { useSignWords } from './use-sign-words.ts';

/** What the signs mean, and what the numbers count. A sign that asks for something is a filter as well: this one and everything worse. */
export function MapLegend() {
  const { t } = useTexts();
  const { view } = useDesk();
  const measure = useView((state) => state.measure);
  const filter = useView((state) => state.filter);
  const wordOf = useSignWords(measure);
  const hasDark = useLive(
    ({ registry }) => registry?.regions.some((region) => !isReporting(region)) ?? false,
  );
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={styles.legend} aria-label={t('map.legend')} data-open={isOpen || undefined}>
      <button type="button" className={styles.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t('map.legend')}
        <ChevronDown size="1em" aria-hidden="true" />
      </button>
      <div className={styles.rows}>
        {SIGNS[measure].map((sign) => {
          const asked = askedBy(measure, sign, filter);
          const content = (
            <>
              <SignMark measure={measure} sign={sign} />
              {wordOf(sign)}
            </>
          );
          return asked ? (
            <button
              key={sign}
              type="button"
              className={styles.row}
              aria-pressed={asked.isOn}
              onClick={() => view.setFilter(asked.change)}
            >
              {content}
            </button>
          ) : (
            <p key={sign} className={styles.row}>
              {content}
            </p>
          );
        })}
        {hasDark ? (
          <p className={styles.row}>
            <NoDataMark />
            {t('map.occupied')}
          </p>
        ) : null}
        <p className={styles.note}>{t(`map.numbers.${measure}`)}</p>
      </div>
    </section>
  );
}

/** The filter that a sign stands for; undefined for one that asks for nothing. */
function askedBy(
  measure: keyof typeof SIGNS,
  sign: Sign,
  filter: AreaFilter,
): { isOn: boolean; change: Partial<AreaFilter> } | undefined {
  const level = (facet: 'flag' | 'space' | 'clock') => {
    const isOn = filter[facet] === sign;
    return { isOn, change: { [facet]: isOn ? null : sign } };
  };
  if (sign === 'calm' || sign === 'empty' || sign === 'unknown') return undefined;
  if (measure !== 'state') return level(measure);
  if (sign !== 'unseen') return level('flag');
  const isOn = filter.status.includes('unseen');
  return { isOn, change: { status: isOn ? [] : ['unseen'] } };
}

import { useMemo } from 'react';
import { useTexts } from '../desk/desk-context.ts';

/** Numbers, shares and durations as a table has them; a dash for what there is none of. */
export function useNumbers() {
  const { t, language } = useTexts();
  return useMemo(() => {
    const locale = language === 'uk' ? 'uk-UA' : 'en-GB';
    const number = (digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
    const whole = number(0);
    const tenths = number(1);
    const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
    return {
      count: (value: number, digits: 0 | 1 = 0) => (digits === 0 ? whole : tenths).format(value),
      percent: (value: number | undefined) => (value === undefined ? '–' : share.format(value)),
      /** Seconds as hours. */
      hours: (seconds: number) =>
        t('figures.hours', { hours: (seconds < 36_000 ? tenths : whole).format(seconds / 3_600) }),
      minutes: (value: number | null) => {
        if (value === null) return '–';
        return value < 120
          ? t('figures.minutes', { minutes: whole.format(value) })
          : t('figures.hours', { hours: tenths.format(value / 60) });
      },
    };
  }, [t, language]);
}

import { ChevronLeft, ChevronRight, Printer } from 'lucide-react';
import { Link } from 'wouter';
import { DigestReply, Month } from '#contract/figures.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './DigestPage.module.css';
import { DigestSheet } from './DigestSheet.tsx';
import { monthName } from './months.ts';
import { useReading } from './use-figures.ts';
import { useMonth } from './use-month.ts';

/** The month on paper, fit to publish: by region, no personal data, small numbers kept back, and how it was counted. */
export function DigestPage() {
  const { t, language } = useTexts();
  const { month, shift } = useMonth(Month.safeParse(new URLSearchParams(location.search).get('month')).data);
  const { value, failure, loading, retry } = useReading(`/api/v1/figures/digest?month=${month}`, DigestReply);
  return (
    <div className={styles.page}>
      <nav className={styles.tools} aria-label={t('figures.period')}>
        <Link href="/figures" className={styles.back}>
          {t('figures.back')}
        </Link>
        <span className={styles.months}>
          <Button look="quiet" iconOnly aria-label={t('figures.earlier')} onClick={() => shift(-1)}>
            <ChevronLeft size="1rem" aria-hidden="true" />
          </Button>
          {monthName(month, language)}
          <Button look="quiet" iconOnly aria-label={t('figures.later')} onClick={() => shift(1)}>
            <ChevronRight size="1rem" aria-hidden="true" />
          </Button>
        </span>
        <Button look="primary" disabled={value?.month !== month} onClick={() => print()}>
          <Printer size="1rem" aria-hidden="true" />
          {t('figures.print')}
        </Button>
      </nav>
      {failure ? (
        <Notice title={t('figures.failed')} hint={t(`errors.${failure}`)} role="alert">
          <Button look="primary" onClick={retry}>
            {t('figures.retry')}
          </Button>
        </Notice>
      ) : value && (value.month === month || loading) ? (
        <DigestSheet digest={value} />
      ) : (
        <Notice title={t('figures.loading')} />
      )}
    </div>
  );
}

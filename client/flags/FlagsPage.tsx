import { Check } from 'lucide-react';
import { useMemo } from 'react';
import { AlertStrip } from '../alerts/AlertStrip.tsx';
import { Notice } from '../design/Notice.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { isKnown } from '../store/live-store.ts';
import { FlagQueue } from './FlagQueue.tsx';
import styles from './FlagsPage.module.css';
import { useFlagsWithin, useOpenFlags } from './use-open-flags.ts';
import { useShelved } from './use-shelved.ts';

/** Rows that are drawn; the most urgent ones. */
const MAX_ROWS = 300;

/** The queue: one row a flag, most urgent first, of what the filter lets through. */
export function FlagsPage() {
  const { t } = useTexts();
  const within = useFlagsWithin();
  const flags = useOpenFlags();
  const shelved = useShelved(within);
  // What is put aside is not gone: it stands behind the others, with who, why and until when.
  const shown = useMemo(() => {
    const aside = within.filter(({ id }) => shelved.has(id));
    return [...within.filter(({ id }) => !shelved.has(id)), ...aside].slice(0, MAX_ROWS);
  }, [within, shelved]);
  return (
    <section className={styles.page} aria-label={t('flagsPage.title')}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('flagsPage.title')}</h1>
        <span className={styles.count}>{t('count.flags', { count: shown.length })}</span>
        {shelved.size > 0 ? (
          <span className={styles.count}>{t('shelve.count', { count: shelved.size })}</span>
        ) : null}
      </header>
      <div className={styles.strip}>
        <AlertStrip />
      </div>
      <VisuallyHidden>
        <h2>{t('flagsPage.open')}</h2>
      </VisuallyHidden>
      {shown.length === 0 ? <Empty filtered={flags.length > 0} /> : <FlagQueue flags={shown} />}
    </section>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  const { t } = useTexts();
  const known = useLive(isKnown);
  if (!known) return <Notice title={t('alarms.unknown')} />;
  if (filtered) return <Notice title={t('flagsPage.emptyFilter')} hint={t('wall.emptyFilterHint')} />;
  return <Notice icon={Check} title={t('flagsPage.empty')} hint={t('flagsPage.emptyHint')} />;
}

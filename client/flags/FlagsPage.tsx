import { Check, Hourglass } from 'lucide-react';
import { useMemo, useState } from 'react';
import { AlertStrip } from '../alerts/AlertStrip.tsx';
import { PathChecked } from '../alerts/PathChecked.tsx';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { isKnown } from '../store/live-store.ts';
import { FlagQueue } from './FlagQueue.tsx';
import styles from './FlagsPage.module.css';
import { useFlagsWithin, useOpenFlags } from './use-open-flags.ts';
import { useShelved } from './use-shelved.ts';

/** The queue: one row a flag, most urgent first, of what the filter lets through. */
export function FlagsPage() {
  const { t } = useTexts();
  const within = useFlagsWithin();
  const flags = useOpenFlags();
  const shelved = useShelved(within);
  const [isAsideAsked, askAside] = useState(false);
  const isAsideAlone = isAsideAsked && shelved.size > 0;
  // What is put aside is not gone: it stands behind the others, with who, why and until when; and by itself, when it is
  // asked for, since in a flood there are more before it than rows.
  const queued = useMemo(() => {
    const aside = within.filter(({ id }) => shelved.has(id));
    const others = isAsideAlone ? [] : within.filter(({ id }) => !shelved.has(id));
    return [...others, ...aside];
  }, [within, shelved, isAsideAlone]);
  return (
    <section className={styles.page} aria-label={t('flagsPage.title')}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('flagsPage.title')}</h1>
        <span className={styles.count}>{t('count.flags', { count: queued.length })}</span>
        {shelved.size > 0 ? (
          <Button
            look="quiet"
            className={styles.only ?? ''}
            aria-pressed={isAsideAlone}
            title={t('shelve.only')}
            data-aside-only
            onClick={() => askAside(!isAsideAlone)}
          >
            <Hourglass size="0.875rem" aria-hidden="true" /> {t('shelve.count', { count: shelved.size })}
          </Button>
        ) : null}
        <div className={styles.checked}>
          <PathChecked />
        </div>
      </header>
      <div className={styles.strip}>
        <AlertStrip />
      </div>
      <VisuallyHidden>
        <h2>{t('flagsPage.open')}</h2>
      </VisuallyHidden>
      {queued.length === 0 ? <Empty filtered={flags.length > 0} /> : <FlagQueue flags={queued} />}
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

import { Check, Hourglass } from 'lucide-react';
import { useMemo, useState } from 'react';
import { AlertStrip } from '../alerts/AlertStrip.tsx';
import { PathChecked } from '../alerts/PathChecked.tsx';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { useIsWide } from '../shell/scale.ts';
import { isKnown } from '../store/live-store.ts';
import { FlagDetail, NamedFlag } from './FlagDetail.tsx';
import { FlagQueue, MAX_ROWS } from './FlagQueue.tsx';
import styles from './FlagsPage.module.css';
import { useChosenFlag } from './use-chosen-flag.ts';
import { useFlagsWithin, useOpenFlags } from './use-open-flags.ts';
import { useShelved } from './use-shelved.ts';

/** From this width on (rems) rows have room for their words with the details of one of them beside. */
const BESIDE_FROM = 80;

/** The queue: one row a flag, most urgent first, of what the filter lets through; where there is room, one of them beside. */
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
  const isWide = useIsWide(BESIDE_FROM);
  const { chosen, linked, choose } = useChosenFlag(isWide);
  const known = useLive(isKnown);
  // An empty queue needs no room beside it.
  const isBeside = isWide && (queued.length > 0 || chosen !== undefined || !known);
  const hasRow = (flagId: string) => queued.slice(0, MAX_ROWS).some(({ id }) => id === flagId);
  const isAbove = !isBeside && known && linked !== undefined && !hasRow(linked);
  return (
    <section
      className={styles.page}
      aria-label={t('flagsPage.title')}
      data-detail-beside={isBeside || undefined}
    >
      <div className={styles.queue}>
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
          {isAbove ? (
            // Whoever followed a link is told what became of the flag, also where nothing stands beside the rows.
            <section className={styles.linked} aria-label={t('flagDetail.title')} data-linked-flag={linked}>
              <NamedFlag key={linked} flagId={linked} hasRow={false} />
            </section>
          ) : null}
        </div>
        <VisuallyHidden>
          <h2>{t('flagsPage.open')}</h2>
        </VisuallyHidden>
        {queued.length === 0 ? (
          <Empty filtered={flags.length > 0} />
        ) : (
          <FlagQueue flags={queued} chosen={chosen} linked={linked} folds={!isBeside} onChoose={choose} />
        )}
      </div>
      {isBeside ? <FlagDetail flagId={chosen} hasRow={chosen !== undefined && hasRow(chosen)} /> : null}
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

import { useMemo } from 'react';
import { Link } from 'wouter';
import { useTexts } from '../desk/desk-context.ts';
import styles from './AlarmZone.module.css';
import { FlagCard } from './FlagCard.tsx';
import { groupFlags } from './open-flags.ts';
import { useOpenFlags } from './use-open-flags.ts';

/** Cards in the zone; the rest is in the queue. More cannot be taken in at a glance. */
const MAX_CARDS = 40;

/** Where alarms live: beside the pictures, never over them, until somebody has dealt with them. */
export function AlarmZone() {
  const { t } = useTexts();
  const flags = useOpenFlags();
  const groups = useMemo(() => groupFlags(flags), [flags]);
  const fresh = flags.filter(({ state }) => state === 'raised').length;
  const rest = groups.slice(MAX_CARDS).reduce((sum, group) => sum + group.flags.length, 0);
  return (
    <aside className={styles.zone} aria-label={t('alarms.title')}>
      <header className={styles.header}>
        <h2 className={styles.title}>{t('alarms.title')}</h2>
        <Link href="/flags" className={styles.count} title={t('alarms.open')} aria-live="polite">
          {fresh > 0 ? t('alarms.new', { count: fresh }) : t('count.flags', { count: flags.length })}
        </Link>
      </header>
      <div className={styles.list}>
        {flags.length === 0 ? (
          <div className={styles.none}>
            <p>{t('alarms.none')}</p>
            <p className={styles.hint}>{t('alarms.noneHint')}</p>
          </div>
        ) : null}
        {groups.slice(0, MAX_CARDS).map((group) => (
          <FlagCard key={group.key} flags={group.flags} placed />
        ))}
        {rest > 0 ? (
          <Link href="/flags" className={styles.rest}>
            {t('alarms.rest', { count: rest })}
          </Link>
        ) : null}
      </div>
    </aside>
  );
}

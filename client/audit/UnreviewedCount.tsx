import { useEffect } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { WatchingList } from '#contract/watching.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useReading } from '../figures/use-figures.ts';
import styles from './UnreviewedCount.module.css';

/** Watching is looked at every five minutes; whoever has reviewed one sees soon that it is gone. */
const POLL_MS = 60_000;

/**
 * What watching gave reason to ask and nobody of outside control has looked at yet: told wherever they are, and to nobody
 * else, least of all to those whom it is about.
 */
export function UnreviewedCount() {
  const { t } = useTexts();
  const { alerts } = useDesk();
  const { value, retry } = useReading('/api/v1/audit/watching', WatchingList);
  const told = useStore(alerts.store, ({ watching }) => watching?.id);
  useEffect(() => {
    if (told !== undefined) retry();
  }, [told, retry]);
  useEffect(() => {
    const timer = setInterval(retry, POLL_MS);
    return () => clearInterval(timer);
  }, [retry]);
  const count = value?.items.filter(({ reviewed }) => reviewed === null).length ?? 0;
  if (count === 0) return null;
  return (
    <Link href="/audit/watching" className={styles.count} title={t('audit.watching.unreviewedHint')}>
      {t('audit.watching.unreviewed', { count })}
    </Link>
  );
}

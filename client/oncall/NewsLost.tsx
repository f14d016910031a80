import { WifiOff } from 'lucide-react';
import { useCallback } from 'react';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { useTimed } from '../desk/use-timed.ts';
import { useToday } from '../desk/use-today.ts';
import styles from './OncallPage.module.css';

/** The server says something at least every two seconds; a phone between two cells misses a few. */
const LOST_MS = 12_000;

/** Says when the last news came, as soon as none come: a quiet phone must not pass for a quiet night. */
export function NewsLost() {
  const { t, formats } = useTexts();
  const lastMs = useLastNews();
  const todayMs = useToday();
  if (lastMs === 'current') return null;
  return (
    <div className={styles.lost} role="alert" data-lost>
      <WifiOff size="1.25rem" aria-hidden="true" />
      <div>
        <p className={styles.lostTitle}>
          {lastMs === undefined
            ? t('oncall.lostNever')
            : t('oncall.lost', { time: formats.momentWithSeconds(lastMs, todayMs) })}
        </p>
        <p>{t('oncall.lostHint')}</p>
      </div>
    </div>
  );
}

/** When the last news came (server clock, ms), once none do; undefined if none ever came. */
function useLastNews(): number | undefined | 'current' {
  const { sync, serverClock } = useDesk();
  const link = useLive((state) => state.link);
  const silentSinceMs = useTimed(
    useCallback(() => {
      const ageMs = sync.dataAgeMs();
      return ageMs !== undefined && ageMs > LOST_MS ? serverClock.nowMs() - ageMs : undefined;
    }, [sync, serverClock]),
    isOneSilence,
  );
  if (link.state === 'lost') {
    const ageMs = sync.dataAgeMs();
    return ageMs === undefined ? undefined : (silentSinceMs ?? link.sinceMs);
  }
  return silentSinceMs ?? 'current';
}

/** The first instant that was found is kept while it lasts: it is not the same to the millisecond. */
function isOneSilence(before: number | undefined, now: number | undefined): boolean {
  return (before === undefined) === (now === undefined);
}

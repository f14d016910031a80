import { useCallback, useLayoutEffect, useRef } from 'react';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { isCurrent } from '../store/live-store.ts';
import styles from './DataAge.module.css';

/** The server says something at least every two seconds; three that fail to come are worth a colour. */
const LATE_MS = 6_500;
const STALE_MS = 15_000;

/** How old everything on the screen is, and the server's time. Always there. */
export function DataAge() {
  const { t, formats } = useTexts();
  const { sync, live, serverClock, ticker } = useDesk();
  const link = useLive((state) => state.link);
  const isUnreadable = useLive((state) => state.unreadable !== undefined);
  const box = useRef<HTMLDivElement>(null);

  const age = useCallback(() => {
    const ageMs = sync.dataAgeMs();
    if (link.state === 'lost')
      return t('data.lost', { time: formats.moment(link.sinceMs, serverClock.nowMs()) });
    if (isUnreadable && !isCurrent(live.getState())) return t('data.unreadable');
    if (ageMs === undefined) return t('data.waiting');
    if (!isCurrent(live.getState())) return t('data.resyncing');
    return t('data.current', { age: formats.fineAge(ageMs) });
  }, [sync, live, link, isUnreadable, serverClock, formats, t]);
  const clock = useCallback(() => formats.timeWithSeconds(serverClock.nowMs()), [formats, serverClock]);

  useLayoutEffect(() => {
    const mark = () => {
      const ageMs = sync.dataAgeMs() ?? 0;
      const worry = ageMs > STALE_MS || link.state === 'lost' ? 'stale' : ageMs > LATE_MS ? 'late' : 'none';
      if (box.current && box.current.dataset.worry !== worry) box.current.dataset.worry = worry;
    };
    mark();
    return ticker.add(mark);
  }, [sync, link, ticker]);

  return (
    <div ref={box} className={styles.box} title={t('data.hint')} data-testid="data-age">
      <Ticking text={age} className={styles.age} />
      <Ticking text={clock} className={styles.clock} />
    </div>
  );
}

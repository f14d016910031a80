import { useCallback } from 'react';
import { type Show, stepAt } from '#contract/displays.ts';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import styles from './DisplaysPage.module.css';

/** What is on a display or a wall just now, whose it is, and what of it may not be shown there. */
export function OnIt({ show }: { show: Show }) {
  const { t, formats } = useTexts();
  const { serverClock } = useDesk();
  const todayMs = useToday();
  const text = useCallback(() => {
    const { index } = stepAt(show, serverClock.nowMs());
    const scene = show.scenes[index]?.name ?? '';
    const count = show.scenes.length;
    return count === 1 ? scene : t('displays.shows', { scene, step: index + 1, count });
  }, [show, serverClock, t]);
  return (
    <>
      <p className={styles.fact}>
        <Ticking text={text} />
      </p>
      <p className={styles.faint}>
        {t('displays.by', {
          name: show.pushedBy,
          time: formats.moment(Date.parse(show.pushedAt), todayMs),
        })}
      </p>
      {show.leftOut > 0 ? (
        <p className={styles.fact}>{t('displays.leftOut', { count: show.leftOut })}</p>
      ) : null}
    </>
  );
}

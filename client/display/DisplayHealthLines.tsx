import { EyeOff, WifiOff, ZoomIn } from 'lucide-react';
import { AWAY_AFTER_MS, type DisplayView, READ_ARC_MINUTES, readMinutesOf } from '#contract/displays.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import styles from './DisplaysPage.module.css';
import { useAway } from './use-away.ts';

/** How a display does, as it says itself, or since when it says nothing. */
export function DisplayHealthLines({ display }: { display: DisplayView }) {
  const { health, show } = display;
  const { t, formats } = useTexts();
  const served = useLive(({ servedBuild }) => servedBuild);
  const away = useAway(health);
  const todayMs = useToday();
  if (!health) return <p className={styles.worry}>{t('displays.never')}</p>;
  const atMs = Date.parse(health.at);
  const time = formats.momentWithSeconds(atMs, todayMs);
  if (away)
    return (
      <p className={styles.worry} data-health="away">
        <WifiOff size="1em" aria-hidden="true" /> {t('displays.away', { time })}
      </p>
    );
  const filled = health.tiles.filter(({ areaId }) => areaId !== null);
  const live = filled.filter(({ state }) => state === 'live').length;
  // A page that was not built has no name; and what the server serves is known only once it has said.
  const isOther = health.build !== '' && served !== undefined && health.build !== served;
  return (
    <>
      {health.visible ? null : (
        <p className={styles.worry}>
          <EyeOff size="1em" aria-hidden="true" /> {t('displays.hidden')}
        </p>
      )}
      {health.showVersion < (show?.version ?? 0) &&
      Date.parse(show?.pushedAt ?? '') < atMs - AWAY_AFTER_MS ? (
        <p className={styles.worry}>{t('displays.behind')}</p>
      ) : null}
      {readMinutesOf(display, health.screen) < READ_ARC_MINUTES - 0.5 ? (
        <p className={styles.worry} data-small>
          <ZoomIn size="1em" aria-hidden="true" />{' '}
          {t('displays.tooSmall', {
            minutes: Math.round(readMinutesOf(display, health.screen)),
            wanted: READ_ARC_MINUTES,
          })}
        </p>
      ) : null}
      <p className={styles.fact} data-health="well">
        {filled.length > 0 ? `${t('displays.live', { live, count: filled.length })} · ` : ''}
        {live > 0 ? `${t('displays.fpsEach', { fps: Math.round(health.decodedFps / live) })} · ` : ''}
        {t('displays.seen', { time })}
      </p>
      <p className={styles.faint} title={health.build}>
        {isOther ? `${t('displays.otherBuild')} · ` : ''}
        {t('displays.page', health.screen)}
      </p>
    </>
  );
}

import { EyeOff, WifiOff, ZoomIn } from 'lucide-react';
import { AWAY_AFTER_MS, type DisplayView, READ_ARC_MINUTES, readMinutesOf } from '#contract/displays.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './DisplaysPage.module.css';
import { useAway } from './use-away.ts';

/** How a display does, as it says itself, or since when it says nothing. */
export function DisplayHealthLines({ display }: { display: DisplayView }) {
  const { health, show } = display;
  const { t, formats } = useTexts();
  const away = useAway(health);
  if (!health) return <p className={styles.worry}>{t('displays.never')}</p>;
  const atMs = Date.parse(health.at);
  const time = formats.timeWithSeconds(atMs);
  if (away)
    return (
      <p className={styles.worry} data-health="away">
        <WifiOff size="1em" aria-hidden="true" /> {t('displays.away', { time })}
      </p>
    );
  const filled = health.tiles.filter(({ areaId }) => areaId !== null);
  const live = filled.filter(({ state }) => state === 'live').length;
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
        {filled.length > 0
          ? `${t('displays.live', { live, count: filled.length })} · ${t('displays.fps', { fps: Math.round(health.decodedFps) })} · `
          : ''}
        {t('displays.seen', { time })}
      </p>
      <p className={styles.faint}>
        {t('displays.build', {
          build: health.build,
          width: health.screen.width,
          height: health.screen.height,
        })}
      </p>
    </>
  );
}

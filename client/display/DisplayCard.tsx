import {
  Eraser,
  EyeOff,
  MonitorX,
  Pause,
  Play,
  Settings2,
  SkipBack,
  SkipForward,
  WifiOff,
} from 'lucide-react';
import { useCallback } from 'react';
import { AWAY_AFTER_MS, type DisplayView, type Show, stepAt } from '#contract/displays.ts';
import { Button } from '../design/Button.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import styles from './DisplaysPage.module.css';
import { Miniature } from './Miniature.tsx';
import type { DisplaysState } from './use-displays.ts';

interface DisplayCardProps {
  display: DisplayView;
  tour: DisplaysState['tour'];
  onPlacing(display: DisplayView): void;
  onRevoke(display: DisplayView): void;
  onPush(display: DisplayView): void;
}

/** One display: what is on it, how it does, and what can be done with it. */
export function DisplayCard({ display, tour, onPlacing, onRevoke, onPush }: DisplayCardProps) {
  const { t } = useTexts();
  const { who } = useDesk();
  const { health, show } = display;
  return (
    <li className={styles.card} data-display-id={display.id}>
      {health ? <Miniature display={display} health={health} /> : <div className={styles.blank} />}
      <div className={styles.about}>
        <h2 className={styles.name}>{display.name}</h2>
        <p className={styles.place}>{display.place}</p>
        <Health display={display} />
        {show ? <OnIt show={show} /> : null}
        {display.spot ? <p className={styles.faint}>{t('displays.spot')}</p> : null}
        <div className={styles.actions}>
          {mayDo(who, 'display.push') ? (
            <>
              <Button onClick={() => onPush(display)}>{t('displays.push')}</Button>
              {show && show.scenes.length > 1 ? (
                <>
                  <Button
                    look="quiet"
                    iconOnly
                    aria-label={t('displays.previous')}
                    onClick={() => void tour(display, 'previous')}
                  >
                    <SkipBack size="1rem" aria-hidden="true" />
                  </Button>
                  <Button
                    look="quiet"
                    iconOnly
                    aria-label={t(show.isPaused ? 'displays.resume' : 'displays.pause')}
                    onClick={() => void tour(display, show.isPaused ? 'resume' : 'pause')}
                  >
                    {show.isPaused ? (
                      <Play size="1rem" aria-hidden="true" />
                    ) : (
                      <Pause size="1rem" aria-hidden="true" />
                    )}
                  </Button>
                  <Button
                    look="quiet"
                    iconOnly
                    aria-label={t('displays.next')}
                    onClick={() => void tour(display, 'next')}
                  >
                    <SkipForward size="1rem" aria-hidden="true" />
                  </Button>
                </>
              ) : null}
              {show ? (
                <Button
                  look="quiet"
                  iconOnly
                  aria-label={t('displays.clear')}
                  title={t('displays.clear')}
                  onClick={() => void tour(display, 'clear')}
                >
                  <Eraser size="1rem" aria-hidden="true" />
                </Button>
              ) : null}
            </>
          ) : null}
          {mayDo(who, 'display.manage') ? (
            <>
              <Button
                look="quiet"
                iconOnly
                aria-label={t('displays.placing', { name: display.name })}
                title={t('displays.placing', { name: display.name })}
                onClick={() => onPlacing(display)}
              >
                <Settings2 size="1rem" aria-hidden="true" />
              </Button>
              <Button
                look="quiet"
                iconOnly
                aria-label={t('displays.revoke')}
                title={t('displays.revoke')}
                onClick={() => onRevoke(display)}
              >
                <MonitorX size="1rem" aria-hidden="true" />
              </Button>
            </>
          ) : null}
        </div>
      </div>
    </li>
  );
}

function Health({ display: { health, show } }: { display: DisplayView }) {
  const { t, formats } = useTexts();
  const { serverClock } = useDesk();
  if (!health) return <p className={styles.worry}>{t('displays.never')}</p>;
  const atMs = Date.parse(health.at);
  const time = formats.timeWithSeconds(atMs);
  if (serverClock.nowMs() - atMs > AWAY_AFTER_MS)
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

function OnIt({ show }: { show: Show }) {
  const { t, formats } = useTexts();
  const { serverClock } = useDesk();
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
        {t('displays.by', { name: show.pushedBy, time: formats.time(Date.parse(show.pushedAt)) })}
      </p>
      {show.leftOut > 0 ? (
        <p className={styles.fact}>{t('displays.leftOut', { count: show.leftOut })}</p>
      ) : null}
    </>
  );
}

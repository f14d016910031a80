import { MonitorX, Settings2 } from 'lucide-react';
import type { DisplayView } from '#contract/displays.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { DisplayHealthLines } from './DisplayHealthLines.tsx';
import styles from './DisplaysPage.module.css';
import { Miniature } from './Miniature.tsx';
import { OnIt } from './OnIt.tsx';
import { TourButtons } from './TourButtons.tsx';
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
        <DisplayHealthLines display={display} />
        {show ? <OnIt show={show} /> : null}
        {show?.part ? <p className={styles.faint}>{t('walls.isPart')}</p> : null}
        {display.spot ? <p className={styles.faint}>{t('displays.spot')}</p> : null}
        <div className={styles.actions}>
          {mayDo(who, 'display.push') ? (
            <>
              <Button onClick={() => onPush(display)}>{t('displays.push')}</Button>
              <TourButtons display={display} tour={tour} />
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

import { ArrowLeft, Flag as FlagIcon, MapPinOff } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AreaId } from '#contract/ids.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { FlagCard } from '../flags/FlagCard.tsx';
import { mayDo } from '../session/session.ts';
import { FocusFacts } from './FocusFacts.tsx';
import styles from './FocusView.module.css';
import { Tile } from './Tile.tsx';
import { type TileData, useTile } from './use-tile.ts';

/** One area, as large as the room allows, with all that is known of it. Asked for by a person, and left with Escape. */
export function FocusView({ areaId }: { areaId: AreaId }) {
  const { t } = useTexts();
  const { view } = useDesk();
  const data = useTile(areaId);
  const isLoaded = useLive((state) => state.registry !== undefined);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"]')) return;
      view.focus(null);
      view.mark(areaId);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [areaId, view]);

  if (!isLoaded) return <div className={styles.view} />;
  if (!data)
    return (
      <div className={styles.view}>
        <Notice icon={MapPinOff} title={t('focus.missing')} hint={t('focus.missingHint')} role="alert">
          <Button look="primary" onClick={() => view.focus(null)}>
            {t('focus.close')}
          </Button>
        </Notice>
      </div>
    );
  return <Known data={data} />;
}

function Known({ data }: { data: TileData }) {
  const { t, language } = useTexts();
  const { view, who } = useDesk();
  const { area, facility, flags } = data;
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  const leave = () => {
    view.focus(null);
    view.mark(area.id);
  };
  const mayRaise = mayDo(who, 'flag.raise');
  return (
    <div className={styles.view}>
      <Picture areaId={area.id} onLeave={leave} onRaise={mayRaise ? view.raise : undefined} />
      <aside className={styles.side} aria-label={area.name[language]}>
        <header className={styles.header}>
          <Button ref={back} look="quiet" className={styles.back} onClick={leave}>
            <ArrowLeft size="1rem" aria-hidden="true" />
            {t('focus.close')}
          </Button>
          <h2 className={styles.title}>{area.name[language]}</h2>
          <p className={styles.place}>{facility?.name[language]}</p>
          <p className={styles.id}>{area.id}</p>
          {mayRaise ? (
            <Button look="primary" className={styles.raise} onClick={() => view.raise(area.id)}>
              <FlagIcon size="1rem" aria-hidden="true" />
              {t('tile.raise')}
            </Button>
          ) : null}
        </header>
        <section className={styles.section}>
          <h3 className={styles.heading}>{t('focus.flags')}</h3>
          {flags.length === 0 ? <p className={styles.none}>{t('focus.noFlags')}</p> : null}
          {flags.map((flag) => (
            <FlagCard key={flag.id} flags={[flag]} placed={false} />
          ))}
        </section>
        <FocusFacts data={data} />
      </aside>
    </div>
  );
}

interface PictureProps {
  areaId: AreaId;
  onLeave(): void;
  onRaise: ((areaId: AreaId) => void) | undefined;
}

/** The same tile as on the wall, in the size of the room. */
function Picture({ areaId, onLeave, onRaise }: PictureProps) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  // Before the browser paints: the tile, and with it the picture, comes in the first frame.
  useLayoutEffect(() => {
    const target = host.current;
    if (!target) return undefined;
    setWidth(target.clientWidth);
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={host} className={styles.picture}>
      {width > 0 ? (
        <Tile
          areaId={areaId}
          slot={0}
          pictureWidth={width}
          shown
          tabbable
          marked={false}
          rank="focused"
          onOpen={onLeave}
          onRaise={onRaise}
        />
      ) : null}
    </div>
  );
}

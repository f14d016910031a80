import { ArrowLeft, Flag as FlagIcon, MapPinOff } from 'lucide-react';
import { type RefObject, useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AreaId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { PutAreaButton } from '../display/PutAreaButton.tsx';
import { GateButton } from '../gate/GateButton.tsx';
import { MaskButton } from '../gate/MaskButton.tsx';
import { VisitList } from '../gate/VisitList.tsx';
import { OpeningPurpose } from '../purposes/OpeningPurpose.tsx';
import { useOpening } from '../purposes/use-opening.ts';
import { mayDo } from '../session/session.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { areaOfCard, cardInHand } from './card-in-hand.ts';
import { FocusFacts } from './FocusFacts.tsx';
import { FocusFlags } from './FocusFlags.tsx';
import { FocusRecent } from './FocusRecent.tsx';
import { FocusStream } from './FocusStream.tsx';
import styles from './FocusView.module.css';
import { Tile } from './Tile.tsx';
import type { TileData } from './tile-data.ts';
import { turnToArea } from './turn-to-area.ts';
import { useTile } from './use-tile.ts';
import { useZoom } from './use-zoom.ts';
import { ZoomButtons } from './ZoomButtons.tsx';
import { PAN_STEP, ZOOM_STEP } from './zoom.ts';

/** One area, as large as the room allows, with all that is known of it. Asked for by a person, and left with Escape. */
export function FocusView({ areaId }: { areaId: AreaId }) {
  const { t } = useTexts();
  const data = useTile(areaId);
  const isLoaded = useLive((state) => state.registry !== undefined);
  const leave = useLeave(areaId);

  useShortcuts('focus', true, {
    leave: () => (document.querySelector('[role="dialog"]') ? false : leave()),
  });

  if (!isLoaded) return <div className={styles.view} />;
  if (!data)
    return (
      <div className={styles.view}>
        <Notice icon={MapPinOff} title={t('focus.missing')} hint={t('focus.missingHint')} role="alert">
          <Button look="primary" onClick={leave}>
            {t('focus.close')}
          </Button>
        </Notice>
      </div>
    );
  return <Known data={data} onLeave={leave} />;
}

/** Back to the wall, to the tile of the area, whichever page that is on by now. */
function useLeave(areaId: AreaId): () => void {
  const desk = useDesk();
  return () => {
    desk.view.focus(null);
    // An area that the filter does not let through has no tile: the keyboard stays with the wall then.
    if (!turnToArea(desk, areaId)) document.getElementById('content')?.focus({ preventScroll: true });
  };
}

function Known({ data, onLeave }: { data: TileData; onLeave(): void }) {
  const { t, language } = useTexts();
  const { view, who, selection, openings } = useDesk();
  const { area, facility } = data;
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  const mayRaise = mayDo(who, 'flag.raise');
  const isAsked = useOpening(data);
  // The picture comes with the first frame; what is known of the area, with one that does not hold it up.
  const isWhole = useDeferredValue(true, false);
  const picture = useRef<HTMLDivElement>(null);
  const zoom = useZoom(picture);
  const turn = (by: number) => {
    const { matched } = selection.store.getState();
    const next = matched[matched.indexOf(area.id) + by];
    return next === undefined || !matched.includes(area.id) ? false : view.focusInstead(next);
  };
  useShortcuts('focus', true, {
    raiseHere() {
      const card = cardInHand();
      const at = card ? areaOfCard(card) : area.id;
      return mayRaise && at !== undefined ? view.raise(at) : false;
    },
    zoomIn: () => zoom.zoom(ZOOM_STEP),
    zoomOut: () => zoom.zoom(1 / ZOOM_STEP),
    zoomReset: zoom.reset,
    pan({ key }) {
      const across = key === 'ArrowLeft' ? 1 : key === 'ArrowRight' ? -1 : 0;
      const down = key === 'ArrowUp' ? 1 : key === 'ArrowDown' ? -1 : 0;
      return zoom.pan(across * PAN_STEP, down * PAN_STEP);
    },
    nextArea: () => turn(1),
    previousArea: () => turn(-1),
  });
  return (
    <div className={styles.view}>
      <Picture
        host={picture}
        areaId={area.id}
        largest={isAsked ? 'low' : undefined}
        onLeave={onLeave}
        onRaise={mayRaise ? view.raise : undefined}
      />
      <aside className={styles.side} aria-label={area.name[language]}>
        <header className={styles.header}>
          <Button ref={back} look="quiet" className={styles.back} onClick={onLeave}>
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
          <ZoomButtons control={zoom} />
          <div className={styles.acts}>
            <GateButton data={data} />
            <MaskButton data={data} />
            <PutAreaButton areaId={area.id} />
          </div>
          <VisitList data={data} />
        </header>
        {isAsked ? <OpeningPurpose areaId={area.id} onStated={openings.again} /> : null}
        {isWhole ? <Details data={data} /> : null}
      </aside>
    </div>
  );
}

/** Everything that is known of the area now. */
function Details({ data }: { data: TileData }) {
  const { area, flags } = data;
  return (
    <>
      <FocusFlags areaId={area.id} flags={flags} />
      <FocusFacts data={data} />
      <FocusRecent data={data} />
      {area.feeds[0] ? <FocusStream feedId={area.feeds[0].id} /> : null}
    </>
  );
}

interface PictureProps {
  host: RefObject<HTMLDivElement | null>;
  areaId: AreaId;
  /** Before it was said what it is opened for, it is no more than on the wall. */
  largest: Layer | undefined;
  onLeave(): void;
  onRaise: ((areaId: AreaId) => void) | undefined;
}

/** The same tile as on the wall, in the size of the room. */
function Picture({ host, areaId, largest, onLeave, onRaise }: PictureProps) {
  const [width, setWidth] = useState(0);
  // Before the browser paints: the tile, and with it the picture, comes in the first frame.
  useLayoutEffect(() => {
    const target = host.current;
    if (!target) return undefined;
    setWidth(target.clientWidth);
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, [host]);
  return (
    <div ref={host} className={styles.picture} data-zoomable>
      {width > 0 ? (
        <Tile
          areaId={areaId}
          slot={0}
          pictureWidth={width}
          shown
          tabbable
          marked={false}
          rank="focused"
          largest={largest}
          onOpen={onLeave}
          onRaise={onRaise}
        />
      ) : null}
    </div>
  );
}

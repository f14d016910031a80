import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Span } from '#contract/displays.ts';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './MapCanvas.module.css';
import { createMapDeck, type MapDeck, type Pointing } from './map-deck.ts';
import { boundsWithin, type Scene } from './scene.ts';
import { findDrawer, useSize } from './use-canvas.ts';

/** What a person does with a map. */
interface Handling extends Pointing {
  /** What lies over the canvas, such as a line that is being drawn. */
  over(deck: MapDeck): ReactNode;
}

interface MapCanvasProps {
  scene: Scene;
  /** @default nothing: it is only looked at */
  handling?: Handling;
  /** Of a map that is only looked at: the part of it that this canvas is, in parts of the whole. */
  part?: Span;
}

/** Time for the driver to settle before a lost canvas is made anew. */
const RESTORE_MS = 1_000;

/** The canvas, or why there is none. A context that is lost (a driver that restarts, a machine that slept) comes back. */
export function MapCanvas(props: MapCanvasProps) {
  const { t } = useTexts();
  const host = useRef<HTMLDivElement>(null);
  const [attempt, setAttempt] = useState(0);
  const [isLost, setLost] = useState(false);
  const [drawer] = useState(findDrawer);
  const hasWebgl = drawer !== 'nothing';

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const onLost = (event: Event) => {
      event.preventDefault();
      setLost(true);
    };
    element.addEventListener('webglcontextlost', onLost, true);
    return () => element.removeEventListener('webglcontextlost', onLost, true);
  }, []);

  useEffect(() => {
    if (!isLost) return undefined;
    const timer = setTimeout(() => {
      setAttempt((before) => before + 1);
      setLost(false);
    }, RESTORE_MS);
    return () => clearTimeout(timer);
  }, [isLost]);

  return (
    <div ref={host} className={styles.host} data-webgl={hasWebgl ? (isLost ? 'lost' : 'ready') : 'none'}>
      {hasWebgl ? null : (
        <Notice title={t('map.noWebgl')} hint={t(props.handling ? 'map.noWebglHint' : 'map.noWebglFar')} />
      )}
      {isLost ? <Notice title={t('map.lost')} /> : null}
      {hasWebgl && !isLost ? (
        <Canvas key={attempt} {...props} isDrawnByProcessor={drawer === 'processor'} />
      ) : null}
    </div>
  );
}

/** React hands over what is to be shown; the canvas draws its own frames. */
function Canvas({
  scene,
  handling,
  part,
  isDrawnByProcessor,
}: MapCanvasProps & { isDrawnByProcessor: boolean }) {
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const [deck, setDeck] = useState<MapDeck>();
  const latest = useRef(handling);
  latest.current = handling;
  const isHandled = handling !== undefined;

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const made = createMapDeck({
      host: element,
      pointing: isHandled
        ? {
            onRegion: (id) => latest.current?.onRegion(id),
            onMark: (mark) => latest.current?.onMark(mark),
            tooltip: (mark) => latest.current?.tooltip(mark) ?? '',
          }
        : undefined,
      isStill: matchMedia('(prefers-reduced-motion: reduce)').matches,
      isDrawnByProcessor,
    });
    setDeck(made);
    return () => made[Symbol.dispose]();
  }, [isHandled, isDrawnByProcessor]);

  const { shapes, facilities, chosenRegions, style } = scene;
  const frame = useMemo(() => part && { part, scale: style.scale }, [part, style.scale]);
  useEffect(() => {
    const bounds = size && boundsWithin({ shapes, facilities, chosenRegions });
    if (bounds) deck?.fit(bounds, frame);
  }, [deck, size, shapes, facilities, chosenRegions, frame]);
  useEffect(() => deck?.show(scene), [deck, scene]);

  return (
    <>
      <div ref={host} className={styles.canvas} />
      {deck ? handling?.over(deck) : null}
    </>
  );
}

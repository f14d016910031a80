import { type CSSProperties, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { AreaId } from '#contract/ids.ts';
import { useDesk, useView } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { autoCount, type Box, fitGrid, pictureWidth } from './grid-fit.ts';
import { Tile } from './Tile.tsx';
import styles from './TileGrid.module.css';
import type { TileRank } from './tile-priority.ts';
import { useInView } from './use-in-view.ts';
import { usePreclaims } from './use-preclaims.ts';
import { usePulse } from './use-pulse.ts';
import { useWallKeys } from './use-wall-keys.ts';

/** CSS pixels between tiles, and between the outermost and the edge. */
const GUTTER_PX = 3;
/** Narrower than this one column of tiles is scrolled instead: a phone. */
const HAND_PX = 640;
const HAND_TILES = 8;

interface TileGridProps {
  shown: boolean;
  /** Why these tiles are on the screen. @default 'wall' */
  rank?: TileRank;
}

/** The tiles of the page that is shown, as large as the room allows. */
export function TileGrid({ shown, rank = 'wall' }: TileGridProps) {
  const { view, selection, who } = useDesk();
  const element = useRef<HTMLDivElement>(null);
  const box = useBox(element);
  const grid = useView((state) => state.grid);
  const marked = useView((state) => state.marked);
  const placed = useStore(selection.store, (state) => state.placed);
  const matched = useStore(selection.store, (state) => state.matched.length);

  const isHand = box !== undefined && box.width < HAND_PX;
  const capacity = box && (isHand ? HAND_TILES : grid === 'auto' ? autoCount(box, textScale()) : grid);
  useLayoutEffect(() => {
    if (capacity !== undefined) view.setCapacity(capacity);
  }, [capacity, view]);

  // Where nobody chose a size, a few areas take the room of many.
  const tiles = grid === 'auto' ? Math.min(capacity ?? 1, Math.max(1, matched)) : capacity;
  const fit = box && tiles !== undefined ? fitGrid(box, tiles, GUTTER_PX) : undefined;
  const columns = isHand ? 1 : (fit?.columns ?? 1);
  const active = useWallKeys({ element, columns, count: placed.length, shown });
  const inView = useInView(element, placed, isHand);
  usePulse(element, shown);

  usePreclaims(fit && pictureWidth(fit.cellWidth, fit.cellHeight), shown && !isHand, rank);

  const open = useCallback((areaId: AreaId) => view.focus(areaId), [view]);
  const raise = useCallback((areaId: AreaId) => view.raise(areaId), [view]);
  const mayRaise = mayDo(who, 'flag.raise');

  useEffect(() => {
    if (marked === null) return;
    element.current
      ?.querySelector<HTMLElement>(`[data-area-id="${CSS.escape(marked)}"] > button`)
      ?.focus({ preventScroll: false });
  }, [marked]);

  const style: CSSProperties | undefined =
    fit && !isHand
      ? {
          gridTemplateColumns: `repeat(${fit.columns}, ${fit.cellWidth}px)`,
          gridTemplateRows: `repeat(${fit.rows}, ${fit.cellHeight}px)`,
        }
      : undefined;
  return (
    <div ref={element} className={styles.grid} data-hand={isHand || undefined} style={style}>
      {fit
        ? placed.map((areaId, slot) => (
            <Tile
              key={areaId}
              areaId={areaId}
              slot={slot}
              pictureWidth={isHand ? box.width : pictureWidth(fit.cellWidth, fit.cellHeight)}
              rank={rank}
              shown={shown && (inView?.has(areaId) ?? true)}
              tabbable={slot === active}
              marked={areaId === marked}
              onOpen={open}
              onRaise={mayRaise ? raise : undefined}
            />
          ))
        : null}
    </div>
  );
}

/** The room inside an element, in whole CSS pixels. */
function useBox(element: React.RefObject<HTMLElement | null>): Box | undefined {
  const [box, setBox] = useState<Box>();
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const measure = () => {
      const { clientWidth, clientHeight } = target;
      const width = clientWidth - 2 * GUTTER_PX;
      const height = clientHeight - 2 * GUTTER_PX;
      // A wall that is hidden has no room; it keeps its grid for when it comes back.
      if (clientWidth === 0 || clientHeight === 0) return;
      setBox((before) => (before?.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return box;
}

function textScale(): number {
  return Number(getComputedStyle(document.documentElement).getPropertyValue('--scale')) || 1;
}

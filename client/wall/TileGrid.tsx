import {
  type CSSProperties,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand';
import type { AreaId } from '#contract/ids.ts';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useDesk, useTexts, useView } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { arrange, type Box, capacityOf, type Place, pictureWidth, shapeOf } from './grid-fit.ts';
import { Tile } from './Tile.tsx';
import styles from './TileGrid.module.css';
import type { TileRank } from './tile-priority.ts';
import { useAfterFilter } from './use-after-filter.ts';
import { useInView } from './use-in-view.ts';
import { usePaced } from './use-paced.ts';
import { usePreclaims } from './use-preclaims.ts';
import { usePulse } from './use-pulse.ts';
import { useSwap } from './use-swap.ts';
import { useTileDrag } from './use-tile-drag.ts';
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
  const { t } = useTexts();
  const element = useRef<HTMLDivElement>(null);
  const box = useBox(element);
  const grid = useView((state) => state.grid);
  const marked = useView((state) => state.marked);
  const placed = useAfterFilter(useStore(selection.store, (state) => state.placed));
  const matched = useAfterFilter(useStore(selection.store, (state) => state.matched.length));
  const slots = usePaced(placed);

  const isHand = box !== undefined && box.width < HAND_PX;
  const capacity = box && (isHand ? HAND_TILES : capacityOf(grid, box, textScale()));
  useLayoutEffect(() => {
    if (capacity !== undefined) view.setCapacity(capacity);
  }, [capacity, view]);

  const plan = useMemo(
    () =>
      box && capacity !== undefined && !isHand
        ? arrange(grid, box, { capacity, matched, gutter: GUTTER_PX })
        : undefined,
    [box, capacity, grid, isHand, matched],
  );
  useLayoutEffect(() => {
    if (capacity !== undefined) view.setShape(shapeOf(plan, capacity));
  }, [plan, capacity, view]);
  const places = plan?.places ?? NO_PLACES;
  const { swap, said } = useSwap(slots);
  const active = useWallKeys({
    element,
    places: isHand ? undefined : places,
    count: placed.length,
    shown,
    swap,
  });
  const inView = useInView(element, slots, box && isHand);
  usePulse(element, shown);
  useTileDrag(element, shown && !isHand, swap);

  const widthOf = useCallback(
    (slot: number) => {
      const place = places[slot];
      return place ? pictureWidth(place.width, place.height) : 0;
    },
    [places],
  );
  usePreclaims(plan && widthOf, shown && !isHand, rank);

  const open = useCallback((areaId: AreaId) => view.focus(areaId), [view]);
  const raise = useCallback((areaId: AreaId) => view.raise(areaId), [view]);
  const mayRaise = mayDo(who, 'flag.raise');

  /** The area that was marked and has been reached: its tile may come a moment after the wish. */
  const reached = useRef<AreaId | null>(null);
  useEffect(() => {
    if (marked === null) reached.current = null;
    if (marked === null || reached.current === marked || !slots.includes(marked)) return;
    reached.current = marked;
    element.current
      ?.querySelector<HTMLElement>(`[data-area-id="${CSS.escape(marked)}"] > button`)
      ?.focus({ preventScroll: false });
  }, [marked, slots]);

  const style: CSSProperties | undefined = plan && {
    gridTemplateColumns: toTracks(plan.columns),
    gridTemplateRows: toTracks(plan.rows),
  };
  const tiles = slots.flatMap((areaId, slot) => (areaId === undefined ? [] : [{ areaId, slot }]));
  // By name, not by place: a tile that changes its place does not move in the document, which would stop its video.
  if (!isHand) tiles.sort((a, b) => (a.areaId < b.areaId ? -1 : 1));
  return (
    <>
      <div ref={element} className={styles.grid} data-hand={isHand || undefined} style={style}>
        {box && capacity !== undefined
          ? tiles.map(({ areaId, slot }) => (
              <Tile
                key={areaId}
                areaId={areaId}
                slot={slot}
                gridArea={toGridArea(places[slot])}
                pictureWidth={isHand ? box.width : widthOf(slot)}
                rank={rank}
                shown={shown && (isHand ? (inView?.has(areaId) ?? true) : slot < places.length)}
                tabbable={slot === active}
                marked={areaId === marked}
                onOpen={open}
                onRaise={mayRaise ? raise : undefined}
              />
            ))
          : null}
      </div>
      <VisuallyHidden>
        <p role="status">{said === undefined ? '' : t('layout.moved', { place: said + 1 })}</p>
      </VisuallyHidden>
    </>
  );
}

const NO_PLACES: readonly Place[] = [];

function toTracks(sizes: readonly number[]): string {
  return sizes.map((size) => `${size}px`).join(' ');
}

function toGridArea(place: Place | undefined): string | undefined {
  return place && `${place.row + 1} / ${place.column + 1} / span ${place.rows} / span ${place.columns}`;
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

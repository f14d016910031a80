import { useLayoutEffect, useRef, useState } from 'react';
import { type Span, WHOLE } from '#contract/displays.ts';
import { pictureWidth } from '../wall/grid-fit.ts';
import { Tile } from '../wall/Tile.tsx';
import { usePulse } from '../wall/use-pulse.ts';
import { type Cell, placesWithin } from './cells.ts';
import styles from './SceneGrid.module.css';

/** CSS pixels between tiles, as on the wall. */
const GUTTER_PX = 3;

const doNothing = () => {};

interface SceneGridProps {
  rows: number;
  columns: number;
  cells: readonly Cell[];
  /** The part of it that this screen shows. @default the whole */
  span?: Span | undefined;
}

/**
 * The tiles of a scene, each in its place. A tile that stays from one scene to the next is not touched. Of a scene that
 * goes over several screens, only the tiles of this one's part are there.
 */
export function SceneGrid({ rows, columns, cells, span = WHOLE }: SceneGridProps) {
  const element = useRef<HTMLDivElement>(null);
  const box = useSize(element);
  usePulse(element, true);
  const whole = box && { width: box.width / span.width, height: box.height / span.height };
  const width = whole ? Math.floor((whole.width - GUTTER_PX * (columns - 1)) / columns) : 0;
  const height = whole ? Math.floor((whole.height - GUTTER_PX * (rows - 1)) / rows) : 0;
  // Only the last row gives way: the others stay where one display ends and the next one begins.
  const lastHeight = height - (box?.foot ?? 0);
  const within = new Set(placesWithin({ rows, columns }, span));
  // In the order of their names: a tile that changes its place does not move in the document, which would stop its video.
  const tiles = cells
    .flatMap(({ areaId, held }, place) =>
      areaId === null || !within.has(place) ? [] : [{ areaId, held, place }],
    )
    .toSorted((a, b) => (a.areaId < b.areaId ? -1 : 1));
  return (
    <div ref={element} className={styles.window} data-part={span !== WHOLE || undefined}>
      <div
        className={styles.grid}
        style={{
          gridTemplateColumns: `repeat(${columns}, ${width}px)`,
          gridTemplateRows: [
            ...Array.from({ length: rows - 1 }, () => `${height}px`),
            `${lastHeight}px`,
          ].join(' '),
          ...(whole
            ? {
                width: whole.width,
                height: whole.height - box.foot,
                left: -span.x * whole.width,
                top: -span.y * whole.height,
              }
            : {}),
        }}
      >
        {box
          ? tiles.map(({ areaId, held, place }) => (
              <div
                key={areaId}
                className={styles.cell}
                data-held={held || undefined}
                style={{ gridRow: Math.floor(place / columns) + 1, gridColumn: (place % columns) + 1 }}
              >
                <Tile
                  areaId={areaId}
                  slot={place}
                  pictureWidth={pictureWidth(width, height)}
                  shown
                  tabbable={false}
                  marked={false}
                  rank="wall"
                  onOpen={doNothing}
                  onRaise={undefined}
                />
              </div>
            ))
          : null}
      </div>
    </div>
  );
}

interface Size {
  width: number;
  height: number;
  /** What of the whole picture's height is kept free below the tiles. */
  foot: number;
}

/** In CSS pixels. */
function useSize(element: React.RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const measure = () => {
      const foot = Number.parseFloat(getComputedStyle(target).paddingBottom);
      setSize({ width: target.clientWidth, height: target.clientHeight, foot });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

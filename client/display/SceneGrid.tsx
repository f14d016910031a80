import { useLayoutEffect, useRef, useState } from 'react';
import { pictureWidth } from '../wall/grid-fit.ts';
import { Tile } from '../wall/Tile.tsx';
import { usePulse } from '../wall/use-pulse.ts';
import type { Cell } from './cells.ts';
import styles from './SceneGrid.module.css';

/** CSS pixels between tiles, as on the wall. */
const GUTTER_PX = 3;

const doNothing = () => {};

interface SceneGridProps {
  rows: number;
  columns: number;
  cells: readonly Cell[];
}

/** The tiles of a scene, each in its place. A tile that stays from one scene to the next is not touched. */
export function SceneGrid({ rows, columns, cells }: SceneGridProps) {
  const element = useRef<HTMLDivElement>(null);
  const box = useSize(element);
  usePulse(element, true);
  const width = box ? Math.floor((box.width - GUTTER_PX * (columns - 1)) / columns) : 0;
  const height = box ? Math.floor((box.height - GUTTER_PX * (rows - 1)) / rows) : 0;
  // In the order of their names: a tile that changes its place does not move in the document, which would stop its video.
  const tiles = cells
    .flatMap(({ areaId, held }, place) => (areaId === null ? [] : [{ areaId, held, place }]))
    .toSorted((a, b) => (a.areaId < b.areaId ? -1 : 1));
  return (
    <div
      ref={element}
      className={styles.grid}
      style={{
        gridTemplateColumns: `repeat(${columns}, ${width}px)`,
        gridTemplateRows: `repeat(${rows}, ${height}px)`,
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
  );
}

function useSize(
  element: React.RefObject<HTMLElement | null>,
): { width: number; height: number } | undefined {
  const [size, setSize] = useState<{ width: number; height: number }>();
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const measure = () => setSize({ width: target.clientWidth, height: target.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

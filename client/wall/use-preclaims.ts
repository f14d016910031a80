import { useEffect, useRef } from 'react';
import { useDesk } from '../desk/desk-context.ts';
import { createPreclaims } from '../media/preclaim.ts';
import { flagsOf, statusOf } from '../store/live-store.ts';
import { isClosed } from './tile-data.ts';
import { layerFor } from './tile-input.ts';
import { type TileRank, tilePriority } from './tile-priority.ts';

/** Asks for the feeds of a page as soon as it is decided which areas are on it, before their tiles are there. Widths in CSS pixels. */
export function usePreclaims(
  widthOf: ((slot: number) => number) | undefined,
  shown: boolean,
  rank: TileRank = 'wall',
): void {
  const { engine, live, selection } = useDesk();
  const width = useRef(widthOf);
  width.current = widthOf;
  useEffect(() => {
    if (!shown) return undefined;
    const preclaims = createPreclaims(engine);
    const ask = () => {
      const state = live.getState();
      const { placed } = selection.store.getState();
      const areas = placed.flatMap((areaId) => state.registry?.areaById[areaId] ?? []);
      preclaims.set(
        areas.flatMap((area, slot) => {
          const [feed] = area.feeds;
          if (!feed || isClosed(area, statusOf(state, area))) return [];
          const layer = layerFor(feed, width.current?.(slot) ?? 0, undefined);
          return [{ feedId: feed.id, layer, priority: tilePriority(flagsOf(state, area), slot, rank) }];
        }),
      );
    };
    ask();
    const stop = selection.store.subscribe((now, before) => {
      if (now.placed !== before.placed) ask();
    });
    return () => {
      stop();
      preclaims[Symbol.dispose]();
    };
  }, [engine, live, selection, shown, rank]);
}

import { useEffect, useSyncExternalStore } from 'react';
import { useDesk } from '../desk/desk-context.ts';
import type { TileData } from '../wall/tile-data.ts';

/**
 * Tells the server that an area is opened, for as long as it is; true while it waits to be told what for. An open flag is
 * reason enough, whenever it comes.
 */
export function useOpening({ area, flags }: Pick<TileData, 'area' | 'flags'>): boolean {
  const { openings } = useDesk();
  const isAsked = useSyncExternalStore(openings.subscribe, openings.isAsked);
  const isFlagged = flags.length > 0;
  const [feed] = area.feeds;
  const feedId = feed?.id;
  useEffect(() => {
    if (feedId === undefined) return undefined;
    openings.open([feedId]);
    return () => openings.open([]);
  }, [openings, feedId]);
  useEffect(() => {
    if (isFlagged) openings.again();
  }, [openings, isFlagged]);
  return isAsked;
}

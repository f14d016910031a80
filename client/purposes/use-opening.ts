import { useCallback, useEffect, useState } from 'react';
import { useDesk } from '../desk/desk-context.ts';
import type { TileData } from '../wall/tile-data.ts';

/** Whether the server waits to be told what an area is opened for. */
export interface Opening {
  isAsked: boolean;
  /** It was said: asks the server again. */
  again(): void;
}

/** Tells the server that an area is opened, for as long as it is. An open flag is reason enough, whenever it comes. */
export function useOpening({ area, flags }: Pick<TileData, 'area' | 'flags'>): Opening {
  const { openings } = useDesk();
  const [isAsked, setAsked] = useState(false);
  const [round, setRound] = useState(0);
  // Whatever is another when the server should be asked again.
  const reason = `${flags.length > 0} ${round}`;
  const [feed] = area.feeds;
  const feedId = feed?.id;
  useEffect(() => {
    if (feedId === undefined || reason === '') return undefined;
    let isOver = false;
    void openings.open([feedId]).then((outcome) => {
      if (!isOver) setAsked(!outcome.ok && outcome.code === 'purpose_required');
    });
    return () => {
      isOver = true;
    };
  }, [openings, feedId, reason]);
  useEffect(() => () => void openings.open([]), [openings]);
  return { isAsked, again: useCallback(() => setRound((before) => before + 1), []) };
}

import { type RefObject, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Feed } from '#contract/nation.ts';
import { useDesk } from '../desk/desk-context.ts';
import { createTileMedia, type TileInput, type TileMedia } from '../media/tile-media.ts';
import type { TileState } from '../media/tile-state.ts';

const NOT_YET: TileState = { state: 'connecting', slow: false };
const never = () => () => {};

/** The picture of a tile in `host`, and what may be said of it. */
export function useTileMedia(
  feed: Feed | undefined,
  input: TileInput,
  host: RefObject<HTMLElement | null>,
): { media: TileMedia | undefined; state: TileState } {
  const { engine, pool, ticker, serverClock, monotonicMs } = useDesk();
  const [media, setMedia] = useState<TileMedia>();
  const latest = useRef(input);

  useEffect(() => {
    latest.current = input;
    media?.update(input);
  });

  // Before the browser paints, so that the whole page claims its feeds in one turn.
  useLayoutEffect(() => {
    const ports = { engine, pool, ticker, serverClock, monotonicMs };
    const made = createTileMedia(feed, latest.current, ports);
    if (host.current) made.attach(host.current);
    setMedia(made);
    return () => made[Symbol.dispose]();
  }, [feed, host, engine, pool, ticker, serverClock, monotonicMs]);

  const state = useSyncExternalStore(media?.subscribe ?? never, media?.state ?? notYet);
  return { media, state };
}

function notYet(): TileState {
  return NOT_YET;
}

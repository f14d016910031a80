import { type RefObject, useEffect, useLayoutEffect, useState, useSyncExternalStore } from 'react';
import type { Feed } from '#contract/nation.ts';
import { useDesk } from '../desk/desk-context.ts';
import { createTileMedia, type TileInput, type TileMedia } from '../media/tile-media.ts';
import type { TileState } from '../media/tile-state.ts';

/** The picture of a tile in `host`, and what may be said of it. The feed of a tile stays the same. */
export function useTileMedia(
  feed: Feed | undefined,
  input: TileInput,
  host: RefObject<HTMLElement | null>,
): { media: TileMedia; state: TileState } {
  const desk = useDesk();
  const [media] = useState(() => createTileMedia(feed, input, desk));

  // Before the browser paints, so that the whole page claims its feeds in one turn.
  useLayoutEffect(() => (host.current ? media.attach(host.current) : undefined), [media, host]);
  useEffect(() => media.update(input));

  const state = useSyncExternalStore(media.subscribe, media.state);
  return { media, state };
}

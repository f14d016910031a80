import { useSyncExternalStore } from 'react';

/** Window in which map and list stand beside the tiles. The style sheets say the same. */
const ROOM = '(width > 60rem)';

/** Ways to divide the wall that put something beside the tiles. */
const BESIDE: ReadonlySet<string> = new Set(['map', 'list']);

/** Whether there is room for something beside the tiles. */
export function useRoomBeside(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(ROOM).matches);
}

/** Whether a way to divide the wall is one that can be seen here. */
export function isSeenHere(grid: string, hasRoomBeside: boolean): boolean {
  return hasRoomBeside || !BESIDE.has(grid);
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(ROOM);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

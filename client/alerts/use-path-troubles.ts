import { useCallback } from 'react';
import { useStore } from 'zustand';
import { type PathTrouble, pathTroubles } from '#contract/alerts.ts';
import { useDesk } from '../desk/desk-context.ts';
import { useTimed } from '../desk/use-timed.ts';
import { pathWithin } from './silent-posts.ts';

/** What is wrong with the path of alerts, told anew as time goes by: nobody else may be left to say so. */
export function usePathTroubles(): readonly PathTrouble[] {
  const { alerts, serverClock, openedMs, who } = useDesk();
  const path = useStore(alerts.store, (state) => state.path);
  return useTimed(
    useCallback(
      () => (path ? pathTroubles(pathWithin(path, who.scope), serverClock.nowMs(), openedMs) : []),
      [path, serverClock, openedMs, who],
    ),
    isSame,
  );
}

function isSame(before: readonly PathTrouble[], now: readonly PathTrouble[]): boolean {
  return before.join() === now.join();
}

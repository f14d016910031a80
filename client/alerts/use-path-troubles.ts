import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type PathTrouble, pathTroubles } from '#contract/alerts.ts';
import { useDesk } from '../desk/desk-context.ts';
import { pathWithin } from './silent-posts.ts';

/** What is wrong with the path of alerts, told anew as time goes by: nobody else may be left to say so. */
export function usePathTroubles(): readonly PathTrouble[] {
  const { alerts, serverClock, ticker, openedMs, who } = useDesk();
  const path = useStore(alerts.store, (state) => state.path);
  const [troubles, setTroubles] = useState<readonly PathTrouble[]>([]);
  useEffect(() => {
    const look = () => {
      const found = path ? pathTroubles(pathWithin(path, who.scope), serverClock.nowMs(), openedMs) : [];
      setTroubles((before) => (before.join() === found.join() ? before : found));
    };
    look();
    return ticker.add((_, textMayChange) => {
      if (textMayChange) look();
    });
  }, [path, serverClock, ticker, openedMs, who]);
  return troubles;
}

import { useEffect, useState } from 'react';
import { AWAY_AFTER_MS, type DisplayHealth } from '#contract/displays.ts';
import { useDesk } from '../desk/desk-context.ts';

/**
 * Whether a display has been silent for too long, as of now: also when this console itself hears nothing new. Without health
 * nothing was heard of it yet, which is another matter.
 */
export function useAway(health: DisplayHealth | null): boolean {
  const { serverClock, ticker } = useDesk();
  const atMs = health ? Date.parse(health.at) : Infinity;
  const [away, setAway] = useState(() => serverClock.nowMs() - atMs > AWAY_AFTER_MS);
  useEffect(() => {
    const look = () => setAway(serverClock.nowMs() - atMs > AWAY_AFTER_MS);
    look();
    return ticker.add(look);
  }, [atMs, serverClock, ticker]);
  return away;
}

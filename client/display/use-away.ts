import { useCallback } from 'react';
import { AWAY_AFTER_MS, type DisplayHealth } from '#contract/displays.ts';
import { useDesk } from '../desk/desk-context.ts';
import { useTimed } from '../desk/use-timed.ts';

/**
 * Whether a display has been silent for too long, as of now: also when this console itself hears nothing new. Without health
 * nothing was heard of it yet, which is another matter.
 */
export function useAway(health: DisplayHealth | null): boolean {
  const { serverClock } = useDesk();
  const atMs = health ? Date.parse(health.at) : Infinity;
  return useTimed(useCallback(() => serverClock.nowMs() - atMs > AWAY_AFTER_MS, [atMs, serverClock]));
}

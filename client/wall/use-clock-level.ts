import { useCallback } from 'react';
import { type Clock, type ClockState, clockStateAt } from '#contract/clocks.ts';
import { useDesk } from '../desk/desk-context.ts';
import { useTimed } from '../desk/use-timed.ts';

/** How pressing a clock is; renders again only when that becomes another. */
export function useClockLevel(clock: Clock): ClockState {
  const { serverClock } = useDesk();
  return useTimed(useCallback(() => clockStateAt(clock, serverClock.nowMs()), [clock, serverClock]));
}

import { useEffect, useState } from 'react';
import { type Clock, type ClockState, clockStateAt } from '#contract/clocks.ts';
import { useDesk } from '../desk/desk-context.ts';

/** How pressing a clock is; renders again only when that becomes another. */
export function useClockLevel(clock: Clock): ClockState {
  const { serverClock, ticker } = useDesk();
  const [level, setLevel] = useState(() => clockStateAt(clock, serverClock.nowMs()));
  useEffect(() => {
    const look = () => setLevel(clockStateAt(clock, serverClock.nowMs()));
    look();
    return ticker.add((_, textMayChange) => {
      if (textMayChange) look();
    });
  }, [clock, serverClock, ticker]);
  return level;
}

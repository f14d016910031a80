import { useEffect, useState } from 'react';
import { useDesk, useTexts } from './desk-context.ts';

/**
 * An instant of today (ms), to tell times by that may lie on an earlier day. Another one only when the nation has another
 * day: what is shown since yesterday then says so, and nothing renders again before.
 *
 * @param read the clock; the same function as long as it is the same clock. @default the server's as this page knows it
 */
export function useToday(read?: () => number): number {
  const { serverClock, ticker } = useDesk();
  const { formats } = useTexts();
  const clock = read ?? serverClock.nowMs;
  const [todayMs, setTodayMs] = useState(clock);
  useEffect(() => {
    const look = () => {
      const nowMs = clock();
      setTodayMs((before) => (formats.isSameDay(before, nowMs) ? before : nowMs));
    };
    look();
    return ticker.add((_, textMayChange) => {
      if (textMayChange) look();
    });
  }, [clock, formats, ticker]);
  return todayMs;
}

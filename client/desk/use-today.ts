import { useDesk, useTexts } from './desk-context.ts';
import { useTimed } from './use-timed.ts';

/**
 * An instant of today (ms), to tell times by that may lie on an earlier day. Another one only when the nation has another
 * day: what is shown since yesterday then says so, and nothing renders again before.
 *
 * @param read the clock; the same function as long as it is the same clock. @default the server's as this page knows it
 */
export function useToday(read?: () => number): number {
  const { serverClock } = useDesk();
  const { formats } = useTexts();
  return useTimed(read ?? serverClock.nowMs, formats.isSameDay);
}

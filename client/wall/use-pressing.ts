import { useCallback } from 'react';
import type { AreaStatus } from '#contract/status.ts';
import { useDesk } from '../desk/desk-context.ts';
import { useTimed } from '../desk/use-timed.ts';
import { type Pressing, pressingClock } from './clock-face.ts';

/** What of an area's time presses; renders again only when that becomes something else. */
export function usePressing(status: AreaStatus | undefined): Pressing | undefined {
  const { serverClock } = useDesk();
  return useTimed(useCallback(() => pressingClock(status, serverClock.nowMs()), [status, serverClock]));
}

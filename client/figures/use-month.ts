import { useState } from 'react';
import type { Month } from '#contract/figures.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { monthOf, shiftMonth } from './months.ts';

/** The month that is read: that of the nation's calendar now, until another one is `asked` for or chosen. */
export function useMonth(asked?: Month): { month: Month; shift(by: number): void } {
  const { serverClock } = useDesk();
  const { timeZone } = useTexts();
  const [chosen, setChosen] = useState(asked);
  const month = chosen ?? monthOf(serverClock.nowMs(), timeZone);
  return { month, shift: (by) => setChosen(shiftMonth(month, by)) };
}

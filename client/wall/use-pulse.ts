import { type RefObject, useEffect } from 'react';
import { useDesk } from '../desk/desk-context.ts';

/** Half of a pulse: one change a second is slow enough not to disturb, and costs one paint of a few borders. */
const TICKS = 4;

/**
 * Lets the borders of what is needed now pulse, all together. An animation in CSS would draw sixty frames a second above
 * playing videos; this writes one attribute a second. Off with reduced motion.
 */
export function usePulse(element: RefObject<HTMLElement | null>, on: boolean): void {
  const { ticker } = useDesk();
  useEffect(() => {
    if (!on || matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    let ticks = 0;
    return ticker.add(() => {
      ticks += 1;
      if (ticks % TICKS !== 0 || !element.current) return;
      element.current.dataset.pulse = element.current.dataset.pulse === 'high' ? 'low' : 'high';
    });
  }, [element, on, ticker]);
}

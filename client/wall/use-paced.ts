import { useDeferredValue, useEffect, useState } from 'react';
import type { AreaId } from '#contract/ids.ts';
import { useView } from '../desk/desk-context.ts';
import { paced, type Slots } from './paced.ts';

/** Tiles that come with a frame: what they take leaves room in it for a key that is pressed meanwhile. */
const TILES_A_FRAME = 4;

interface Step {
  filter: unknown;
  wanted: readonly AreaId[];
  slots: Slots<AreaId>;
}

/**
 * The areas of a page by their slots. After another filter its tiles come a few with each frame, in their places, and those
 * before them stay there until then; whatever else changes the page brings all of it at once.
 */
export function usePaced(wanted: readonly AreaId[]): Slots<AreaId> {
  const filter = useView((state) => state.filter);
  const drawn = useDeferredValue(filter);
  const [step, setStep] = useState<Step>({ filter, wanted, slots: wanted });
  let now = step;
  if (step.wanted !== wanted) {
    const isFiltered = step.filter !== filter;
    now = { filter, wanted, slots: isFiltered ? paced(step.slots, wanted, TILES_A_FRAME) : wanted };
    setStep(now);
  } else if (step.filter !== filter && drawn === filter) setStep({ ...step, filter });
  const { slots } = now;
  useEffect(() => {
    if (slots === wanted) return undefined;
    const frame = requestAnimationFrame(() =>
      setStep((before) =>
        before.wanted === wanted && before.slots === slots
          ? { ...before, slots: paced(slots, wanted, TILES_A_FRAME) }
          : before,
      ),
    );
    return () => cancelAnimationFrame(frame);
  }, [slots, wanted]);
  return slots;
}

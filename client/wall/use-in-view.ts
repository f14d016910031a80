import { type RefObject, useEffect, useState } from 'react';
import type { AreaId } from '#contract/ids.ts';

/** Tiles are asked for a little before they are scrolled to. */
const MARGIN = '25% 0px';

/**
 * Areas whose tiles can be seen in a list that scrolls; undefined where nothing scrolls and all of them can. What is out
 * of sight lets nothing flow.
 */
export function useInView(
  element: RefObject<HTMLElement | null>,
  placed: readonly (AreaId | undefined)[],
  scrolls: boolean,
): ReadonlySet<AreaId> | undefined {
  const [seen, setSeen] = useState<ReadonlySet<AreaId>>(new Set());
  useEffect(() => {
    const root = element.current;
    // The list is looked at anew whenever other tiles are in it.
    if (!scrolls || !root || placed.length === 0) return undefined;
    const observer = new IntersectionObserver(
      (entries) =>
        setSeen((before) => {
          const after = new Set(before);
          for (const { target, isIntersecting } of entries) {
            const { areaId } = (target as HTMLElement).dataset;
            if (areaId === undefined) continue;
            if (isIntersecting) after.add(areaId);
            else after.delete(areaId);
          }
          return after;
        }),
      { root, rootMargin: MARGIN },
    );
    for (const tile of root.querySelectorAll('[data-area-id]')) observer.observe(tile);
    return () => observer.disconnect();
  }, [element, placed, scrolls]);
  return scrolls ? seen : undefined;
}

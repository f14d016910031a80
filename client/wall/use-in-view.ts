import { type RefObject, useEffect, useRef, useState } from 'react';
import type { AreaId } from '#contract/ids.ts';

/** Tiles are asked for a little before they are scrolled to. */
const MARGIN = '25% 0px';

/**
 * Areas whose tiles can be seen in a list that scrolls; undefined where nothing scrolls and all of them can. What is out
 * of sight lets nothing flow. Where a grid becomes a list, what was in it counts as seen until the list has been looked at:
 * a picture that moves is not let go for a moment. `scrolls` is undefined while the room is not known.
 */
export function useInView(
  element: RefObject<HTMLElement | null>,
  placed: readonly (AreaId | undefined)[],
  scrolls: boolean | undefined,
): ReadonlySet<AreaId> | undefined {
  const [seen, setSeen] = useState<ReadonlySet<AreaId>>();
  const stood = useRef<ReadonlySet<AreaId>>(NONE);
  useEffect(() => {
    if (scrolls !== false) return;
    stood.current = new Set(placed.filter((areaId) => areaId !== undefined));
    setSeen(undefined);
  }, [placed, scrolls]);
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
  return scrolls ? (seen ?? stood.current) : undefined;
}

const NONE: ReadonlySet<AreaId> = new Set();

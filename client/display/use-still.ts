import { type RefObject, useEffect, useState } from 'react';
import { useDesk } from '../desk/desk-context.ts';
import type { Still } from '../media/posters.ts';

/**
 * How often a newer still is wished for. The page itself asks for none more often than nodes take them, counted from the
 * answer: with a longer time every other one would be missed.
 */
const RENEW_MS = 2_500;

/**
 * The newest still of a feed, renewed while it is looked at. What was there of another feed is gone at once.
 *
 * @param feedId undefined for none
 * @param place the nearer to the first, the sooner it comes; all of them after what walls ask for
 */
export function useStill(feedId: string | undefined, place: number): Still | undefined {
  const { posters } = useDesk();
  const [still, setStill] = useState<{ of: string; still: Still | undefined }>();
  useEffect(() => {
    if (feedId === undefined) return setStill(undefined);
    const leaving = new AbortController();
    const look = async () => {
      const newest = await posters.ask(feedId, { priority: 100_000 + place, signal: leaving.signal });
      if (!leaving.signal.aborted) setStill({ of: feedId, still: newest });
    };
    void look();
    const timer = setInterval(() => void look(), RENEW_MS);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [posters, feedId, place]);
  return still?.of === feedId ? still?.still : undefined;
}

/** Whether any of an element can be seen in its window. */
export function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const observer = new IntersectionObserver((entries) =>
      setSeen(entries.some(({ isIntersecting }) => isIntersecting)),
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return seen;
}

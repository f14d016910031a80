import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useDesk, useView } from '../desk/desk-context.ts';
import { countFacets, type FacetCounts } from './match.ts';

/** What comes in all the time changes the numbers at most so often: they are to be read. */
const CALM_MS = 1_000;

/** How many areas each value would show now; undefined until the registry is there. Costs nothing while nobody mounts it. */
export function useFacetCounts(): FacetCounts | undefined {
  const { facts, live, serverClock } = useDesk();
  const filter = useDeferredValue(useView((state) => state.filter));
  const heard = useHeard();
  return useMemo(() => {
    // Read anew for each time that something was heard.
    void heard;
    const known = facts.read(live.getState());
    if (!known) return undefined;
    known.country.setTime(serverClock.nowMs());
    return countFacets(known.country, filter, known.search);
  }, [facts, live, serverClock, filter, heard]);
}

/** Grows when something live has changed. */
function useHeard(): number {
  const { live } = useDesk();
  const [heard, setHeard] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = live.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setHeard((before) => before + 1);
      }, CALM_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [live]);
  return heard;
}

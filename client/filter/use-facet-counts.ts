import { useDeferredValue, useMemo } from 'react';
import { useDesk, useView } from '../desk/desk-context.ts';
import { countFacets, type FacetCounts } from './match.ts';
import { useHeard } from './use-heard.ts';

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

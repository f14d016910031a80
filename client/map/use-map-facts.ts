import { useDeferredValue, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { useDesk, useLive } from '../desk/desk-context.ts';
import { useHeard } from '../filter/use-heard.ts';
import { useFlagsWithin } from '../flags/use-open-flags.ts';
import { type MapFacts, mapFacts } from './map-facts.ts';
import type { Measure } from './measure.ts';

const NOTHING: MapFacts = { measure: 'state', facilities: [], others: [], regions: [], areasOf: () => [] };

/**
 * What the map shows; while it is hidden, what it last showed. What comes in is gathered for a second, and a keystroke is
 * answered before the country is added up for it.
 */
export function useMapFacts(open: boolean, measure: Measure): MapFacts {
  const { facts, live, selection, serverClock } = useDesk();
  const passes = useDeferredValue(useStore(selection.store, (state) => state.passes));
  const flags = useDeferredValue(useFlagsWithin());
  const registry = useLive((state) => state.registry);
  const heard = useHeard(open);
  const last = useRef(NOTHING);
  const now = useMemo(() => {
    // Read anew for each time that something was heard.
    void heard;
    const known = open && registry ? facts.read(live.getState()) : undefined;
    if (!known) return undefined;
    known.country.setTime(serverClock.nowMs());
    return mapFacts(known.country, { measure, passes, flags });
  }, [open, live, facts, serverClock, registry, measure, passes, flags, heard]);
  if (now) last.current = now;
  return last.current;
}

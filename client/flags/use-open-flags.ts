import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { Flag } from '#contract/flags.ts';
import type { FacilityId } from '#contract/ids.ts';
import { useDesk, useLive, useView } from '../desk/desk-context.ts';
import { rowOf } from '../store/facts.ts';
import { flagsWithin } from './open-flags.ts';

export function useOpenFlags(): readonly Flag[] {
  return useLive(useDesk().openFlags);
}

/** Open flags that the page's filter lets through. */
export function useFlagsWithin(): readonly Flag[] {
  const { live, selection, serverClock } = useDesk();
  const flags = useOpenFlags();
  const filter = useView((state) => state.filter);
  const isMatched = useStore(selection.store, (state) => state.isMatched);
  return useMemo(() => {
    const rowsOf = (facilityId: FacilityId) => {
      const state = live.getState();
      const areas = state.registry?.areasByFacility[facilityId] ?? [];
      return areas.map(({ id }) => rowOf(state, id)).filter((row) => row !== undefined);
    };
    return flagsWithin(flags, { isMatched, filter, rowsOf, nowMs: serverClock.nowMs() });
  }, [flags, isMatched, filter, live, serverClock]);
}

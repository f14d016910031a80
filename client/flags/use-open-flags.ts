import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { Flag } from '#contract/flags.ts';
import { useDesk, useLive, useView } from '../desk/desk-context.ts';
import { createOpenFlags, flagsWithin } from './open-flags.ts';

export function useOpenFlags(): readonly Flag[] {
  return useLive(useMemo(createOpenFlags, []));
}

/** Open flags that the page's filter lets through. */
export function useFlagsWithin(): readonly Flag[] {
  const { facts, live, selection, serverClock } = useDesk();
  const flags = useOpenFlags();
  const filter = useView((state) => state.filter);
  const matched = useStore(selection.store, (state) => state.matched);
  return useMemo(() => {
    const rows = () => facts.rows(live.getState());
    return flagsWithin(flags, { matched, filter, rows, nowMs: serverClock.nowMs() });
  }, [flags, matched, filter, facts, live, serverClock]);
}

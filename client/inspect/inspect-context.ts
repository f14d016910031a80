import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import { useTimed } from '../desk/use-timed.ts';
import { type RoomDue, roomsByDue } from './check-order.ts';
import type { FacilityFacts } from './facility-facts.ts';
import type { Outbox } from './outbox.ts';

/** What every screen of the inspector's page stands on. */
export interface Inspect {
  facts: FacilityFacts;
  /** Whether the facts come in from the server now. */
  isLive: boolean;
  outbox: Outbox;
}

export const InspectContext = createContext<Inspect | undefined>(undefined);

export function useInspect(): Inspect {
  const inspect = useContext(InspectContext);
  if (!inspect) throw new Error('used outside of the inspector’s page');
  return inspect;
}

/** How often what is due is put in order anew. */
const PERIOD_MS = 5_000;

/** The server's time as this device knows it, every few seconds. */
export function useNowMs(): number {
  const { outbox } = useInspect();
  return useTimed(outbox.clock.nowMs, isClose);
}

function isClose(beforeMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - beforeMs) < PERIOD_MS;
}

/** Rooms of the facility, most pressing first, with what was recorded on this device counted in. */
export function useRooms(): readonly RoomDue[] {
  const { facts, outbox } = useInspect();
  const records = useStore(outbox.store, (state) => state.records);
  return useMemo(
    () =>
      roomsByDue(facts.rooms, {
        records,
        factsAtMs: facts.atMs,
        offsetMs: outbox.clock.offset()?.ms ?? 0,
      }),
    [facts, records, outbox],
  );
}

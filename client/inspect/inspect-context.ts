import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useDesk } from '../desk/desk-context.ts';
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
  const { ticker } = useDesk();
  const { outbox } = useInspect();
  const [nowMs, setNowMs] = useState(outbox.clock.nowMs);
  useEffect(
    () =>
      ticker.add(() => {
        setNowMs((before) => {
          const now = outbox.clock.nowMs();
          return Math.abs(now - before) >= PERIOD_MS ? now : before;
        });
      }),
    [ticker, outbox],
  );
  return nowMs;
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

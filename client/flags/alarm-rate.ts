import type { StoreApi } from 'zustand/vanilla';
import type { Flag } from '#contract/flags.ts';
import type { FlagId } from '#contract/ids.ts';
import type { LiveState } from '../store/live-store.ts';
import { raisedAt } from '../store/region-sync.ts';
import { isLoud } from './loud.ts';

const TEN_MINUTES_MS = 600_000;
const HOUR_MS = 6 * TEN_MINUTES_MS;

/** New alarms that one operator can live with in ten minutes of an ordinary hour (EEMUA 191). */
export const RATE_AIM = 1;
/** More new alarms than this in ten minutes are a flood, with which one operator cannot keep up (EEMUA 191). */
export const FLOOD_OVER = 10;

/** How many alarms are new to this operator. */
export interface AlarmRate {
  inTenMinutes: number;
  inHour: number;
  isFlood: boolean;
}

/** The rate at an instant, of alarms that were raised at these. All in milliseconds since the epoch. */
export function alarmRate(raisedMs: readonly number[], nowMs: number): AlarmRate {
  const within = (spanMs: number) => raisedMs.filter((atMs) => atMs > nowMs - spanMs && atMs <= nowMs).length;
  const inTenMinutes = within(TEN_MINUTES_MS);
  return { inTenMinutes, inHour: within(HOUR_MS), isFlood: inTenMinutes > FLOOD_OVER };
}

/** When the alarms of the last hour were raised, also of those that are closed by now. */
export interface AlarmTally extends Disposable {
  raisedMs(): readonly number[];
}

interface TallyPorts {
  live: Pick<StoreApi<LiveState>, 'getState' | 'subscribe'>;
  /** All open flags of a state; the same list as long as none changed. */
  openFlags(state: LiveState): readonly Flag[];
  nowMs(): number;
}

/**
 * Remembers what this page has seen to be raised, for an hour. An alarm that was answered within a minute was new all the
 * same. What only waits to be gone through is no alarm.
 */
export function createAlarmTally({ live, openFlags, nowMs }: TallyPorts): AlarmTally {
  const raised = new Map<FlagId, number>();
  let before: readonly Flag[] = [];
  function read(state: LiveState): void {
    const flags = openFlags(state);
    if (flags === before) return;
    before = flags;
    const sinceMs = nowMs() - HOUR_MS;
    const since = new Date(sinceMs).toISOString();
    for (const [id, atMs] of raised) if (atMs <= sinceMs) raised.delete(id);
    // All that are open, with every change of one: so texts are compared, and only what is new is read as an instant.
    for (const flag of flags)
      if (isLoud(flag) && raisedAt(flag) > since && !raised.has(flag.id))
        raised.set(flag.id, Date.parse(raisedAt(flag)));
  }
  read(live.getState());
  const stop = live.subscribe(read);
  return { raisedMs: () => [...raised.values()], [Symbol.dispose]: stop };
}

import { setImmediate } from 'node:timers/promises';
import type { StoredEvent } from '#contract/custody-events.ts';
import type { HandoverChanges } from '#contract/handover.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import { isInScope } from '../access/decide.ts';
import { type EventStore, streamPlace } from '../custody/event-store.ts';
import type { Registry } from '../nation/registry.ts';
import { shiftChanges } from './shift-changes.ts';

/**
 * Events that are read for one summary, the newest of each region: about 20 MB, and a quarter of a second of work, in pieces.
 * What a quiet region leaves of it goes to those after it.
 */
const MAX_READ = 50_000;
const AT_ONCE = 500;

interface ReadChangesOptions {
  events: Pick<EventStore, 'readBefore'>;
  registry: Pick<Registry, 'regionsWithin'>;
  /** Events that are read at most. @default 50,000 */
  most?: number;
}

/** What happened in a scope since an instant (ms since the epoch). */
export type ReadChanges = (scope: Scope, sinceMs: number) => Promise<HandoverChanges>;

/** Reads each region's stream backwards as far as the shift goes, or as far as is bearable: the answer says which. */
export function createReadChanges({
  events,
  registry,
  most: mostOfAll = MAX_READ,
}: ReadChangesOptions): ReadChanges {
  const ofRegion = async (regionId: RegionId, sinceMs: number, most: number) => {
    const found: StoredEvent[] = [];
    let before = '+';
    let read = 0;
    let oldestMs = Number.POSITIVE_INFINITY;
    while (read < most) {
      const entries = await events.readBefore(regionId, {
        before,
        sinceMs,
        count: Math.min(AT_ONCE, most - read),
      });
      const last = entries.at(-1);
      if (!last) return { found, fromMs: sinceMs };
      read += entries.length;
      before = `(${last.streamId}`;
      [oldestMs] = streamPlace(last.streamId);
      for (const { stored } of entries) if (stored) found.push(stored);
      await setImmediate();
    }
    return { found, fromMs: oldestMs };
  };
  return async (scope, sinceMs) => {
    const regionIds = registry.regionsWithin(scope);
    const read: (Awaited<ReturnType<typeof ofRegion>> & { regionId: RegionId })[] = [];
    let left = mostOfAll;
    for (const [index, regionId] of regionIds.entries()) {
      const most = Math.max(1, Math.ceil(left / (regionIds.length - index)));
      const one = await ofRegion(regionId, sinceMs, most);
      left -= one.found.length;
      read.push({ regionId, ...one });
    }
    const fromMs = Math.max(sinceMs, ...read.map((one) => one.fromMs));
    // All of it from the same instant on, or the numbers of two regions could not be added up.
    const mine = read.flatMap(({ regionId, found }) =>
      found.filter(
        ({ facilityId, receivedAt }) =>
          isInScope(scope, { regionId, facilityId }) && Date.parse(receivedAt) >= fromMs,
      ),
    );
    return { from: new Date(fromMs).toISOString(), whole: fromMs === sinceMs, ...shiftChanges(mine) };
  };
}

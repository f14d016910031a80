import { randomUUID } from 'node:crypto';
import type { DarkSeconds } from '#contract/dark.ts';
import type { AreaId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { Leases } from '../../adapters/redis/leases.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import { DarkStore } from './dark-store.ts';
import { sumDark } from './dark-time.ts';
import { DarkWatch } from './dark-watch.ts';

/** A replica that was killed is succeeded after this at the latest; well within the time that counts as looked at. */
const LEASE_MS = 5_000;

interface DarkModuleOptions {
  redis: Redis;
  registry: Pick<Registry, 'nation'>;
  view: LiveView;
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

/** Where somebody was: milliseconds since the epoch, `untilMs` undefined while they are there. */
export interface StayInArea {
  areaId: AreaId;
  fromMs: number;
  untilMs: number | undefined;
}

export interface DarkModule extends AsyncDisposable {
  readonly store: DarkStore;
  /** For how long no camera showed somebody, by cause, up to now. Time that nobody accounted for is `unknown`. */
  darkSecondsOf(regionId: RegionId, stays: readonly StayInArea[]): Promise<DarkSeconds>;
}

/** The account of time without video. `redis` stays the caller's. */
export function createDarkModule({ redis, registry, view, now, log }: DarkModuleOptions): DarkModule {
  const store = new DarkStore(redis);
  const leases = new Leases({ redis, holder: randomUUID(), ttlMs: LEASE_MS });
  const watch = new DarkWatch({ store, view, registry, leases, now, log });
  return {
    store,
    darkSecondsOf: async (regionId, stays) => {
      if (stays.length === 0) return [];
      const sinceMs = stays.reduce((first, { fromMs }) => Math.min(first, fromMs), Number.POSITIVE_INFINITY);
      const darkness = await store.darkness(
        regionId,
        stays.map(({ areaId }) => areaId),
        sinceMs,
      );
      return sumDark(stays, darkness, now());
    },
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

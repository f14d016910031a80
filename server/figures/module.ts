import { randomUUID } from 'node:crypto';
import type { LimitInfo } from '#contract/live.ts';
import { normsOf } from '../../config/norms/norms.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { Leases } from '../adapters/redis/leases.ts';
import type { AuditLog } from '../audit/audit.ts';
import { EventStore } from '../custody/event-store.ts';
import { createBasis } from '../custody/state/basis.ts';
import type { Registry } from '../nation/registry.ts';
import type { DarkStore } from './dark/dark-store.ts';
import { DayTable } from './day-table.ts';
import { FiguresProjector, type FiguresProjectorOptions } from './figures-projector.ts';
import { FiguresReader, type PlacedSums } from './figures-reader.ts';
import { FiguresStore } from './figures-store.ts';
import { figureRoutes } from './routes.ts';

/** A replica that was killed is succeeded after this at the latest; figures are in no hurry. */
const LEASE_MS = 15_000;

interface FiguresModuleOptions {
  redis: Redis;
  registry: Registry;
  dark: DarkStore;
  limits: readonly LimitInfo[];
  audit: Pick<AuditLog, 'auditRefusal'>;
  now: () => number;
  log: FiguresProjectorOptions['log'];
  /** Further sums, such as those of complaints from the hotline. */
  more?: (regionId: string, from: string, to: string) => Promise<PlacedSums[]>;
  /** @default 2000 */
  everyMs?: number;
}

export interface FiguresModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
}

/** Accountability figures: counts for as long as it lives, and answers. `redis` stays the caller's. */
export function createFiguresModule(options: FiguresModuleOptions): FiguresModule {
  const { redis, registry, dark, limits, audit, now, log, more, everyMs } = options;
  const { nation } = registry;
  const basis = createBasis({
    normsOf: normsOf(nation),
    facilities: nation.facilities,
    areas: nation.areas,
  });
  const days = new DayTable(nation.timeZone);
  const store = new FiguresStore({ redis, dark, basis });
  const projector = new FiguresProjector({
    redis,
    store,
    events: new EventStore(redis),
    registry,
    basis,
    days,
    leases: new Leases({ redis, holder: randomUUID(), ttlMs: LEASE_MS }),
    log,
    ...(everyMs === undefined ? {} : { everyMs }),
  });
  const reader = new FiguresReader({ redis, store, registry, basis, days, now });
  return {
    routes: figureRoutes({ reader, more, registry, limits, days, audit, now }),
    [Symbol.asyncDispose]: () => projector[Symbol.asyncDispose](),
  };
}

import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { AuditLog } from '../audit/audit.ts';
import { EventStore } from '../custody/event-store.ts';
import { readUnplaced } from '../custody/state-store.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { createGather } from './gather.ts';
import { HandoverDesk } from './handover-desk.ts';
import { HandoverStore } from './handover-store.ts';
import { createReadChanges } from './read-changes.ts';
import { handoverRoutes } from './routes.ts';

interface HandoverModuleOptions {
  redis: Redis;
  flags: FlagStore;
  registry: Registry;
  view: LiveView;
  audit: AuditLog;
  now: () => number;
}

/** Shift handovers. Owns nothing that needs closing. */
export function createHandoverModule(options: HandoverModuleOptions): { readonly routes: AnyRoute[] } {
  const { redis, flags, registry, view, audit, now } = options;
  const store = new HandoverStore({ redis, audit });
  const gather = createGather({
    flags,
    unplaced: (regionId) => readUnplaced(redis, regionId),
    registry,
    view,
    now,
  });
  const readChanges = createReadChanges({ events: new EventStore(redis), registry });
  return { routes: handoverRoutes(new HandoverDesk({ store, gather, readChanges, registry, audit, now })) };
}

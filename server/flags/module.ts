import type { Accounts } from '../access/account.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { FlagStore } from './flag-store.ts';
import { flagRoutes } from './routes.ts';

interface FlagsModuleOptions {
  redis: Redis;
  registry: Registry;
  live: Pick<LiveView, 'flag'>;
  audit: AuditLog;
  accounts: Pick<Accounts, 'list'>;
  now: () => number;
}

export interface FlagsModule {
  /** For those who raise flags without a person: one store for the whole replica. */
  readonly store: FlagStore;
  readonly routes: AnyRoute[];
}

/** Flags: their life, and the routes to it. Owns nothing that needs closing. */
export function createFlagsModule({
  redis,
  registry,
  live,
  audit,
  accounts,
  now,
}: FlagsModuleOptions): FlagsModule {
  const store = new FlagStore({ redis, audit, now });
  return { store, routes: flagRoutes({ store, registry, live, audit, accounts, now }) };
}

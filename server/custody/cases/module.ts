import type { AnyRoute } from '../../adapters/http/route.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import type { AuditLog } from '../../audit/audit.ts';
import { FlagStore } from '../../flags/flag-store.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Basis } from '../state/basis.ts';
import { CaseEvents } from './case-events.ts';
import { CaseList } from './case-list.ts';
import { caseRoutes } from './routes.ts';
import { ViewingIndex } from './viewing-index.ts';

interface CasesModuleOptions {
  redis: Redis;
  registry: Registry;
  /** Of the projection, so that a case says the same on its page as on the wall. */
  basis: Basis;
  audit: AuditLog;
  now: () => number;
}

export interface CasesModule {
  readonly routes: AnyRoute[];
}

/** Cases, as pages read them. Owns nothing that needs closing. */
export function createCasesModule({ redis, registry, basis, audit, now }: CasesModuleOptions): CasesModule {
  const areaOf = (feedId: string) => registry.feed(feedId)?.area.id;
  return {
    routes: caseRoutes({
      list: new CaseList(redis),
      events: new CaseEvents(redis),
      viewings: new ViewingIndex({ redis, areaOf, now }),
      flags: new FlagStore({ redis, audit, now }),
      basis,
      registry,
      audit,
      now,
    }),
  };
}

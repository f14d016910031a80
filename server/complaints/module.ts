import type { RegionId } from '#contract/ids.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { AuditLog } from '../audit/audit.ts';
import { DayTable } from '../figures/day-table.ts';
import type { PlacedSums } from '../figures/figures-reader.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import { repeat } from '../media/repeat.ts';
import type { Registry } from '../nation/registry.ts';
import { createCipher, type PersonalKey } from '../personal/cipher.ts';
import { flagLeftOver } from './complaint-flags.ts';
import { ComplaintStore } from './complaint-store.ts';
import { complaintRoutes } from './routes.ts';

/** How often it is looked for complaints whose flag was not raised. */
const SWEEP_MS = 5_000;

interface ComplaintsModuleOptions {
  redis: Redis;
  registry: Registry;
  audit: AuditLog;
  flags: Pick<FlagStore, 'change'>;
  /** The first one encrypts. Without any, no complaints are taken. */
  keys: readonly PersonalKey[];
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

export interface ComplaintsModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  /** What figures count of them. */
  sums(regionId: RegionId, from: string, to: string): Promise<PlacedSums[]>;
}

/** Complaints of citizens. `redis` stays the caller's. */
export function createComplaintsModule(options: ComplaintsModuleOptions): ComplaintsModule {
  const { redis, registry, audit, flags, keys, now, log } = options;
  const days = new DayTable(registry.nation.timeZone);
  const store =
    keys.length > 0 ? new ComplaintStore({ redis, audit, cipher: createCipher(keys) }) : undefined;
  const sweeping = repeat(
    async (signal) => {
      for (const { id } of registry.nation.regions) {
        if (signal.aborted || !store) return;
        await flagLeftOver(id, { store, flags });
      }
    },
    {
      everyMs: SWEEP_MS,
      onError: (error) => log.warn({ err: error }, 'flags of complaints cannot be raised now'),
    },
  );
  return {
    routes: complaintRoutes({ store, flags, registry, audit, now }),
    sums: async (regionId, from, to) => {
      const found: PlacedSums[] = [];
      if (!store) return found;
      const add = (facilityId: string, at: string, what: string) => {
        const { day } = days.at(Date.parse(at));
        if (day >= from && day <= to) found.push({ regionId, facilityId, day, sums: { [what]: 1 } });
      };
      for await (const one of store.newestFirst(regionId, now())) {
        const [first] = one.history;
        if (first) add(one.facilityId, first.at, `hotline/${one.kind}`);
        const last = one.history.at(-1);
        if (last && one.outcome !== null) add(one.facilityId, last.at, `answered/${one.outcome}`);
      }
      return found;
    },
    [Symbol.asyncDispose]: () => sweeping[Symbol.asyncDispose](),
  };
}

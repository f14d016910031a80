import type { RegionId } from '#contract/ids.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { Leases } from '../adapters/redis/leases.ts';
import type { AuditLog } from '../audit/audit.ts';
import { repeat } from '../concurrency/repeat.ts';
import type { Registry } from '../nation/registry.ts';
import { createCipher, type PersonalKey } from './cipher.ts';
import { PersonalStore } from './personal-store.ts';
import { personalRoutes } from './routes.ts';
import { type HeldNow, sweepRegion } from './sweep.ts';

/** How often it is looked for what is to be erased. */
const SWEEP_MS = 10 * 60_000;
/** Longer than a sweep of a region takes. */
const LEASE_MS = 5 * 60_000;

interface PersonalModuleOptions {
  redis: Redis;
  registry: Registry;
  audit: AuditLog;
  /** The first one encrypts. Without any, who cases are about is not taken. */
  keys: readonly PersonalKey[];
  /** Days after the end of a case. */
  days: number;
  /** What preservation holds cover. */
  heldIn(regionId: RegionId): Promise<HeldNow>;
  replicaId: string;
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface PersonalModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
}

/** Who cases are about. Disposal ends the sweeping; `redis` stays the caller's. */
export function createPersonalModule(options: PersonalModuleOptions): PersonalModule {
  const { redis, registry, audit, keys, days, heldIn, replicaId, now, log } = options;
  if (keys.length === 0)
    return {
      routes: personalRoutes({ store: undefined, registry, audit, now }),
      [Symbol.asyncDispose]: async () => {},
    };
  const store = new PersonalStore({ redis, audit, cipher: createCipher(keys) });
  const leases = new Leases({ redis, holder: replicaId, ttlMs: LEASE_MS });
  const sweepIfFree = async (regionId: RegionId) => {
    if (!(await leases.hold(`personal:${regionId}`))) return;
    const { erased, unreadable } = await sweepRegion(regionId, { redis, store, days, heldIn, now });
    if (unreadable > 0)
      log.warn({ region: regionId, unreadable }, 'personal data is encrypted with a key that is not at hand');
    if (erased > 0) log.info({ region: regionId, erased }, 'personal data of closed cases is erased');
  };
  const sweeping = repeat(
    async (signal) => {
      for (const { id } of registry.nation.regions) {
        if (signal.aborted) return;
        await sweepIfFree(id);
      }
    },
    {
      everyMs: SWEEP_MS,
      onError: (error) => log.warn({ err: error }, 'personal data could not be looked through'),
    },
  );
  return {
    routes: personalRoutes({ store, registry, audit, now }),
    [Symbol.asyncDispose]: () => sweeping[Symbol.asyncDispose](),
  };
}

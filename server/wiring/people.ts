import { AccountStore } from '../access/account-store.ts';
import { adminRoutes } from '../access/admin-routes.ts';
import { keyRoutes } from '../access/key-routes.ts';
import { KeyStore } from '../access/key-store.ts';
import { ownRoutes } from '../access/own-routes.ts';
import { sampleAccounts } from '../access/sample-accounts.ts';
import { createSignIn } from '../access/sign-in.ts';
import { settleSampleKeys } from '../adapters/boot/sample-keys.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import { sessionRoutes } from '../adapters/http/routes/session.ts';
import type { Sessions } from '../adapters/http/sessions.ts';
import { createAccounts, settleSampleAccounts } from '../adapters/redis/accounts.ts';
import { createFacilityKeys } from '../adapters/redis/facility-keys.ts';
import { createSignInLimiter } from '../adapters/redis/sign-in-limiter.ts';
import type { AuditModule } from '../audit/module.ts';
import type { Site } from './site.ts';

/** Who may do what: accounts of people, keys of facilities, and how people sign in. */
export async function openPeople(site: Site, audit: AuditModule) {
  const { redis, registry, now } = site;
  const sampleMode = site.settings.SAMPLE;
  const accounts = createAccounts({ redis, sampleMode });
  await settleSampleAccounts(redis, sampleMode ? sampleAccounts(registry) : []);
  const facilityKeys = createFacilityKeys({ redis, registry, sampleMode });
  if (sampleMode) await settleSampleKeys({ registry, facilityKeys, dataDir: site.settings.DATA_DIR, now });
  const accountStore = new AccountStore({ redis, audit, sampleMode, now });
  const keyStore = new KeyStore({ redis, audit, now });
  const signInLimiter = createSignInLimiter(redis, now);
  const signIn = await createSignIn({
    accounts,
    limiter: signInLimiter,
    spendFactor: (username, factor) => accountStore.spendFactor(username, factor),
  });

  return {
    accounts,
    facilityKeys,
    routes: (sessions: Sessions): AnyRoute[] => [
      ...sessionRoutes({
        sessions,
        signIn,
        audit,
        sample: registry.nation.sample,
        now,
        countSignIn: (result) => site.metrics.signIns.inc({ result }),
      }),
      ...ownRoutes({ store: accountStore, sessions, limiter: signInLimiter, audit, now }),
      ...adminRoutes({ store: accountStore, sessions, lockOuts: signInLimiter, registry, audit }),
      ...keyRoutes({ keyStore, registry }),
    ],
  };
}

export type People = Awaited<ReturnType<typeof openPeople>>;

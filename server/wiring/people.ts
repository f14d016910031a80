import { AccountStore } from '../access/account-store.ts';
import { adminRoutes } from '../access/admin-routes.ts';
import { createFactorSecrets } from '../access/factor-secrets.ts';
import { keyRoutes } from '../access/key-routes.ts';
import { KeyStore } from '../access/key-store.ts';
import { oidcRoutes } from '../access/oidc/oidc-routes.ts';
import { createTicketCookie } from '../access/oidc/ticket-cookie.ts';
import { ownRoutes } from '../access/own-routes.ts';
import { sampleAccounts } from '../access/sample-accounts.ts';
import { createSignIn } from '../access/sign-in.ts';
import { loadOidc } from '../adapters/boot/oidc-file.ts';
import { settleSampleKeys } from '../adapters/boot/sample-keys.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import { sessionRoutes } from '../adapters/http/routes/session.ts';
import type { Sessions } from '../adapters/http/sessions.ts';
import { createAccounts, settleSampleAccounts } from '../adapters/redis/accounts.ts';
import { createFacilityKeys } from '../adapters/redis/facility-keys.ts';
import { keys } from '../adapters/redis/keys.ts';
import { createSignInLimiter } from '../adapters/redis/sign-in-limiter.ts';
import type { AuditModule } from '../audit/module.ts';
import type { RevokedKey } from '../media/facility/revoked-keys.ts';
import type { Site } from './site.ts';

/** Who may do what: accounts of people, keys of facilities, and how people sign in. */
export async function openPeople(site: Site, audit: AuditModule) {
  const { redis, registry, now } = site;
  const sampleMode = site.settings.SAMPLE;
  const accounts = createAccounts({ redis, sampleMode });
  await settleSampleAccounts(redis, sampleMode ? sampleAccounts(registry) : []);
  const facilityKeys = createFacilityKeys({ redis, registry, sampleMode });
  if (sampleMode) await settleSampleKeys({ registry, facilityKeys, dataDir: site.settings.DATA_DIR, now });
  const secrets = createFactorSecrets(site.settings.PERSONAL_DATA_KEY ?? []);
  const accountStore = new AccountStore({ redis, audit, sampleMode, now, secrets });
  const keyStore = new KeyStore({
    redis,
    audit,
    now,
    onRevoked: async (facilityId, keyId) => {
      await redis.publish(keys.keysRevoked, JSON.stringify({ facilityId, keyId } satisfies RevokedKey));
    },
  });
  const signInLimiter = createSignInLimiter(redis, now);
  const signIn = await createSignIn({
    accounts,
    limiter: signInLimiter,
    spendFactor: (username, factor) => accountStore.spendFactor(username, factor),
  });

  const oidc = await loadOidc(site.settings, site.publicOrigin);

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
      ...oidcRoutes({
        oidc,
        tickets: createTicketCookie({
          secret: site.settings.SESSION_SECRET,
          secure: site.publicOrigin.startsWith('https:'),
        }),
        store: accountStore,
        sessions,
        audit,
        publicOrigin: site.publicOrigin,
        countSignIn: (result) => site.metrics.signIns.inc({ result }),
        log: site.logOf('oidc'),
      }),
      ...ownRoutes({ store: accountStore, sessions, limiter: signInLimiter, audit, secrets, now }),
      ...adminRoutes({ store: accountStore, sessions, lockOuts: signInLimiter, registry, audit }),
      ...keyRoutes({ keyStore, registry }),
    ],
  };
}

export type People = Awaited<ReturnType<typeof openPeople>>;

import { VartaError } from '#contract/errors.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Action } from '../../config/roles/roles.ts';
import type { Principal, Resource } from '../access/decide.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { assertMay } from '../audit/assert-may.ts';
import type { AuditLog } from '../audit/audit.ts';
import { repeat } from '../concurrency/repeat.ts';
import { DayTable } from '../figures/day-table.ts';
import type { PlacedSums } from '../figures/figures-reader.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { Registry } from '../nation/registry.ts';
import { createCipher, type PersonalKey } from '../personal/cipher.ts';
import { flagLeftOver } from './complaint-flags.ts';
import { ComplaintStore } from './complaint-store.ts';
import { IntakeKeyStore } from './intake/intake-key-store.ts';
import { intakeKeyRoutes, intakeRoutes } from './intake/routes.ts';
import { complaintRoutes } from './routes.ts';
import { type HeldComplaints, sweepWords } from './sweep.ts';
import { createTaking } from './taking.ts';

/** How often it is looked for complaints whose flag was not raised. */
const SWEEP_MS = 5_000;
/** How often it is looked for words that are to be erased, or encrypted anew. */
const WORDS_MS = 10 * 60_000;

interface ComplaintsModuleOptions {
  redis: Redis;
  registry: Registry;
  audit: AuditLog;
  flags: Pick<FlagStore, 'change'>;
  /** The first one encrypts. Without any, no complaints are taken. */
  keys: readonly PersonalKey[];
  /** Days after the answer until what was said is erased. */
  days: number;
  /** What preservation holds cover. */
  heldIn(regionId: RegionId): Promise<HeldComplaints>;
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface ComplaintsModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  /** The outside hotline that a key is of; undefined when it is nobody's. */
  intakeOf(key: string): Promise<Extract<Principal, { kind: 'intake' }> | undefined>;
  /** What figures count of them. */
  sums(regionId: RegionId, from: string, to: string): Promise<PlacedSums[]>;
}

/** Complaints of citizens. `redis` stays the caller's. */
export function createComplaintsModule(options: ComplaintsModuleOptions): ComplaintsModule {
  const { redis, registry, audit, flags, keys, heldIn, now, log } = options;
  const calendar = new DayTable(registry.nation.timeZone);
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
  const sweepingWords = repeat(
    async (signal) => {
      for (const { id } of registry.nation.regions) {
        if (signal.aborted || !store) return;
        const { erased, unreadable } = await sweepWords(id, { store, days: options.days, heldIn, now });
        if (unreadable > 0)
          log.warn({ region: id, unreadable }, 'complaints are encrypted with a key that is not at hand');
        if (erased > 0) log.info({ region: id, erased }, 'words of answered complaints are erased');
      }
    },
    {
      everyMs: WORDS_MS,
      onError: (error) => log.warn({ err: error }, 'words of complaints could not be looked through'),
    },
  );
  const storeOrRefuse = (): ComplaintStore => {
    if (store) return store;
    throw new VartaError(
      'personal_key_missing',
      'this server keeps no personal data, and takes no complaints',
    );
  };
  const assertAllowed = (principal: Principal, action: Action, resource: Resource) => {
    assertMay({ principal, action, resource }, audit);
  };
  const take = createTaking({ store: storeOrRefuse, flags, registry, assertAllowed, now });
  const intake = new IntakeKeyStore({ redis, audit, now });
  return {
    routes: [
      ...complaintRoutes({ store: storeOrRefuse, take, assertAllowed, registry, audit, now }),
      ...intakeKeyRoutes({ store: intake, registry }),
      ...intakeRoutes({ store: intake, registry, take }),
    ],
    intakeOf: (key) => intake.authenticate(key),
    sums: async (regionId, from, to) => {
      const found: PlacedSums[] = [];
      if (!store) return found;
      const add = (facilityId: string, at: string, what: string) => {
        const { day } = calendar.at(Date.parse(at));
        if (day >= from && day <= to) found.push({ regionId, facilityId, day, sums: { [what]: 1 } });
      };
      const [fromMs, untilMs] = [calendar.named(from).fromMs, calendar.named(to).untilMs];
      for (const one of await store.between(regionId, fromMs, untilMs)) {
        const [first] = one.history;
        if (first) add(one.facilityId, first.at, `hotline/${one.kind}`);
        const last = one.history.at(-1);
        if (last && one.outcome !== null) add(one.facilityId, last.at, `answered/${one.outcome}`);
      }
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([sweeping[Symbol.asyncDispose](), sweepingWords[Symbol.asyncDispose]()]);
    },
  };
}

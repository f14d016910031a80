import type { AnyRoute } from '../../adapters/http/route.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import type { PlacedCase } from '../../adapters/redis/keys.ts';
import { Leases } from '../../adapters/redis/leases.ts';
import type { AuditLog } from '../../audit/audit.ts';
import { repeat } from '../../concurrency/repeat.ts';
import type { FlagStore } from '../../flags/flag-store.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Basis } from '../state/basis.ts';
import type { PlacedSpan } from '../state/spans.ts';
import type { WordKeeper } from '../words.ts';
import { CaseEvents } from './case-events.ts';
import { MAX_STAYS } from './case-file.ts';
import { CaseList } from './case-list.ts';
import { foldRecord } from './case-record.ts';
import { caseRoutes, type DarkSecondsOf } from './routes.ts';
import { ViewingIndex } from './viewing-index.ts';
import { viewingRoutes } from './viewing-routes.ts';
import { wordsRoutes } from './words-routes.ts';

/** How often viewings are indexed that nobody has asked for. */
const INDEX_MS = 60_000;

interface CasesModuleOptions {
  redis: Redis;
  registry: Registry;
  /** Of the projection, so that a case says the same on its page as on the wall. */
  basis: Basis;
  /** Opens what was written in free words. */
  words: WordKeeper;
  darkSecondsOf: DarkSecondsOf;
  flags: Pick<FlagStore, 'newestFirst'>;
  audit: AuditLog;
  replicaId: string;
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

export interface CasesModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  readonly viewings: ViewingIndex;
  /** Where somebody was when; undefined for a case that nobody has told of. */
  staysOf(place: PlacedCase): Promise<PlacedSpan[] | undefined>;
}

/** Cases, as pages read them. Disposal ends the indexing of viewings; `redis` stays the caller's. */
export function createCasesModule(options: CasesModuleOptions): CasesModule {
  const { redis, registry, basis, words, darkSecondsOf, flags, audit, replicaId, now, log } = options;
  const areaOf = (feedId: string) => registry.feed(feedId)?.area.id;
  const viewings = new ViewingIndex({ redis, areaOf, now });
  const leases = new Leases({ redis, holder: replicaId, ttlMs: INDEX_MS * 2 });
  // So that whoever asks for the viewings of a case does not wait for those of a whole region to be indexed.
  const indexing = repeat(
    async (signal) => {
      for (const { id } of registry.nation.regions) {
        if (signal.aborted) return;
        if (await leases.hold(`viewings:${id}`)) await viewings.catchUp(id, signal);
      }
    },
    { everyMs: INDEX_MS, onError: (error) => log.warn({ err: error }, 'viewings could not be indexed') },
  );
  const events = new CaseEvents(redis);
  const staysOf = async (place: PlacedCase) => {
    const { entries } = await events.read(place);
    const stored = entries.flatMap((entry) => (entry.stored ? [entry.stored] : []));
    const record = foldRecord(place, stored, basis);
    return record?.view.stays.slice(-MAX_STAYS);
  };
  return {
    staysOf,
    viewings,
    routes: [
      ...caseRoutes({
        list: new CaseList(redis),
        events,
        words,
        viewings,
        flags,
        darkSecondsOf,
        basis,
        registry,
        audit,
        now,
      }),
      ...wordsRoutes({ events, words, basis, registry, audit, now }),
      ...viewingRoutes({ viewings, staysOf, registry, audit, now }),
    ],
    [Symbol.asyncDispose]: () => indexing[Symbol.asyncDispose](),
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import { VartaError } from '#contract/errors.ts';
import type { Evidence } from '#contract/evidence.ts';
import type { Flag } from '#contract/flags.ts';
import type { AreaId, FlagId, RegionId } from '#contract/ids.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys as redisKeys } from '../adapters/redis/keys.ts';
import { Leases } from '../adapters/redis/leases.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import { repeat } from '../concurrency/repeat.ts';
import { AreaHistory } from '../custody/state/area-history.ts';
import type { PlacedTime } from '../holds/coverage.ts';
import type { LiveView } from '../live/live.ts';
import { isAreaClosed } from '../media/viewers/feed-access.ts';
import type { PlacedFeed, Registry } from '../nation/registry.ts';
import { cutOf } from './cut.ts';
import { EvidenceStore } from './evidence-store.ts';
import { EvidenceTaker, type TakerOptions } from './evidence-taker.ts';
import { tasksOf } from './flag-watch.ts';
import { evidenceRoutes } from './routes.ts';
import { sweepEvidence, timeOf } from './sweep.ts';
import { Vault, type VaultKey } from './vault.ts';

const SWEEP_MS = 10 * 60_000;
const LEASE_MS = 5 * 60_000;

interface EvidenceModuleOptions {
  redis: Redis;
  registry: Registry;
  live: LiveView;
  audit: AuditLog;
  flags: { find(id: FlagId, regionIds: readonly RegionId[]): Promise<{ flag: Flag } | undefined> };
  /** Clips of nodes. */
  clips: { begin: TakerOptions['begin'] };
  heldIn(regionId: RegionId): Promise<{ version: string; isTimeHeld(time: PlacedTime): Promise<boolean> }>;
  /** Without one nothing is kept: nobody could tell later whether it is what was taken. */
  signer: AuditSigner | undefined;
  keys: readonly VaultKey[];
  directory: string;
  maxBytes: number;
  preMs: number;
  postMs: number;
  days: number;
  replicaId: string;
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface EvidenceModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  /** Bytes on the disk, and how many there may be; undefined on a site that keeps none. */
  readonly room: { usedBytes: number; maxBytes: number } | undefined;
}

/** Stills and clips around flags. Disposal gives up what is being taken; `redis` stays the caller's. */
export function createEvidenceModule(options: EvidenceModuleOptions): EvidenceModule {
  const { redis, registry, live, audit, flags, signer, keys, log, now, days } = options;
  const historyOf = async (regionId: RegionId, areaId: AreaId) => {
    const json = await redis.hGet(redisKeys.custodyHistories(regionId), areaId);
    return json === null ? undefined : AreaHistory.parse(JSON.parse(json));
  };
  const isClosed = ({ area }: PlacedFeed) => isAreaClosed(area, live);
  const isCrossed = async (evidence: Extract<Evidence, { state: 'kept' }>) => {
    const history = await historyOf(evidence.regionId, evidence.areaId);
    return cutOf(timeOf(evidence), { isClosed: false, status: undefined, history }) !== undefined;
  };
  const [first, ...rest] = keys;
  if (!signer || !first) {
    log.warn({}, 'EVIDENCE_KEY or AUDIT_PRIVATE_JWK is not set: no stills and clips are kept');
    const routes = evidenceRoutes({ kept: undefined, flags, isCrossed, registry, audit, now });
    return { routes, room: undefined, [Symbol.asyncDispose]: async () => {} };
  }
  const store = new EvidenceStore({ redis, audit });
  const { directory, maxBytes } = options;
  const vault = new Vault({ directory, keys: [first, ...rest], maxBytes });
  const taker = new EvidenceTaker({
    ...options,
    nation: registry.nation.id,
    store,
    vault,
    signer,
    begin: (request) => options.clips.begin(request),
    isCurrent: () => live.current,
    isClosed,
    cutOf: async (placed, span) => {
      const { area } = placed;
      return cutOf(span, {
        // Without a mirror that is complete, nobody knows what is closed.
        isClosed: !live.current || isClosed(placed),
        status: live.area(area.id),
        history: await historyOf(area.regionId, area.id),
      });
    },
    wait: async (ms, signal) => {
      // An abort ends the wait early; whoever waits looks at the signal.
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
  });
  const stopWatching = live.onDelta((delta) => {
    for (const task of tasksOf(delta, { registry, now: now() }))
      taker.take(task).catch((error: unknown) => {
        const code = error instanceof VartaError ? error.code : undefined;
        // Of an area that nobody may see nothing is taken, and there is nothing wrong with that.
        if (code !== 'confidential')
          log.warn({ err: error, flag: task.flagId }, 'no clip of a flag is taken');
      });
  });
  const leases = new Leases({ redis, holder: options.replicaId, ttlMs: LEASE_MS });
  const sweeping = repeat(
    async (signal) => {
      let bytes = 0;
      for (const { id } of registry.nation.regions) {
        if (signal.aborted) return;
        // What is erased is erased by one; what is on the disk is counted by everybody.
        const isOurs = await leases.hold(`evidence:${id}`);
        if (isOurs) {
          const done = await sweepEvidence(id, {
            ...{ store, vault, heldIn: options.heldIn, isCrossed, days, now },
          });
          bytes += done.bytes;
          if (done.erased + done.sealed + done.interrupted > 0)
            log.info({ region: id, ...done }, 'stills and clips swept');
        } else for await (const folder of vault.folders(id)) bytes += folder.bytes;
      }
      vault.noteUsed(bytes);
      if (vault.isFull)
        log.warn({ bytes, maxBytes }, 'EVIDENCE_MAX_MB is reached: no stills and clips are taken');
    },
    {
      everyMs: SWEEP_MS,
      onError: (error) => log.warn({ err: error }, 'stills and clips could not be swept'),
    },
  );
  return {
    routes: evidenceRoutes({ kept: { store, vault, taker, signer }, flags, isCrossed, registry, audit, now }),
    get room() {
      return { usedBytes: vault.usedBytes, maxBytes: vault.maxBytes };
    },
    [Symbol.asyncDispose]: async () => {
      stopWatching();
      await taker[Symbol.asyncDispose]();
      await sweeping[Symbol.asyncDispose]();
    },
  };
}

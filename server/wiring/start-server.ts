import type { ServerSettings } from '../../config/settings/server.ts';
import type { Log } from '../adapters/boot/log.ts';
import { createMetrics } from '../adapters/boot/metrics.ts';
import { loadNation } from '../adapters/boot/nation-file.ts';
import { createObstacles } from '../adapters/boot/obstacles.ts';
import type { HttpServiceOptions } from '../adapters/http/http-server.ts';
import { healthRoutes } from '../adapters/http/routes/health.ts';
import { storeRoutes } from '../adapters/http/routes/store.ts';
import { awaitRedis } from '../adapters/redis/await-redis.ts';
import { closeRedis, connectRedis } from '../adapters/redis/connect.ts';
import { watchStoreRoom } from '../adapters/redis/store-room.ts';
import { createCheckpointModule } from '../audit/checkpoint-module.ts';
import { createAuditModule } from '../audit/module.ts';
import { createAuditSigner } from '../audit/signing-key.ts';
import { openGauges } from './gauges.ts';
import { openPeople } from './people.ts';
import { openReach } from './reach.ts';
import { openRecord } from './record.ts';
import type { Site } from './site.ts';

/** A server that takes requests, until it is disposed. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number;
}

export interface StartOptions {
  settings: Readonly<ServerSettings>;
  log: Log;
  /** Name of this replica in leases and grants. */
  replicaId: string;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
  /** @default those of `createHttpService` */
  httpTimeouts?: HttpServiceOptions;
  /** Gives the start up while it waits. */
  signal?: AbortSignal;
}

/** Acquires everything in order, wires it, and listens. Whatever was acquired is released again if a step fails. */
export async function startServer({
  settings,
  log,
  replicaId,
  now = Date.now,
  httpTimeouts,
  signal,
}: StartOptions): Promise<RunningServer> {
  await using owned = new AsyncDisposableStack();
  const stopping = new AbortController();
  const redis = await awaitRedis({
    url: settings.REDIS_URL,
    name: 'server',
    log,
    ...(signal ? { signal } : {}),
  });
  owned.defer(() => closeRedis(redis));
  const store = owned.use(watchStoreRoom({ redis, log: log.child({ module: 'store' }) }));
  const site: Site = {
    settings,
    ...(await loadNation(settings)),
    redis,
    newConnection: (name) => connectRedis(settings.REDIS_URL, name, log, signal),
    publicOrigin: new URL(settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`).origin,
    metrics: createMetrics(),
    replicaId,
    now,
    logOf: (module) => log.child({ module }),
    owned,
  };

  const audit = owned.use(createAuditModule({ redis, now, log: site.logOf('audit') }));
  const signer = auditSignerOf(settings);
  const checkpoints = owned.use(
    createCheckpointModule({
      redis,
      audit,
      registry: site.registry,
      signer,
      everyMs: settings.AUDIT_CHECKPOINT_S * 1000,
      witnessUrl: settings.AUDIT_WITNESS_URL,
      now,
      log: site.logOf('audit'),
    }),
  );
  const people = await openPeople(site, audit);
  const record = await openRecord(site, audit, people);
  const reach = await openReach(site, {
    audit,
    signer,
    people,
    record,
    httpTimeouts,
    otherRoutes: (media) => [
      ...healthRoutes({
        obstacles: createObstacles({
          redis,
          isStopping: () => stopping.signal.aborted,
          whyNoMedia: media.ready,
        }),
        metrics: site.metrics.registry,
        metricsToken: settings.METRICS_TOKEN,
      }),
      ...storeRoutes({ room: store.room }),
      ...checkpoints.routes,
    ],
  });
  openGauges(site, { store, checkpoints, ...record, ...reach });

  const host = settings.HOST ?? (settings.SAMPLE ? '127.0.0.1' : '0.0.0.0');
  const port = await reach.http.listen({ port: settings.PORT, host });
  log.info({ host, port, publicOrigin: site.publicOrigin, sampleMode: settings.SAMPLE }, 'listening');
  owned.defer(() => stopping.abort());
  const running = owned.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Who signs checkpoints of the audit; undefined without a key. */
export function auditSignerOf(settings: ServerSettings) {
  const { AUDIT_PRIVATE_JWK: key, AUDIT_RETIRED_JWKS: retired } = settings;
  return key === undefined ? undefined : createAuditSigner(key, retired);
}

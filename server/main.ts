import { randomBytes } from 'node:crypto';
import { limitsOf } from '../config/norms/norms.ts';
import { parseSettings } from '../config/settings/parse.ts';
import { ServerSettings } from '../config/settings/server.ts';
import { AccountStore } from './access/account-store.ts';
import { adminRoutes } from './access/admin-routes.ts';
import { keyRoutes } from './access/key-routes.ts';
import { KeyStore } from './access/key-store.ts';
import { isOwnOrigin } from './access/origin.ts';
import { ownRoutes } from './access/own-routes.ts';
import { sampleAccounts } from './access/sample-accounts.ts';
import { createSignIn } from './access/sign-in.ts';
import { loadEscalation, toOutsideOptions } from './adapters/boot/escalation-file.ts';
import { parseGrantKey } from './adapters/boot/grant-key.ts';
import { createLog, type Log } from './adapters/boot/log.ts';
import { createMetrics } from './adapters/boot/metrics.ts';
import { loadRegistry } from './adapters/boot/nation-file.ts';
import { createObstacles } from './adapters/boot/obstacles.ts';
import { settleSampleKeys } from './adapters/boot/sample-keys.ts';
import { endOnUncaught, untilStopped } from './adapters/boot/until-stopped.ts';
import { createApp } from './adapters/http/app.ts';
import { createHttpService } from './adapters/http/http-server.ts';
import { requestOrigin } from './adapters/http/identify.ts';
import { withApiDocs } from './adapters/http/routes/api-docs.ts';
import { healthRoutes } from './adapters/http/routes/health.ts';
import { placeRoutes } from './adapters/http/routes/places.ts';
import { sessionRoutes } from './adapters/http/routes/session.ts';
import { storeRoutes } from './adapters/http/routes/store.ts';
import { createSessionReader } from './adapters/http/session-reader.ts';
import { createSessions } from './adapters/http/sessions.ts';
import { createAccounts, settleSampleAccounts } from './adapters/redis/accounts.ts';
import { awaitRedis } from './adapters/redis/await-redis.ts';
import { closeRedis, connectRedis } from './adapters/redis/connect.ts';
import { createDisplayLimiters } from './adapters/redis/display-limiters.ts';
import { createFacilityKeys } from './adapters/redis/facility-keys.ts';
import { createSessionNews } from './adapters/redis/session-news.ts';
import { createSignInLimiter } from './adapters/redis/sign-in-limiter.ts';
import { watchStoreRoom } from './adapters/redis/store-room.ts';
import { openConsoles } from './adapters/socket/console.ts';
import { closeSockets, createSocketServer } from './adapters/socket/socket-server.ts';
import { createAlertsModule } from './alerts/module.ts';
import { createCheckpointModule } from './audit/checkpoint-module.ts';
import { createAuditModule } from './audit/module.ts';
import { createAuditSigner } from './audit/signing-key.ts';
import { createWatchingModule } from './audit/watching/module.ts';
import { createComplaintsModule } from './complaints/module.ts';
import { createCasesModule } from './custody/cases/module.ts';
import { createCustodyModule } from './custody/module.ts';
import { recordingRoutes } from './custody/recording.ts';
import { createDarkModule } from './figures/dark/module.ts';
import { createFiguresModule } from './figures/module.ts';
import { createFlagsModule } from './flags/module.ts';
import { createHandoverModule } from './handover/module.ts';
import { createHoldsModule } from './holds/module.ts';
import { createLiveModule } from './live/module.ts';
import { createIceServersFor, toTurnSettings } from './media/ice/ice-servers.ts';
import { createMediaModule } from './media/media-module.ts';
import { createPersonalModule } from './personal/module.ts';
import { createRulesModule } from './rules/module.ts';
import { createWallModule } from './wall/wall-module.ts';

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
  /** Gives the start up while it waits. */
  signal?: AbortSignal;
}

/** Acquires everything in order, wires it, and listens. Whatever was acquired is released again if a step fails. */
export async function startServer({
  settings,
  log,
  replicaId,
  now = Date.now,
  signal,
}: StartOptions): Promise<RunningServer> {
  await using owned = new AsyncDisposableStack();
  const sampleMode = settings.SAMPLE;
  const publicOrigin = new URL(settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`).origin;
  const stopping = new AbortController();

  // What everything stands on
  const newConnection = (name: string) => connectRedis(settings.REDIS_URL, name, log, signal);
  const redis = await awaitRedis({
    url: settings.REDIS_URL,
    name: 'server',
    log,
    ...(signal ? { signal } : {}),
  });
  owned.defer(() => closeRedis(redis));
  const store = owned.use(watchStoreRoom({ redis, log: log.child({ module: 'store' }) }));
  const registry = await loadRegistry(settings);
  const metrics = createMetrics();

  // Who may do what
  const accounts = createAccounts({ redis, sampleMode });
  await settleSampleAccounts(redis, sampleMode ? sampleAccounts(registry) : []);
  const facilityKeys = createFacilityKeys({ redis, registry, sampleMode });
  if (sampleMode) await settleSampleKeys({ registry, facilityKeys, dataDir: settings.DATA_DIR, now });
  const audit = owned.use(createAuditModule({ redis, now, log: log.child({ module: 'audit' }) }));
  const accountStore = new AccountStore({ redis, audit, sampleMode, now });
  const keyStore = new KeyStore({ redis, audit, now });
  const signInLimiter = createSignInLimiter(redis, now);
  const signIn = await createSignIn({
    accounts,
    limiter: signInLimiter,
    spendFactor: (username, factor) => accountStore.spendFactor(username, factor),
  });
  const checkpoints = owned.use(
    createCheckpointModule({
      redis,
      audit,
      registry,
      signer: auditSignerOf(settings),
      everyMs: settings.AUDIT_CHECKPOINT_S * 1000,
      witnessUrl: settings.AUDIT_WITNESS_URL,
      now,
      log: log.child({ module: 'audit' }),
    }),
  );

  // What happens
  const live = owned.use(
    await createLiveModule({
      redis,
      newConnection: () => newConnection('live'),
      registry,
      limits: limitsOf(registry.nation),
      audit,
      now,
      log: log.child({ module: 'live' }),
    }),
  );

  const custody = owned.use(
    await createCustodyModule({
      redis,
      newConnection: () => newConnection('custody'),
      registry,
      audit,
      now,
      log: log.child({ module: 'custody' }),
      countEvent: (status) => metrics.custodyEvents.inc({ status }),
    }),
  );
  const dark = owned.use(
    createDarkModule({ redis, registry, view: live.view, now, log: log.child({ module: 'dark' }) }),
  );
  const flags = createFlagsModule({ redis, registry, live: live.view, audit, accounts, now });
  const cases = owned.use(
    createCasesModule({
      redis,
      registry,
      basis: custody.basis,
      darkSecondsOf: dark.darkSecondsOf,
      flags: flags.store,
      audit,
      replicaId,
      now,
      log: log.child({ module: 'cases' }),
    }),
  );
  const watching = owned.use(
    createWatchingModule({
      redis,
      registry,
      viewings: cases.viewings,
      audit,
      replicaId,
      now,
      log: log.child({ module: 'watching' }),
    }),
  );
  const holds = createHoldsModule({
    redis,
    registry,
    flags: flags.store,
    staysOf: cases.staysOf,
    audit,
    now,
  });
  const personal = owned.use(
    createPersonalModule({
      redis,
      registry,
      audit,
      keys: settings.PERSONAL_DATA_KEY ?? [],
      days: settings.PERSONAL_DATA_DAYS,
      heldIn: holds.heldIn,
      replicaId,
      now,
      log: log.child({ module: 'personal' }),
    }),
  );
  owned.use(
    createRulesModule({
      redis,
      basis: custody.basis,
      registry,
      view: live.view,
      flags: flags.store,
      now,
      log: log.child({ module: 'rules' }),
    }),
  );
  const alerts = owned.use(
    await createAlertsModule({
      redis,
      newConnection: () => newConnection('alerts'),
      registry,
      live: live.view,
      audit,
      accounts,
      sets: await loadEscalation(settings),
      canaryEveryS: settings.ALERT_CANARY_S,
      ...toOutsideOptions(settings),
      fetch,
      now,
      log: log.child({ module: 'alerts' }),
    }),
  );

  const handover = createHandoverModule({ redis, registry, view: live.view, flags: flags.store, audit, now });
  const complaints = owned.use(
    createComplaintsModule({
      redis,
      registry,
      audit,
      flags: flags.store,
      keys: settings.PERSONAL_DATA_KEY ?? [],
      days: settings.COMPLAINT_WORDS_DAYS,
      now,
      log: log.child({ module: 'complaints' }),
    }),
  );
  const figures = owned.use(
    createFiguresModule({
      redis,
      registry,
      dark: dark.store,
      more: complaints.sums,
      limits: limitsOf(registry.nation),
      audit,
      now,
      log: log.child({ module: 'figures' }),
    }),
  );

  // How people and machines reach it
  const http = createHttpService((request, response) => app(request, response));
  const io = createSocketServer(http.server);
  owned.use(http);
  owned.defer(() => closeSockets(io));
  const media = owned.use(
    await createMediaModule({
      redis,
      newConnection: () => newConnection('media'),
      registry,
      live,
      audit,
      grantKey: parseGrantKey(settings.GRANT_PRIVATE_JWK),
      replicaId,
      io,
      authenticateFacility: facilityKeys.authenticateFacility,
      whipWhenBusy: settings.WHIP_WHEN_BUSY,
      readSession: createSessionReader({ redis, accounts, now }).renew,
      iceServersFor: createIceServersFor({
        fixed: settings.ICE_SERVERS ?? [],
        turn: toTurnSettings(settings),
        now,
      }),
      log: log.child({ module: 'media' }),
      now,
    }),
  );
  const endSession = (sessionId: string) => {
    media.endSession(sessionId);
    alerts.endSession(sessionId);
    consoles.endSession(sessionId);
  };
  const news = owned.use(
    await createSessionNews({
      redis,
      subscriber: await newConnection('session-news'),
      onEnded: endSession,
      log,
    }),
  );
  const sessions = createSessions({
    redis,
    secret: settings.SESSION_SECRET,
    secure: publicOrigin.startsWith('https:'),
    accounts,
    now,
    onEnded: news.publishEnded,
  });
  const wall = owned.use(
    await createWallModule({
      redis,
      newConnection: () => newConnection('displays'),
      registry,
      audit,
      accounts,
      publicOrigin,
      isOwnRequest: ({ headers }) => isOwnOrigin(requestOrigin(headers), publicOrigin),
      limits: createDisplayLimiters(redis),
      onChanged: (displayId) => consoles.tellDisplay(displayId),
      onRevoked: endSession,
      log: log.child({ module: 'displays' }),
      now,
    }),
  );
  const consoles = owned.use(
    openConsoles({
      io,
      sessions,
      watchDisplay: wall.watchDisplay,
      publicOrigin,
      attach: [live.attachConsole, media.attachConsole, alerts.attachConsole],
      onSessionOver: endSession,
      countRefusal: (code) => metrics.socketRefusals.inc({ code }),
      log: log.child({ module: 'console' }),
      now,
    }),
  );
  const routes = withApiDocs(
    [
      ...healthRoutes({
        obstacles: createObstacles({
          redis,
          isStopping: () => stopping.signal.aborted,
          whyNoMedia: media.ready,
        }),
        metrics: metrics.registry,
      }),
      ...sessionRoutes({
        sessions,
        signIn,
        audit,
        sample: registry.nation.sample,
        now,
        countSignIn: (result) => metrics.signIns.inc({ result }),
      }),
      ...ownRoutes({ store: accountStore, sessions, limiter: signInLimiter, audit, now }),
      ...adminRoutes({ store: accountStore, sessions, lockOuts: signInLimiter, registry, audit }),
      ...keyRoutes({ keyStore, registry }),
      ...storeRoutes({ room: store.room }),
      ...placeRoutes({ registry, live: live.view, audit, now }),
      ...live.routes,
      ...custody.routes,
      ...recordingRoutes({ take: custody.take, registry, audit }),
      ...cases.routes,
      ...personal.routes,
      ...holds.routes,
      ...watching.routes,
      ...flags.routes,
      ...figures.routes,
      ...complaints.routes,
      ...alerts.routes,
      ...handover.routes,
      ...wall.routes,
      ...media.routes,
      ...audit.routes,
      ...checkpoints.routes,
    ],
    publicOrigin,
  );
  const app = createApp({
    routes,
    sessions,
    facilityKeys,
    displayOf: wall.displayOf,
    viewerOf: media.viewerOf,
    auditRefusal: audit.auditRefusal,
    publicOrigin,
    clientDir: settings.CLIENT_DIR,
    metrics,
    log,
  });
  metrics.gauge('varta_redis_up', '1 while the connection to Redis is ready.', () => Number(redis.isReady));
  metrics.gauge(
    'varta_redis_memory_used_bytes',
    'Memory that Redis uses; 0 until it has said so.',
    () => store.room()?.usedBytes ?? 0,
  );
  metrics.gauge(
    'varta_redis_memory_limit_bytes',
    'Memory that Redis may use: maxmemory, or that of its machine. Alarm when 70 % of it are used.',
    () => store.room()?.limitBytes ?? 0,
  );
  metrics.gauge(
    'varta_custody_regions_stopped',
    'Regions whose custody events this replica cannot turn into status. Anything but 0 is an alarm.',
    () => custody.stoppedRegions(),
  );
  metrics.gauge(
    'varta_alert_path_troubles',
    'What is wrong with the way of alerts to people; 0 is well.',
    () => alerts.troubles,
  );
  metrics.gauge(
    'varta_alert_canary_age_seconds',
    'Time since an alert was last proved to reach somebody; -1: never.',
    () => (alerts.path.provedAt === null ? -1 : (now() - Date.parse(alerts.path.provedAt)) / 1000),
  );
  metrics.gauge(
    'varta_alert_outbox_waiting',
    'Alerts that wait to leave the site.',
    () => alerts.outboxWaiting,
  );
  metrics.gauge(
    'varta_alert_outbox_dead',
    'Alerts that could not leave the site and were given up.',
    () => (alerts.path.webhook?.dead ?? 0) + (alerts.path.push?.dead ?? 0),
  );
  metrics.gauge('varta_console_sockets', 'Pages connected to this replica.', () => consoles.count);
  metrics.gauge(
    'varta_audit_changed_chains',
    'Audit chains that are not what was signed of them. Anything but 0 is an alarm.',
    () => checkpoints.changedChains.length,
  );
  metrics.gauge('varta_viewers', 'Pages of this replica that watch.', () => media.viewerCount());
  owned.defer(live.view.onDelta(() => metrics.liveDeltas.inc()));

  const host = settings.HOST ?? (sampleMode ? '127.0.0.1' : '0.0.0.0');
  const port = await http.listen({ port: settings.PORT, host });
  log.info({ host, port, publicOrigin, sampleMode }, 'listening');
  owned.defer(() => stopping.abort());
  const running = owned.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function auditSignerOf(settings: ServerSettings) {
  const { AUDIT_PRIVATE_JWK: key, AUDIT_RETIRED_JWKS: retired } = settings;
  return key === undefined ? undefined : createAuditSigner(key, retired);
}

async function main(): Promise<void> {
  const settings = parseSettings(ServerSettings, process.env);
  parseGrantKey(settings.GRANT_PRIVATE_JWK);
  auditSignerOf(settings);
  if (process.argv.includes('--check')) return;
  const replicaId = settings.REPLICA_ID ?? `server-${randomBytes(4).toString('hex')}`;
  const log = createLog({ level: settings.LOG_LEVEL, replicaId });
  endOnUncaught(log);
  await using _server = await startServer({ settings, log, replicaId });
  await untilStopped(log);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

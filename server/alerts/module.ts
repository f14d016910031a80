import type { Alert, AlertPath, AlertSettings } from '#contract/alerts.ts';
import type { WatchingFinding } from '#contract/watching.ts';
import { type EscalationSet, rolesOf } from '../../config/escalation/escalation.ts';
import { type Accounts, toPerson } from '../access/account.ts';
import { decide } from '../access/decide.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { ConsoleSocket } from '../adapters/socket/on-message.ts';
import type { AuditLog } from '../audit/audit.ts';
import { FindingStore } from '../audit/watching/finding-store.ts';
import { repeat } from '../concurrency/repeat.ts';
import { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { DueRegions } from '../rules/due-regions.ts';
import { AlertPages } from './alert-pages.ts';
import { AlertStore } from './alert-store.ts';
import { CanaryKeeper } from './canary-keeper.ts';
import { postsOf } from './canary-posts.ts';
import { CanaryStore } from './canary-store.ts';
import { deliver } from './deliver.ts';
import { releaseDigests } from './digests.ts';
import { EscalationEngine } from './escalation-engine.ts';
import { EscalationStore } from './escalation-store.ts';
import { Outbox } from './outbox.ts';
import { OutboxStore } from './outbox-store.ts';
import { Outside } from './outside.ts';
import type { VapidKeys } from './push.ts';
import { PushStore } from './push-store.ts';
import { createWallClock, quietUntilMs } from './quiet-hours.ts';
import { controllersOf } from './recipients.ts';
import { alertRoutes } from './routes.ts';
import { SettingsStore } from './settings-store.ts';
import { placeName, toFlagAlert, toWatchingAlert } from './to-alert.ts';
import type { WebhookTarget } from './webhook.ts';

const DIGESTS_MS = 1_000;

export interface AlertsModuleOptions {
  redis: Redis;
  newConnection: () => Promise<Redis>;
  registry: Registry;
  live: Pick<LiveView, 'onDelta'>;
  audit: AuditLog;
  accounts: Accounts;
  sets: readonly EscalationSet[];
  canaryEveryS: number;
  /** Off without it. */
  webhook?: WebhookTarget | undefined;
  /** Off without it. `services`: hosts, or whole origins, of push services that may be called. */
  push?: { vapid: VapidKeys; services: readonly string[]; afterMs: number } | undefined;
  fetch: typeof globalThis.fetch;
  now: () => number;
  /** How soon what no page has shown is sent again. @default 10000 */
  againMs?: number;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

export interface AlertsModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  attachConsole(socket: ConsoleSocket): void;
  /** Tells outside control of watching, wherever they are; again as often as one likes. */
  tellWatching(finding: WatchingFinding): Promise<void>;
  /** Ends what hangs on a session. */
  endSession(sessionId: string): void;
  /** As this replica saw it last. */
  readonly path: AlertPath;
  /** How many things are wrong with the path. */
  readonly troubles: number;
  /** Messages that wait to leave the site, as last counted. */
  readonly outboxWaiting: number;
}

/** Alerts of a replica: who is told of flags, how, and the proof that it works. `redis` stays the caller's. */
export async function createAlertsModule(options: AlertsModuleOptions): Promise<AlertsModule> {
  const { redis, registry, live, audit, accounts, sets, now, log } = options;
  await using owned = new AsyncDisposableStack();
  const alerts = new AlertStore(redis);
  const settings = new SettingsStore(redis);
  const flags = new FlagStore({ redis, audit, now });
  const escalations = new EscalationStore({ redis, audit });
  const canaries = new CanaryStore(redis);
  const pushes = options.push ? new PushStore(redis) : undefined;
  const findings = new FindingStore({ redis, audit });
  const clock = createWallClock(registry.nation.timeZone);
  const outside = new Outside({
    store: new OutboxStore(redis),
    pushes,
    accounts,
    alerts,
    flags,
    findings,
    webhook: options.webhook,
    push: options.push,
    fetch: options.fetch,
    now,
  });
  const bring = (username: string, alert: Alert) =>
    deliver(username, alert, { redis, alerts, settings, clock, sendPush: outside.sendPush, now });

  const roles = rolesOf(sets);
  const canaryKeeper: CanaryKeeper = new CanaryKeeper({
    canaries,
    alerts,
    accounts,
    recipients: (people) =>
      people
        .filter(
          (one) => roles.has(one.role) && decide(toPerson(one), 'flag.acknowledge', { kind: 'any' }).allow,
        )
        .map(({ username }) => username),
    posts: (people) => postsOf(people, { regions: registry.nation.regions, sets, nowMs: now() }),
    everyS: options.canaryEveryS,
    deliver: bring,
    sendOutside: outside.sendCanary,
    channels: outside.channels,
    onPath: (path) => pages.tellPath(path),
    now,
    log,
  });
  const pages: AlertPages = await AlertPages.create({
    redis,
    subscriber: await options.newConnection(),
    alerts,
    flags,
    findings,
    settingsOf: (username) => settings.of(username),
    path: () => canaryKeeper.path,
    pushKey: options.push?.vapid.publicKey ?? null,
    onShown: async (username, shown) => {
      for (const alert of shown)
        if (alert.kind === 'canary')
          await canaries.markShown(slotOf(alert.at, options.canaryEveryS), username, toInstant(now()));
    },
    now,
    ...(options.againMs === undefined ? {} : { againMs: options.againMs }),
    log,
  });
  owned.use(pages);
  owned.use(canaryKeeper);
  owned.use(
    new EscalationEngine({
      due: new DueRegions(redis, keys.escalationsDue),
      escalations,
      flags,
      accounts,
      registry,
      view: live,
      sets,
      handOver: async (flag, taken) => {
        const { at } = taken;
        const place = placeName(flag, registry);
        for (const username of taken.recipients)
          await bring(username, toFlagAlert(flag, taken, { username, at, place }));
        await outside.sendStep(flag, taken, place);
      },
      now,
      log,
    }),
  );
  owned.use(
    repeat(() => releaseDigests({ redis, alerts, settings, clock, now }), {
      everyMs: DIGESTS_MS,
      onError: (error) => log.warn({ err: error }, 'digests cannot be told now'),
    }),
  );
  if (outside.isOn)
    owned.use(new Outbox({ store: outside.store, send: outside.senders, random: Math.random, now, log }));

  const changeSettings = async (username: string, wanted: AlertSettings) => {
    await settings.set(username, wanted);
    // What is held is told when the new quiet hours end, or now.
    const atMs = quietUntilMs(wanted.quiet, clock, now()) ?? now();
    await redis.zAdd(keys.alertDigestsDue, { score: atMs, value: username });
  };
  const running = owned.move();
  return {
    routes: alertRoutes({
      flags,
      escalations,
      alerts,
      sets,
      registry,
      audit,
      settingsOf: (username) => settings.of(username),
      changeSettings,
      path: () => canaryKeeper.path,
      pushes,
      isPushService: outside.isPushService,
      now,
    }),
    attachConsole: (socket) => pages.attach(socket),
    async tellWatching(finding) {
      const { regionId, facilityId, person, foundAt: at } = finding;
      const place = placeName(finding, registry);
      const told = controllersOf(await accounts.list(), { kind: 'facility', regionId, facilityId }, person);
      const failures: unknown[] = [];
      // Whoever can be told is, whatever is wrong with another.
      for (const username of told)
        await bring(username, toWatchingAlert(finding, { username, at, place })).catch((error: unknown) =>
          failures.push(error),
        );
      if (failures.length > 0) throw new AggregateError(failures, 'some were not told of a finding');
    },
    endSession: (sessionId) => {
      pushes
        ?.endSession(sessionId)
        .catch((error: unknown) => log.warn({ err: error }, 'a push subscription could not be ended'));
    },
    get path() {
      return canaryKeeper.path;
    },
    get troubles() {
      return canaryKeeper.troubles().length;
    },
    get outboxWaiting() {
      return outside.waiting;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const toInstant = (ms: number) => new Date(ms).toISOString();

/** The slot of a canary that was made at an instant. */
function slotOf(at: string, everyS: number): number {
  return Math.floor(Date.parse(at) / (everyS * 1000)) * everyS * 1000;
}

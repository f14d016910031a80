import { limitsOf } from '../../config/norms/norms.ts';
import { loadEscalation, toOutsideOptions } from '../adapters/boot/escalation-file.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import { placeRoutes } from '../adapters/http/routes/places.ts';
import { createAlertsModule } from '../alerts/module.ts';
import type { AuditModule } from '../audit/module.ts';
import { createWatchingModule } from '../audit/watching/module.ts';
import { createActNotes } from '../closures/act-notes.ts';
import { closureRoutes } from '../closures/routes.ts';
import { createComplaintsModule } from '../complaints/module.ts';
import { createCasesModule } from '../custody/cases/module.ts';
import { createCustodyModule } from '../custody/module.ts';
import { recentRoutes } from '../custody/recent/recent-routes.ts';
import { recordingRoutes } from '../custody/recording.ts';
import { createWordKeeper, NO_WORDS_KEY } from '../custody/words.ts';
import { createDarkModule } from '../figures/dark/module.ts';
import { createFiguresModule } from '../figures/module.ts';
import { createFlagsModule } from '../flags/module.ts';
import { createGateModule } from '../gate/module.ts';
import { createHandoverModule } from '../handover/module.ts';
import { createHoldsModule } from '../holds/module.ts';
import { createLiveModule } from '../live/module.ts';
import { maskRoutes } from '../masks/routes.ts';
import { createCipher } from '../personal/cipher.ts';
import { createPersonalModule } from '../personal/module.ts';
import { createRulesModule } from '../rules/module.ts';
import type { People } from './people.ts';
import type { Site } from './site.ts';

/** What happens, and what follows from it: status, flags, alerts, cases, figures. */
export async function openRecord(site: Site, audit: AuditModule, { accounts }: People) {
  const { settings, registry, geometry, redis, replicaId, now, logOf, owned } = site;
  const base = { redis, registry, audit, now };
  const personalKeys = settings.PERSONAL_DATA_KEY ?? [];
  const limits = limitsOf(registry.nation);
  const words = personalKeys.length > 0 ? createWordKeeper(createCipher(personalKeys)) : NO_WORDS_KEY;

  const live = owned.use(
    await createLiveModule({
      ...base,
      newConnection: () => site.newConnection('live'),
      limits,
      log: logOf('live'),
    }),
  );
  const custody = owned.use(
    await createCustodyModule({
      ...base,
      newConnection: () => site.newConnection('custody'),
      words,
      log: logOf('custody'),
      countEvent: (status) => site.metrics.custodyEvents.inc({ status }),
    }),
  );
  const dark = owned.use(createDarkModule({ redis, registry, view: live.view, now, log: logOf('dark') }));
  const flags = createFlagsModule({ ...base, live: live.view, accounts });
  const cases = owned.use(
    createCasesModule({
      ...base,
      basis: custody.basis,
      words,
      darkSecondsOf: dark.darkSecondsOf,
      flags: flags.store,
      replicaId,
      log: logOf('cases'),
    }),
  );
  const holds = createHoldsModule({ ...base, flags: flags.store, staysOf: cases.staysOf });
  const personal = owned.use(
    createPersonalModule({
      ...base,
      keys: personalKeys,
      days: settings.PERSONAL_DATA_DAYS,
      heldIn: holds.heldIn,
      replicaId,
      log: logOf('personal'),
    }),
  );
  const rules = owned.use(
    createRulesModule({
      redis,
      basis: custody.basis,
      carryOver: custody.carryOver,
      take: custody.take,
      registry,
      view: live.view,
      flags: flags.store,
      now,
      log: logOf('rules'),
    }),
  );
  const alerts = owned.use(
    await createAlertsModule({
      ...base,
      newConnection: () => site.newConnection('alerts'),
      live: live.view,
      accounts,
      sets: await loadEscalation(settings),
      canaryEveryS: settings.ALERT_CANARY_S,
      ...toOutsideOptions(settings),
      fetch,
      log: logOf('alerts'),
    }),
  );
  const watching = owned.use(
    createWatchingModule({
      ...base,
      viewings: cases.viewings,
      onFound: alerts.tellWatching,
      replicaId,
      log: logOf('watching'),
    }),
  );
  const gate = owned.use(
    createGateModule({ ...base, view: live.view, take: custody.take, log: logOf('gate') }),
  );
  const handover = createHandoverModule({ ...base, view: live.view, flags: flags.store });
  const complaints = owned.use(
    createComplaintsModule({
      ...base,
      flags: flags.store,
      keys: personalKeys,
      days: settings.COMPLAINT_WORDS_DAYS,
      heldIn: holds.heldIn,
      log: logOf('complaints'),
    }),
  );
  const figures = owned.use(
    createFiguresModule({
      ...base,
      dark: dark.store,
      more: complaints.sums,
      limits,
      log: logOf('figures'),
    }),
  );

  const routes: AnyRoute[] = [
    ...placeRoutes({ registry, geometry, live: live.view, audit, now }),
    ...live.routes,
    ...custody.routes,
    ...recordingRoutes({ take: custody.take, registry, audit }),
    ...recentRoutes({ redis, registry, audit, now }),
    ...cases.routes,
    ...personal.routes,
    ...holds.routes,
    ...watching.routes,
    ...flags.routes,
    ...figures.routes,
    ...complaints.routes,
    ...alerts.routes,
    ...handover.routes,
    ...gate.routes,
    ...maskRoutes({
      ...base,
      view: live.view,
      take: custody.take,
      noteAct: createActNotes({ redis, log: logOf('masks') }),
    }),
    ...closureRoutes({ ...base, view: live.view }),
  ];
  return { live, custody, rules, alerts, flags, holds, intakeOf: complaints.intakeOf, routes };
}

export type CustodyRecord = Awaited<ReturnType<typeof openRecord>>;

import { join } from 'node:path';
import { isOwnOrigin } from '../access/origin.ts';
import { parseGrantKey } from '../adapters/boot/grant-key.ts';
import { createApp } from '../adapters/http/app.ts';
import { attackKindOf } from '../adapters/http/attacks.ts';
import { readClientBuild } from '../adapters/http/client-build.ts';
import { createFacilityLimits } from '../adapters/http/facility-limits.ts';
import { createHttpService, type HttpServiceOptions } from '../adapters/http/http-server.ts';
import { requestOrigin } from '../adapters/http/identify.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import { withApiDocs } from '../adapters/http/routes/api-docs.ts';
import { createSessionReader } from '../adapters/http/session-reader.ts';
import { createSessions } from '../adapters/http/sessions.ts';
import { createTransportCheck } from '../adapters/http/trust.ts';
import { createDisplayLimiters } from '../adapters/redis/display-limiters.ts';
import { createSessionNews } from '../adapters/redis/session-news.ts';
import { openConsoles } from '../adapters/socket/console.ts';
import { closeSockets, createSocketServer } from '../adapters/socket/socket-server.ts';
import type { AuditModule } from '../audit/module.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import { createEvidenceModule } from '../evidence/module.ts';
import { createIceServersFor, toTurnSettings } from '../media/ice/ice-servers.ts';
import { createMediaModule, type MediaModule } from '../media/media-module.ts';
import { createWallModule } from '../wall/wall-module.ts';
import type { People } from './people.ts';
import type { CustodyRecord } from './record.ts';
import type { Site } from './site.ts';

interface Parts {
  audit: AuditModule;
  /** Signs what is kept as evidence. */
  signer: AuditSigner | undefined;
  people: People;
  record: CustodyRecord;
  /** How slow requests may be. */
  httpTimeouts?: HttpServiceOptions | undefined;
  /** Routes that need what carries media, besides those of the parts. */
  otherRoutes: (media: MediaModule) => AnyRoute[];
}

const STRANGER = { kind: 'anonymous', id: 'anonymous' } as const;

/** How people and machines reach a server: HTTP, sockets, media, displays. Nothing listens yet. */
export async function openReach(
  site: Site,
  { audit, signer, people, record, httpTimeouts, otherRoutes }: Parts,
) {
  const { settings, registry, redis, publicOrigin, replicaId, metrics, now, logOf, owned } = site;
  const { accounts, facilityKeys } = people;
  const { live, alerts } = record;

  const http = createHttpService((request, response) => app(request, response), {
    ...httpTimeouts,
    onBroken: (code, from) => {
      const kind = attackKindOf(code);
      if (kind !== undefined)
        audit.auditAttack({ actor: STRANGER, from, kind, action: 'http.request', resource: 'any', code });
    },
  });
  const io = createSocketServer(http.server, createTransportCheck(publicOrigin, settings.TRUST_PROXY));
  owned.use(http);
  owned.defer(() => closeSockets(io));
  const media = owned.use(
    await createMediaModule({
      redis,
      newConnection: () => site.newConnection('media'),
      registry,
      live,
      audit,
      grantKey: parseGrantKey(settings.GRANT_PRIVATE_JWK),
      replicaId,
      io,
      authenticateFacility: facilityKeys.authenticateFacility,
      keyIdsOf: facilityKeys.keyIdsOf,
      whipWhenBusy: settings.WHIP_WHEN_BUSY,
      lookEveryMs: settings.FEED_LOOK_S * 1_000,
      readSession: createSessionReader({ redis, accounts, now }).renew,
      iceServersFor: createIceServersFor({
        fixed: settings.ICE_SERVERS ?? [],
        turn: toTurnSettings(settings),
        now,
      }),
      log: logOf('media'),
      now,
    }),
  );
  const evidence = owned.use(
    createEvidenceModule({
      redis,
      registry,
      live: media.view,
      audit,
      flags: record.flags.store,
      clips: media.clips,
      heldIn: record.holds.heldIn,
      signer,
      keys: settings.EVIDENCE_KEY ?? [],
      directory: settings.EVIDENCE_DIR ?? join(settings.DATA_DIR, 'evidence'),
      maxBytes: settings.EVIDENCE_MAX_MB * 1_000_000,
      preMs: settings.EVIDENCE_PRE_S * 1_000,
      postMs: settings.EVIDENCE_POST_S * 1_000,
      days: settings.EVIDENCE_DAYS,
      replicaId,
      now,
      log: logOf('evidence'),
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
      subscriber: await site.newConnection('session-news'),
      onEnded: endSession,
      log: logOf('session-news'),
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
      newConnection: () => site.newConnection('displays'),
      registry,
      audit,
      accounts,
      publicOrigin,
      isOwnRequest: ({ headers }) => isOwnOrigin(requestOrigin(headers), publicOrigin),
      limits: createDisplayLimiters(redis),
      onChanged: (displayId) => consoles.tellDisplay(displayId),
      onRevoked: endSession,
      log: logOf('displays'),
      now,
    }),
  );
  const consoles = owned.use(
    openConsoles({
      io,
      sessions,
      watchDisplay: wall.watchDisplay,
      publicOrigin,
      readClientBuild: () => readClientBuild(settings.CLIENT_DIR),
      attach: [live.attachConsole, media.attachConsole, alerts.attachConsole],
      onSessionOver: endSession,
      countRefusal: (code) => metrics.socketRefusals.inc({ code }),
      auditRefusal: audit.auditRefusal,
      auditAttack: audit.auditAttack,
      log: logOf('console'),
      now,
    }),
  );
  const app = createApp({
    routes: withApiDocs(
      [
        ...people.routes(sessions),
        ...record.routes,
        ...wall.routes,
        ...media.routes,
        ...evidence.routes,
        ...audit.routes,
        ...otherRoutes(media),
      ],
      publicOrigin,
    ),
    sessions,
    facilityKeys,
    displayOf: wall.displayOf,
    intakeOf: record.intakeOf,
    viewerOf: media.viewerOf,
    auditRefusal: audit.auditRefusal,
    attacks: audit,
    limitFacility: createFacilityLimits(now),
    publicOrigin,
    trustProxy: settings.TRUST_PROXY,
    clientDir: settings.CLIENT_DIR,
    metrics,
    log: logOf('http'),
  });
  return { http, media, evidence, consoles };
}

export type Reach = Awaited<ReturnType<typeof openReach>>;

import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from 'socket.io';
import type { WhenBusy } from '#contract/control.ts';
import type { FacilityId } from '#contract/ids.ts';
import { SFU_CHANNELS } from '#contract/registry.ts';
import type { Person } from '../access/account.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { ConsoleSocket } from '../adapters/socket/on-message.ts';
import type { Attacks, AuditLog } from '../audit/audit.ts';
import { repeat } from '../concurrency/repeat.ts';
import type { LiveView, LiveWriter } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { certainView } from './certainty/certain-view.ts';
import { CertaintyWatch } from './certainty/certainty-watch.ts';
import { ClipSource } from './clips/clip-source.ts';
import type { AuthenticateFacility } from './facility/facility-handshake.ts';
import { openFacilities } from './facility/open-facilities.ts';
import { followAreas } from './follow-areas.ts';
import { createGrantSigner, readGrantKey } from './grants/grant-signer.ts';
import type { IceServersFor } from './ice/ice-servers.ts';
import { auditForgedGrant } from './links/forged-grants.ts';
import { SfuLinks } from './links/sfu-links.ts';
import { whyNotReady } from './links/why-not-ready.ts';
import { NodeEntries } from './nodes/node-entries.ts';
import { NodeFinder } from './nodes/node-finder.ts';
import { NodeWatch } from './nodes/node-watch.ts';
import { createFaultFinder } from './nodes/others-fault.ts';
import { createPublishFinder } from './nodes/publish-finder.ts';
import { createRegionDistance } from './nodes/region-distance.ts';
import { startPatrol } from './patrol/start-patrol.ts';
import type { Log, Now } from './ports.ts';
import { LookLog } from './posters/look-log.ts';
import { createPosterRoutes } from './posters/poster-routes.ts';
import { PosterStore } from './posters/poster-store.ts';
import { FeedProjector } from './projection/feed-projector.ts';
import { purposeRoutes } from './purposes/purpose-routes.ts';
import { PurposeStore } from './purposes/purpose-store.ts';
import { publishTaken, TakenViewers } from './viewers/taken-viewers.ts';
import { ViewerRelay } from './viewers/viewer-relay.ts';
import { ViewingLog } from './viewings/viewing-log.ts';
import { createWhepModule, type WhepModule } from './whep/whep-module.ts';
import { createWhipRoutes } from './whip/whip-routes.ts';

/** How often it is looked whether a grant is due. */
const TICK_MS = 250;

export interface MediaModuleOptions {
  redis: Redis;
  newConnection(): Promise<Redis>;
  registry: Registry;
  live: { view: LiveView; writer: LiveWriter };
  audit: AuditLog & Attacks;
  /** Ed25519 private JWK with `kid`. */
  grantKey: unknown;
  replicaId: string;
  io: Server;
  authenticateFacility: AuthenticateFacility;
  /** Ids of a facility's keys that open something now. */
  keyIdsOf(facilityId: FacilityId): Promise<ReadonlySet<string>>;
  /** What becomes of a WHIP publication when another encoder comes for its feed. @default 'refuse' */
  whipWhenBusy?: WhenBusy;
  /** How often what is published is looked at while nobody watches it, in milliseconds. @default 0, never */
  lookEveryMs?: number;
  /** Reads a session by its handle and counts that as use; undefined when it is over. */
  readSession(sessionId: string): Promise<{ person: Person } | undefined>;
  /** @default nobody is told of any */
  iceServersFor?: IceServersFor;
  log: Log;
  now: Now;
}

/** The control of everything that is seen: who may, through which node, and how feeds are. */
export interface MediaModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  /** What is live as far as media may rely on it: with `isAreaClosed` it says whether media of an area may leave now. */
  readonly view: LiveView;
  /** The person that a viewer token was given to, for the router. */
  viewerOf(token: string): Promise<Person | undefined>;
  /** Clips of feeds, for the record. */
  readonly clips: ClipSource;
  /** Takes a signed-in page's media messages. */
  attachConsole(socket: ConsoleSocket): void;
  /** Ends every picture of a session on this replica at once. To be called on every replica. */
  endSession(sessionId: string): void;
  /** Why no picture can be shown; undefined when one can. */
  ready(): string | undefined;
  /** Pages of this replica that watch, for the metrics. */
  viewerCount(): number;
}

/** Builds the module and starts what runs in the background. */
export async function createMediaModule(options: MediaModuleOptions): Promise<MediaModule> {
  const { redis, newConnection, registry, live, audit, replicaId, io, log, now } = options;
  const iceServersFor = options.iceServersFor ?? (() => []);
  await using owned = new AsyncDisposableStack();
  const signer = await createGrantSigner({ key: options.grantKey, replicaId, now });

  const entries = new NodeEntries(redis, replicaId);
  const certainty = owned.use(new CertaintyWatch({ redis, registry, view: live.view, now }));
  /** What is live as far as media may rely on it: whoever decides about media asks this and nothing else. */
  const view = certainView(live.view, {
    registry,
    isCertain: (regionId) => certainty.isCertain(regionId),
  });

  const links: SfuLinks = owned.use(
    new SfuLinks({
      signControl: signer.signControl,
      log,
      now,
      onEvent: (event) => {
        relay.handleNodeEvent(event);
        whep.handleNodeEvent(event);
        if (event.name === 'grant:refused') auditForgedGrant(audit, event.nodeId, event.payload);
      },
      onStateChange: (nodeId, isOpen) => {
        if (!isOpen) return;
        finder.handleNodeOpen();
        relay.handleNodeOpen(nodeId);
      },
      onGone: (nodeId) => relay.handleNodeGone(nodeId),
    }),
  );
  const finder = new NodeFinder({
    links,
    distance: createRegionDistance(registry.nation),
    onAside: (nodeId, forMs) => {
      entries.noteAside(nodeId, forMs).catch((error: unknown) => {
        log.warn({ err: error, nodeId }, 'sfu nodes not told that one is set aside');
      });
    },
    now,
  });
  const viewings = owned.use(
    new ViewingLog({ audit, regionOf: (feedId) => registry.feed(feedId)?.area.regionId, log, now }),
  );
  const purposes = new PurposeStore(redis);
  const takenViewers = new TakenViewers({
    publish: (message) => publishTaken(redis, message),
    replicaId,
    log,
    now,
  });
  const relay: ViewerRelay = owned.use(
    new ViewerRelay({
      purposes,
      links,
      finder,
      signer,
      registry,
      view,
      viewings,
      audit,
      isOthersFault: createFaultFinder({
        homesOf: (feedIds) => entries.homesOf(feedIds),
        unrenewedMs: (nodeId) => entries.unrenewedMs(nodeId),
        isInDoubt: (nodeId) => finder.isInDoubt(nodeId),
      }),
      announceTaken: (viewerId) => takenViewers.tell(viewerId),
      iceServersFor,
      log,
      now,
    }),
  );
  const whep: WhepModule = owned.use(
    createWhepModule({
      ...options,
      grantKey: await readGrantKey(options.grantKey),
      links,
      finder,
      signer,
      view,
      viewings,
      purposes,
      iceServersFor,
    }),
  );
  const facilities = openFacilities(owned, {
    ...{ redis, io, registry, links, signer, audit, replicaId, log, now },
    authenticateFacility: options.authenticateFacility,
    keyIdsOf: options.keyIdsOf,
    nodeIds: () => nodes.nodes.keys(),
  });
  const nodes: NodeWatch = owned.use(
    new NodeWatch({
      redis,
      log,
      now,
      onChange: (living) => {
        links.follow(living);
        facilities.links.handleNodes(living.keys());
        relay.handleNodes();
      },
    }),
  );
  const projector = owned.use(
    new FeedProjector({
      redis,
      reader: await newConnection(),
      registry,
      view,
      writer: live.writer,
      livingNodes: () => ({ nodeIds: new Set(nodes.nodes.keys()), isSettled: nodes.isSettled }),
      absentEquipment: () => facilities.presence.absent(),
      replicaId,
      log,
      now,
    }),
  );

  const posters = new PosterStore(redis, now);
  const looks = owned.use(new LookLog({ audit, log, now }));
  const patrol = startPatrol(owned, {
    ...{ registry, view, links, signer, log, now },
    homesOf: (feedIds) => entries.homesOf(feedIds),
    everyMs: options.lookEveryMs ?? 0,
  });
  followAreas(owned, { registry, view, live: live.view, certainty, posters, log }, (areaIds, changed) => {
    projector.handleAreas(areaIds);
    if (changed.size === 0) return;
    relay.handleAreas(changed);
    whep.handleAreas(changed);
    patrol?.handleAreas(changed);
  });
  owned.use(
    repeat(() => relay.tick(), { everyMs: TICK_MS, onError: (error) => log.error({ err: error }, 'tick') }),
  );

  const subscriber = await newConnection();
  owned.defer(() => subscriber.destroy());
  await subscriber.subscribe(SFU_CHANNELS.nodes, (message) => nodes.handleNews(message));
  await subscriber.subscribe(SFU_CHANNELS.demands, (message) => facilities.links.handleNews(message));
  await subscriber.subscribe(keys.keysRevoked, (message) => facilities.revokedKeys.handleNews(message));
  await takenViewers.follow(subscriber, (viewerId) => relay.handleTaken(viewerId));

  const findNode = createPublishFinder({
    homeOf: (feedId) => entries.homeOf(feedId),
    reportOf: (nodeId, feedId) => entries.reportOf(nodeId, feedId),
    candidates: () => links.candidates(),
    find: (region, exclude) => finder.find(region, exclude),
  });

  const clips = new ClipSource({
    links,
    finder,
    signer,
    homeOf: (feedId) => entries.homeOf(feedId),
    wait: (ms) => delay(ms),
  });

  const parts = owned.move();
  return {
    view,
    routes: [
      ...createWhipRoutes({
        registry,
        links,
        signer,
        audit,
        noteKey: (feedId, publication) => facilities.revokedKeys.note(feedId, publication),
        findNode,
        whenBusy: options.whipWhenBusy ?? 'refuse',
        iceServersFor,
      }),
      ...createPosterRoutes({
        registry,
        view,
        store: posters,
        looks,
        audit,
        nodeIds: () => nodes.nodes.keys(),
        now,
      }),
      ...whep.routes,
      ...purposeRoutes({ store: purposes, registry, audit, now }),
    ],
    clips,
    viewerOf: (token) => whep.viewerOf(token),
    attachConsole: (socket) => relay.attach(socket),
    endSession: (sessionId) => {
      relay.endSession(sessionId);
      whep.endSession(sessionId);
    },
    ready: () => whyNotReady(links),
    viewerCount: () => relay.viewerCount,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

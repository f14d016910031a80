import type { AreaId, FeedId } from '#contract/ids.ts';
import type { Person } from '../../access/account.ts';
import type { AnyRoute } from '../../adapters/http/route.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import type { AuditLog } from '../../audit/audit.ts';
import { repeat } from '../../concurrency/repeat.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { GrantKey, GrantSigner } from '../grants/grant-signer.ts';
import type { IceServersFor } from '../ice/ice-servers.ts';
import type { NodeEvent } from '../links/control-link.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import type { Log, Now } from '../ports.ts';
import type { PurposeStore } from '../purposes/purpose-store.ts';
import { decideFeed } from '../viewers/feed-access.ts';
import type { ViewingLog } from '../viewings/viewing-log.ts';
import { PlayerStore } from './player-store.ts';
import { PlayerViewings } from './player-viewings.ts';
import { Players } from './players.ts';
import { createViewerTokens } from './viewer-token.ts';
import { createWhepRoutes } from './whep-routes.ts';

/** How often it is looked whose grant is due; they live three renewals long. */
const TICK_MS = 1_000;

interface WhepModuleOptions {
  redis: Redis;
  grantKey: GrantKey;
  links: Pick<SfuLinks, 'request' | 'has'>;
  finder: Pick<NodeFinder, 'find'>;
  signer: Pick<GrantSigner, 'signView'>;
  registry: Pick<Registry, 'feed' | 'area'>;
  view: Pick<LiveView, 'area' | 'current' | 'flagsOf'>;
  purposes: Pick<PurposeStore, 'byClass'>;
  viewings: Pick<ViewingLog, 'noteBegin' | 'hasRoom'>;
  audit: Pick<AuditLog, 'auditRefusal' | 'append'>;
  /** Reads a session by its handle and counts that as use; undefined when it is over. */
  readSession(sessionId: string): Promise<{ person: Person } | undefined>;
  iceServersFor: IceServersFor;
  log: Log;
  now: Now;
}

/** Standard players of this replica, as far as anything of them is of a replica. */
export interface WhepModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  /** The person that a viewer token was given to; see `Identities`. */
  viewerOf(token: string): Promise<Person | undefined>;
  endSession(sessionId: string): void;
  handleAreas(areaIds: ReadonlySet<AreaId>): void;
  handleNodeEvent(event: NodeEvent): void;
}

/** Builds the module and starts to renew what is due. */
export function createWhepModule(options: WhepModuleOptions): WhepModule {
  const { redis, registry, view, log, now } = options;
  const tokens = createViewerTokens({ key: options.grantKey, now });
  const personOf = async (sessionId: string) => (await options.readSession(sessionId))?.person;
  const store = new PlayerStore(redis);
  const viewings = new PlayerViewings({
    store,
    audit: options.audit,
    regionOf: (feedId) => registry.feed(feedId)?.area.regionId,
    now,
  });
  const players = new Players({
    ...options,
    store,
    personOf,
    newId: () => crypto.randomUUID(),
  });
  const attempt = (what: string, done: Promise<void>) => {
    done.catch((error: unknown) => log.warn({ err: error }, what));
  };
  let isFailing = false;
  const renewing = repeat(
    async () => {
      await Promise.all([players.tick(), viewings.tick()]);
      isFailing = false;
    },
    {
      everyMs: TICK_MS,
      onError: (error) => {
        // One line an outage.
        if (!isFailing) log.warn({ err: error }, 'players are not renewed');
        isFailing = true;
      },
    },
  );
  return {
    routes: createWhepRoutes({
      ...options,
      players,
      tokens,
      ask: (principal, feedId: FeedId) =>
        decideFeed(principal, feedId, { registry, area: (areaId) => view.area(areaId) }),
    }),
    viewerOf: async (token) => {
      const { sessionId } = await tokens.read(token, { started: true });
      return personOf(sessionId);
    },
    endSession: (sessionId) =>
      attempt('players of a session end with their grants', players.endSession(sessionId)),
    handleAreas: (areaIds) =>
      attempt('players of an area end with their grants', players.handleAreas(areaIds)),
    handleNodeEvent: (event) =>
      attempt('player that ended is not forgotten yet', players.handleNodeEvent(event)),
    [Symbol.asyncDispose]: async () => {
      await renewing[Symbol.asyncDispose]();
      await players[Symbol.asyncDispose]();
    },
  };
}

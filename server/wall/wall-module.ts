import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { DisplayId } from '#contract/displays.ts';
import type { Kept } from '#contract/kept.ts';
import { DisplayWall } from '#contract/walls.ts';
import type { Accounts, DisplayPrincipal, WatchedPage } from '../access/account.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { RedisLog } from '../adapters/redis/connect-log.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { AuditLog } from '../audit/audit.ts';
import { repeat } from '../concurrency/repeat.ts';
import type { Registry } from '../nation/registry.ts';
import { consoleRoutes } from './displays/console-routes.ts';
import { DisplayChanges } from './displays/display-changes.ts';
import { displayManagement } from './displays/display-management.ts';
import { displayRoutes, type Limiter } from './displays/display-routes.ts';
import { DisplayStore } from './displays/display-store.ts';
import { DisplayIdentity, displaySessionOf } from './displays/identity.ts';
import type { DisplayNews } from './displays/news.ts';
import { showActions } from './displays/show-actions.ts';
import type { KeptKind } from './kept/kept-kind.ts';
import { isFor, keptRoutes } from './kept/kept-routes.ts';
import { KeptStore } from './kept/kept-store.ts';
import { filters, layouts, scenes, tours, walls } from './kept/kinds.ts';
import { endRemoved } from './kept/removed-sweep.ts';

/** How often it is looked for removed things that nothing lets end; those removed today end by themselves. */
const REMOVED_MS = 24 * 3_600_000;

const News = z.strictObject({ displayId: DisplayId, news: z.enum(['changed', 'revoked']) });

interface WallModuleOptions {
  redis: Redis;
  newConnection: () => Promise<Redis>;
  registry: Registry;
  audit: AuditLog;
  accounts: Accounts;
  publicOrigin: string;
  /** Whether a request comes from a page of ours. */
  isOwnRequest: (request: IncomingMessage) => boolean;
  /** How often an address may ask for a code, and a person may type one. */
  limits: { pairings: Limiter; guesses: Limiter };
  /** Something about a display has changed, here or on another replica. */
  onChanged: (displayId: DisplayId) => void;
  /** What a display has open is over, by its handle. */
  onRevoked: (sessionId: string) => void;
  log: RedisLog;
  now: () => number;
}

export interface WallModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  /** The display that a request's cookie names. Throws `display_revoked`. */
  displayOf(request: IncomingMessage): Promise<DisplayPrincipal | undefined>;
  /** The same for a page that stays open. */
  watchDisplay(handshake: IncomingMessage): Promise<WatchedPage | undefined>;
}

/** Displays, and the scenes that are put on them. `redis` stays the caller's. */
export async function createWallModule(options: WallModuleOptions): Promise<WallModule> {
  const { redis, registry, audit, accounts, publicOrigin, onChanged, onRevoked, log, now } = options;
  const store = new DisplayStore({ redis, audit });
  const secure = publicOrigin.startsWith('https:');
  const identity = new DisplayIdentity({ store, accounts, registry, secure, now });
  const subscriber = await options.newConnection();
  await subscriber.subscribe(keys.displayNews, (message) => {
    const heard = parseNews(message);
    if (!heard) return log.warn({ channel: keys.displayNews }, 'news of a display that cannot be read');
    if (heard.news === 'revoked') onRevoked(displaySessionOf(heard.displayId));
    else onChanged(heard.displayId);
  });
  const publish: DisplayNews = async (displayId, news) => {
    await redis.publish(keys.displayNews, JSON.stringify({ displayId, news } satisfies z.infer<typeof News>));
  };
  const toPage = async (request: IncomingMessage): Promise<WatchedPage | undefined> => {
    const proved = await identity.prove(request);
    return (
      proved && {
        principal: proved.principal,
        sessionId: displaySessionOf(proved.record.id),
        renew: async () => (await identity.proveId(proved.record.id))?.principal,
      }
    );
  };

  const kept = <K extends Kept>(kind: KeptKind<K>) =>
    keptRoutes(kind, { store: new KeptStore(redis, kind.path, kind.schema), audit, now });

  const changes = new DisplayChanges({ store, registry, audit });
  const { guesses } = options.limits;
  const management = displayManagement({ store, changes, registry, audit, guesses, publish, now });
  const shows = showActions({
    changes,
    registry,
    publish,
    now,
    newId: randomUUID,
    wallOf: async (person, id) => {
      const found = await new KeptStore(redis, 'walls', DisplayWall).find(id);
      return found && isFor(found.thing, person) ? found.thing : undefined;
    },
  });

  const ending = repeat(
    async () => {
      const kinds = [scenes(registry), layouts(registry), filters(), tours(registry), walls()];
      await endRemoved(
        redis,
        kinds.map(({ path }) => path),
      );
    },
    {
      everyMs: REMOVED_MS,
      onError: (error) => log.warn({ err: error }, 'what was removed long ago could not be looked for'),
    },
  );

  return {
    routes: [
      ...displayRoutes({
        store,
        identity,
        registry,
        partsWith: (record) => changes.partsWith(record),
        pairings: options.limits.pairings,
        isOwnRequest: options.isOwnRequest,
        sample: registry.nation.sample,
        now,
      }),
      ...consoleRoutes({ store, registry, management, shows, now }),
      ...kept(scenes(registry)),
      ...kept(layouts(registry)),
      ...kept(filters()),
      ...kept(tours(registry)),
      ...kept(walls()),
    ],
    displayOf: async (request) => (await identity.prove(request))?.principal,
    watchDisplay: toPage,
    [Symbol.asyncDispose]: async () => {
      await ending[Symbol.asyncDispose]();
      if (subscriber.isOpen) subscriber.destroy();
    },
  };
}

function parseNews(message: string): z.infer<typeof News> | undefined {
  try {
    return News.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}

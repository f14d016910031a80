import { LIVE_MESSAGES, type LimitInfo, LiveSubscribe, type LiveSubscribed } from '#contract/live.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { type ConsoleSocket, onMessage } from '../adapters/socket/on-message.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import { Audiences } from './audiences.ts';
import type { LiveView, LiveWriter } from './live.ts';
import { createLiveWriter } from './live-writer.ts';
import { type LiveLog, MirroredView } from './mirrored-view.ts';
import { registryVersion } from './registry-reply.ts';
import { chosenSights, liveRoutes } from './routes.ts';

interface LiveModuleOptions {
  redis: Redis;
  newConnection: () => Promise<Redis>;
  registry: Registry;
  limits: readonly LimitInfo[];
  audit: Pick<AuditLog, 'auditRefusal'>;
  now: () => number;
  log: LiveLog;
}

export interface LiveModule extends AsyncDisposable {
  readonly view: LiveView;
  readonly writer: LiveWriter;
  readonly routes: AnyRoute[];
  /** Gives a page `live:subscribe`. */
  attachConsole(socket: ConsoleSocket): void;
  /** Pages that follow live changes. */
  readonly subscribed: number;
}

/**
 * Everything live: the mirror of it, the way to change it, and its way to pages. Fulfilled when the mirror is complete.
 * It closes the connection that it opened for subscriptions; `redis` stays the caller's.
 */
export async function createLiveModule(options: LiveModuleOptions): Promise<LiveModule> {
  const { redis, registry, limits, audit, now, log } = options;
  const view = await MirroredView.create(options);
  const audiences = new Audiences(registry);
  const version = registryVersion(registry, limits);
  view.onDelta((delta) => audiences.deliver(delta));

  return {
    view,
    writer: createLiveWriter({ redis, now }),
    routes: liveRoutes({ view, registry, limits, version, audit, now }),
    attachConsole: (socket) => {
      onMessage(
        socket,
        {
          name: LIVE_MESSAGES.subscribe,
          schema: LiveSubscribe,
          handle: ({ regions, batched }): LiveSubscribed => {
            const sights = chosenSights(socket.data.principal, regions, { registry, audit });
            audiences.join(socket, { sights, batched });
            return {
              regions: Array.from(sights.keys(), (regionId) => ({ regionId, seq: view.seq(regionId) })),
              registry: version,
            };
          },
        },
        (error, message) => log.error({ error, message }, 'unexpected error in a message'),
      );
      socket.once('disconnect', () => audiences.leave(socket));
    },
    get subscribed() {
      return audiences.size;
    },
    [Symbol.asyncDispose]: async () => {
      await view[Symbol.asyncDispose]();
      audiences.close();
    },
  };
}

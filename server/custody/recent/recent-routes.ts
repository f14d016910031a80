import { z } from 'zod';
import { AreaRecent, RECENT_MS } from '#contract/area-recent.ts';
import { VartaError } from '#contract/errors.ts';
import { AreaId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { assertMay } from '../../audit/assert-may.ts';
import type { AuditLog } from '../../audit/audit.ts';
import { readSights } from '../../live/sight-reader.ts';
import { areaResource, type Registry } from '../../nation/registry.ts';
import { AreaLog } from '../state/area-log.ts';
import { readHistories } from '../state-store.ts';
import { areaMoments } from './area-moments.ts';

interface RecentRoutesOptions {
  redis: Redis;
  registry: Pick<Registry, 'area'>;
  audit: Pick<AuditLog, 'auditRefusal'>;
  now: () => number;
}

/** The last hour of an area, for whoever looks at it now. */
export function recentRoutes({ redis, registry, audit, now }: RecentRoutesOptions): AnyRoute[] {
  const logOf = async ({ regionId, facilityId, id }: Area) => {
    const json = await redis.hGet(keys.custodyState(regionId), `area/${facilityId}/${id}`);
    return typeof json === 'string' ? AreaLog.parse(JSON.parse(json)) : undefined;
  };
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/areas/:areaId/recent',
      action: 'status.read',
      authentication: 'session',
      summary: 'What happened in an area in the last hour, newest first (no identities)',
      params: z.strictObject({ areaId: AreaId }),
      reply: AreaRecent,
      handle: async ({ principal, params }) => {
        const area = registry.area(params.areaId);
        if (!area) throw new VartaError('unknown_area');
        const resource = areaResource(area);
        assertMay({ principal, action: 'status.read', resource }, audit);
        const untilMs = now();
        const fromMs = untilMs - RECENT_MS;
        const [feed] = area.feeds;
        const [log, histories, sights] = await Promise.all([
          logOf(area),
          readHistories(redis, area.regionId, [area.id]),
          readSights(redis, area.regionId, feed ? [feed.id] : []),
        ]);
        const known = {
          log,
          history: histories.get(area.id),
          sights: feed && sights.get(feed.id),
        };
        return {
          from: new Date(fromMs).toISOString(),
          items: areaMoments(known, fromMs, untilMs),
          serverTime: new Date(untilMs).toISOString(),
        };
      },
    }),
  ];
}

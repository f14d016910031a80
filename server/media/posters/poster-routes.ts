import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { FeedHealth } from '#contract/feeds.ts';
import type { FeedMask } from '#contract/grants.ts';
import { FeedId, type NodeId } from '#contract/ids.ts';
import { coversRegion } from '#contract/nation.ts';
import { POSTER_TAKEN_AT_HEADER } from '#contract/posters.ts';
import type { Principal } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { assertMay } from '../../audit/assert-may.ts';
import { type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { LiveView } from '../../live/live.ts';
import { areaResource, type PlacedFeed, type Registry } from '../../nation/registry.ts';
import type { Now } from '../ports.ts';
import { decideFeed } from '../viewers/feed-access.ts';
import type { LookLog } from './look-log.ts';
import type { Poster, PosterStore } from './poster-store.ts';

interface PosterPorts {
  registry: Pick<Registry, 'feed'>;
  view: Pick<LiveView, 'area' | 'current'>;
  store: Pick<PosterStore, 'poster' | 'health'>;
  looks: Pick<LookLog, 'note' | 'hasRoom'>;
  audit: Pick<AuditLog, 'auditRefusal'>;
  nodeIds(): Iterable<NodeId>;
  now: Now;
}

const FeedParams = z.strictObject({ feedId: FeedId });

/** The last still of a feed, for whoever may watch it now; and its figures, for whoever may know its area's status. */
export function createPosterRoutes(ports: PosterPorts): AnyRoute[] {
  const poster = defineRoute({
    method: 'get',
    path: '/api/v1/feeds/:feedId/poster.jpg',
    action: 'feed.watch',
    authentication: 'session',
    displays: true,
    summary: `The last still of a feed; ${POSTER_TAKEN_AT_HEADER}, Age and Last-Modified say when it was taken`,
    params: FeedParams,
    reply: z.string().meta({ format: 'binary' }),
    replyContentType: 'image/jpeg',
    handle: async ({ principal, params: { feedId }, response }) => {
      admit(principal, feedId, ports);
      const found = await ports.store.poster(feedId);
      if (!found) throw new VartaError('not_found', 'no still of this feed has been taken');
      // Once more: the area may have closed while Redis was asked.
      const { placed, mask } = admit(principal, feedId, ports);
      // Taken before its mask came, or by a node that did not know of it.
      if (!isCoveredAs(mask, found, ports.now()))
        throw new VartaError('not_found', 'no still of this feed has been taken');
      ports.looks.note({
        actor: toAuditActor(principal),
        feedId,
        regionId: placed.area.regionId,
        takenAt: found.at,
      });
      const takenAt = new Date(found.at);
      response.set({
        'Content-Type': 'image/jpeg',
        'Content-Length': String(found.jpeg.length),
        'Cache-Control': 'private, no-store',
        'Last-Modified': takenAt.toUTCString(),
        Age: String(Math.max(0, Math.round((ports.now() - takenAt.getTime()) / 1000))),
        [POSTER_TAKEN_AT_HEADER]: takenAt.toISOString(),
      });
      response.end(found.jpeg);
      return undefined;
    },
  });

  const health = defineRoute({
    method: 'get',
    path: '/api/v1/feeds/:feedId/health',
    action: 'status.read',
    authentication: 'session',
    summary:
      'Figures of a feed that flows: bitrate, frames, keyframes, loss and jitter, by layer; its last picture',
    params: FeedParams,
    reply: FeedHealth,
    handle: async ({ principal, params: { feedId } }) => {
      const placed = ports.registry.feed(feedId);
      if (!placed) throw new VartaError('unknown_feed');
      const resource = areaResource(placed.area);
      assertMay({ principal, action: 'status.read', resource }, ports.audit);
      const found = await ports.store.health(feedId, ports.nodeIds());
      if (!found) throw new VartaError('not_found', 'nothing comes of this feed now');
      return found;
    },
  });

  return [poster, health];
}

/** Whether everything is covered of a still that is to be covered now; `now` in milliseconds since 1970. */
function isCoveredAs(mask: FeedMask | undefined, { masks }: Poster, now: number): boolean {
  if (!mask || now < (mask.liftedUntil ?? 0)) return true;
  return mask.regions.every((region) => masks.some((other) => coversRegion(other, region)));
}

/** The feed, if this person may watch it at this moment, and what is covered of it. */
function admit(
  principal: Principal,
  feedId: FeedId,
  ports: PosterPorts,
): { placed: PlacedFeed; mask: FeedMask | undefined } {
  // Without a live mirror it is not known what is closed; and what cannot be put on record is not shown.
  if (!ports.view.current || !ports.looks.hasRoom) throw new VartaError('store_unavailable');
  const world = { registry: ports.registry, area: (id: string) => ports.view.area(id) };
  const access = decideFeed(principal, feedId, world);
  if (access.allow) return { placed: access.placed, mask: access.granted.mask };
  const placed = ports.registry.feed(feedId);
  if (placed) {
    const resource = areaResource(placed.area);
    ports.audit.auditRefusal({ principal, action: 'feed.watch', resource, code: access.code });
  }
  throw new VartaError(access.code, access.reason);
}

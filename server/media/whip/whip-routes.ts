import type { Response } from 'express';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { FeedId, type NodeId, type RegionId } from '#contract/ids.ts';
import { decide, type Principal } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { areaResource, type PlacedFeed, type Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import { toGrantedFeed } from '../viewers/feed-access.ts';
import { toResourceName, WhipResourceName } from './resource-id.ts';

const SDP = 'application/sdp';
/** The contract's bound of an offer. */
const MAX_SDP_BYTES = 64_000;
/** A node answers an offer in milliseconds; a busy one still within this. */
const PUBLISH_TIMEOUT_MS = 8_000;

interface WhipPorts {
  registry: Pick<Registry, 'feed'>;
  links: Pick<SfuLinks, 'request' | 'has'>;
  signer: Pick<GrantSigner, 'signPublish'>;
  /** The node that has the feed already, if any, else the best one for a facility of this region. */
  findNode(feedId: FeedId, region: RegionId): Promise<NodeId>;
}

const FeedParams = z.object({ feedId: FeedId });
const ResourceParams = z.object({ feedId: FeedId, resource: WhipResourceName });

/** WHIP (RFC 9725): a facility's encoder publishes one of its feeds. */
export function createWhipRoutes(ports: WhipPorts): AnyRoute[] {
  const publish = defineRoute({
    method: 'post',
    path: '/whip/:feedId',
    action: 'feed.publish',
    authentication: 'facility-key',
    summary: 'Publish a feed: an SDP offer in, the answer out',
    params: FeedParams,
    body: z.string().min(1).max(MAX_SDP_BYTES),
    bodyType: { contentType: SDP, maxBytes: MAX_SDP_BYTES },
    reply: z.string(),
    replyStatus: 201,
    replyContentType: SDP,
    handle: async ({ principal, params, body, response }) => {
      allowAnyOrigin(response);
      const placed = admit(principal, params.feedId, ports.registry);
      const nodeId = await ports.findNode(params.feedId, placed.area.regionId);
      const grant = await ports.signer.signPublish(nodeId, toGrantedFeed(placed));
      const { resourceId, sdpAnswer } = await ports.links.request(
        { nodeId, message: 'whip:publish' },
        { grant, sdpOffer: body },
        { timeoutMs: PUBLISH_TIMEOUT_MS },
      );
      response
        .location(`/whip/${params.feedId}/${toResourceName({ nodeId, resourceId })}`)
        .set('ETag', `"${resourceId}"`);
      return sdpAnswer;
    },
  });

  const stop = defineRoute({
    method: 'delete',
    path: '/whip/:feedId/:resource',
    action: 'feed.publish',
    authentication: 'facility-key',
    summary: 'End a publication',
    params: ResourceParams,
    replyStatus: 200,
    handle: async ({ principal, params, response }) => {
      allowAnyOrigin(response);
      const placed = admit(principal, params.feedId, ports.registry);
      const { nodeId, resourceId } = params.resource;
      // Its node is gone, and the publication with it.
      if (!ports.links.has(nodeId)) throw new VartaError('unknown_resource');
      const grant = await ports.signer.signPublish(nodeId, toGrantedFeed(placed));
      await ports.links.request({ nodeId, message: 'whip:stop' }, { grant, resourceId });
      response.status(200).end();
      return undefined;
    },
  });

  const options = (path: string, allow: string, params: z.ZodType) =>
    defineRoute({
      method: 'options',
      path,
      action: 'service.probe',
      authentication: 'none',
      summary: 'What this WHIP URL takes',
      params,
      replyStatus: 204,
      handle: ({ response }) => {
        allowAnyOrigin(response);
        response.set({ Allow: allow, 'Access-Control-Allow-Methods': allow, 'Accept-Post': SDP });
        response.status(204).end();
        return undefined;
      },
    });

  return [
    publish,
    stop,
    options('/whip/:feedId', 'POST, OPTIONS', FeedParams),
    options('/whip/:feedId/:resource', 'DELETE, OPTIONS', ResourceParams),
  ];
}

/** The feed, if this facility may publish it and an encoder is what it waits for. */
function admit(principal: Principal, feedId: FeedId, registry: Pick<Registry, 'feed'>): PlacedFeed {
  const placed = registry.feed(feedId);
  if (!placed) throw new VartaError('unknown_feed');
  const decision = decide(principal, 'feed.publish', areaResource(placed.area));
  if (!decision.allow) throw new VartaError(decision.code, decision.reason);
  if (placed.feed.source !== 'whip')
    throw new VartaError(
      'forbidden',
      `this feed is not published over WHIP, its source is ${placed.feed.source}`,
    );
  return placed;
}

/** Encoders in browsers publish from their own pages. Safe for any origin: the key is sent by hand, never a cookie. */
function allowAnyOrigin(response: Response): void {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
    'Access-Control-Expose-Headers': 'Location, ETag, Link, Accept-Post',
  });
}

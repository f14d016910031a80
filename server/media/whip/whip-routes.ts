import { z } from 'zod';
import type { WhenBusy } from '#contract/control.ts';
import { VartaError } from '#contract/errors.ts';
import { FeedId, type NodeId, type RegionId } from '#contract/ids.ts';
import type { IceServer } from '#contract/media.ts';
import type { Principal } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { assertMay } from '../../audit/assert-may.ts';
import { type AuditLog, toAuditActor } from '../../audit/audit.ts';
import { areaResource, type PlacedFeed, type Registry } from '../../nation/registry.ts';
import type { Publication } from '../facility/revoked-keys.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import { toGrantedFeed } from '../viewers/feed-access.ts';
import { toIceLinks } from './ice-links.ts';
import { parseIfMatch } from './if-match.ts';
import { toResourceName, type WhipResource, WhipResourceName } from './resource-id.ts';
import { answerFragment, describeUrls, FRAGMENT_ROUTE, locate, OFFER_ROUTE } from './sdp-http.ts';

/** A node answers an offer in milliseconds; a busy one still within this. */
const PUBLISH_TIMEOUT_MS = 8_000;

interface WhipPorts {
  registry: Pick<Registry, 'feed'>;
  links: Pick<SfuLinks, 'request' | 'has'>;
  signer: Pick<GrantSigner, 'signPublish'>;
  audit: Pick<AuditLog, 'append' | 'auditRefusal'>;
  /** By which key a feed is published, so that it ends with the key. */
  noteKey(feedId: FeedId, publication: Publication): Promise<void>;
  /** The node that has the feed already, if any, else the best one for a facility of this region. */
  findNode(feedId: FeedId, region: RegionId): Promise<NodeId>;
  /** What becomes of a publication when another encoder comes. */
  whenBusy: WhenBusy;
  /** ICE servers for a facility, with credentials of its own. */
  iceServersFor(principalName: string): readonly IceServer[];
}

/** What somebody did to a publication, as the audit names it. */
interface Did extends WhipResource {
  action: 'feed.publish' | 'feed.publish-end';
}

const FeedParams = z.object({ feedId: FeedId });
const ResourceParams = z.object({ feedId: FeedId, resource: WhipResourceName });

/** What all WHIP routes have in common. Encoders in browsers publish from pages of their own origin. */
const whip = {
  action: 'feed.publish',
  authentication: 'facility-key',
  openToAnyOrigin: true,
} as const;

/** WHIP (RFC 9725): a facility's encoder publishes one of its feeds. */
export function createWhipRoutes(ports: WhipPorts): AnyRoute[] {
  /** The node of a publication, and a grant for it. */
  const reach = async (principal: Principal, feedId: FeedId, { nodeId }: WhipResource) => {
    const placed = admit(principal, feedId, ports);
    // Its node is gone, and the publication with it.
    if (!ports.links.has(nodeId)) throw new VartaError('unknown_resource');
    return { placed, grant: await ports.signer.signPublish(nodeId, toGrantedFeed(placed)) };
  };

  const note = (principal: Principal, placed: PlacedFeed, did: Did) =>
    ports.audit.append(placed.area.regionId, {
      actor: toAuditActor(principal),
      action: did.action,
      resource: `feed:${placed.feed.id}`,
      outcome: 'done',
      details: { areaId: placed.area.id, nodeId: did.nodeId, publication: did.resourceId },
    });

  /** Ends a publication of which its encoder has not been told. */
  const withdraw = async (placed: PlacedFeed, { nodeId, resourceId }: WhipResource) => {
    // The grant of the offer may have run out while the store was waited for.
    const grant = await ports.signer.signPublish(nodeId, toGrantedFeed(placed));
    await ports.links.request({ nodeId, message: 'whip:stop' }, { grant, resourceId });
  };

  /** Puts a publication on record: the entry comes last, because it says that all is done. */
  const record = async (principal: Principal, placed: PlacedFeed, published: WhipResource) => {
    if (principal.kind === 'facility' && principal.keyId !== undefined) {
      const { facilityId, keyId } = principal;
      await ports.noteKey(placed.feed.id, { facilityId, keyId, ...published });
    }
    await note(principal, placed, { action: 'feed.publish', ...published });
  };

  const publish = defineRoute({
    ...whip,
    ...OFFER_ROUTE,
    path: '/whip/:feedId',
    summary: 'Publish a feed: an SDP offer in, the answer out',
    params: FeedParams,
    handle: async ({ principal, params, body, response }) => {
      const placed = admit(principal, params.feedId, ports);
      const nodeId = await ports.findNode(params.feedId, placed.area.regionId);
      const grant = await ports.signer.signPublish(nodeId, toGrantedFeed(placed));
      const { resourceId, sdpAnswer, iceTag } = await ports.links.request(
        { nodeId, message: 'whip:publish' },
        { grant, sdpOffer: body, whenBusy: ports.whenBusy },
        { timeoutMs: PUBLISH_TIMEOUT_MS },
      );
      try {
        await record(principal, placed, { nodeId, resourceId });
      } catch (error) {
        // Without it the encoder gets no answer and cannot connect; its next try is not to find the feed busy. Where this
        // fails too, the node gives the publication up within seconds.
        await withdraw(placed, { nodeId, resourceId }).catch(() => undefined);
        throw error;
      }
      locate(response, {
        url: `/whip/${params.feedId}/${toResourceName({ nodeId, resourceId })}`,
        iceTag,
        links: toIceLinks(ports.iceServersFor(placed.facility.id)),
      });
      return sdpAnswer;
    },
  });

  const patch = defineRoute({
    ...whip,
    ...FRAGMENT_ROUTE,
    path: '/whip/:feedId/:resource',
    params: ResourceParams,
    handle: async ({ principal, params, body, request, response }) => {
      const { grant } = await reach(principal, params.feedId, params.resource);
      const tag = parseIfMatch(request.get('If-Match'));
      const { nodeId, resourceId } = params.resource;
      const patched = await ports.links.request(
        { nodeId, message: 'whip:patch' },
        { grant, resourceId, fragment: body, ...(tag === undefined ? {} : { iceTag: tag }) },
      );
      return answerFragment(response, patched);
    },
  });

  const stop = defineRoute({
    ...whip,
    method: 'delete',
    path: '/whip/:feedId/:resource',
    summary: 'End a publication',
    params: ResourceParams,
    replyStatus: 200,
    handle: async ({ principal, params, response }) => {
      const { placed, grant } = await reach(principal, params.feedId, params.resource);
      const { nodeId, resourceId } = params.resource;
      await ports.links.request({ nodeId, message: 'whip:stop' }, { grant, resourceId });
      await note(principal, placed, { action: 'feed.publish-end', nodeId, resourceId });
      response.status(200).end();
      return undefined;
    },
  });

  return [
    publish,
    patch,
    stop,
    ...describeUrls(
      { path: '/whip/:feedId', params: FeedParams },
      { path: '/whip/:feedId/:resource', params: ResourceParams },
    ),
  ];
}

/** The feed, if this facility may publish it and an encoder is what it waits for. */
function admit(
  principal: Principal,
  feedId: FeedId,
  ports: Pick<WhipPorts, 'registry' | 'audit'>,
): PlacedFeed {
  const placed = ports.registry.feed(feedId);
  if (!placed) throw new VartaError('unknown_feed');
  const resource = areaResource(placed.area);
  assertMay({ principal, action: 'feed.publish', resource }, ports.audit);
  if (placed.feed.source !== 'whip')
    throw new VartaError(
      'forbidden',
      `this feed is not published over WHIP, its source is ${placed.feed.source}`,
    );
  return placed;
}

import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { GrantToken } from './grants.ts';
import { FeedId, MediaObjectId, NodeId, ViewerId } from './ids.ts';
import {
  ConsumerLayers,
  ConsumerList,
  Done,
  DtlsParameters,
  MediaJoined,
  MediaWatching,
  RtpCapabilities,
} from './media.ts';
import { Layer } from './nation.ts';

/**
 * Server → sfu node, over socket.io namespace `/control`. Every message is acknowledged ({@link ackOf} of the reply).
 * Handshake `auth`: {@link ControlHandshake}. Whatever gives or takes media carries a grant.
 */
export const ControlHandshake = z.strictObject({ protocol: z.int(), grant: GrantToken });

export const ViewerJoin = z.strictObject({ grant: GrantToken, have: MediaObjectId.optional() });
export const ViewerConnect = z.strictObject({
  viewerId: ViewerId,
  transportId: MediaObjectId,
  dtlsParameters: DtlsParameters,
});
/** The grant names every feed that the viewer may see from now on, these and those watched already. */
export const ViewerWatch = z.strictObject({
  grant: GrantToken,
  rtpCapabilities: RtpCapabilities,
  feeds: z
    .array(z.strictObject({ feedId: FeedId, layer: Layer }))
    .min(1)
    .max(192),
});
export const ViewerConsumers = ConsumerList.extend({ viewerId: ViewerId });
export const ViewerLayers = ConsumerLayers.extend({ viewerId: ViewerId });
/** Replaces the viewer's grant; feeds that it no longer names end at once. */
export const ViewerRenew = z.strictObject({ grant: GrantToken });
export const ViewerLeave = z.strictObject({ viewerId: ViewerId });

export const WhipPublish = z.strictObject({ grant: GrantToken, sdpOffer: z.string().min(1).max(64_000) });
export const WhipPublished = z.object({ resourceId: MediaObjectId, sdpAnswer: z.string() });
export const WhipStop = z.strictObject({ grant: GrantToken, resourceId: MediaObjectId });

/** What a message is called, what it carries, and what its acknowledgement carries. */
export const CONTROL_MESSAGES = {
  'viewer:join': { request: ViewerJoin, reply: MediaJoined },
  'viewer:connect': { request: ViewerConnect, reply: Done },
  'viewer:watch': { request: ViewerWatch, reply: MediaWatching },
  'viewer:resume': { request: ViewerConsumers, reply: Done },
  'viewer:pause': { request: ViewerConsumers, reply: Done },
  'viewer:layers': { request: ViewerLayers, reply: Done },
  'viewer:unwatch': { request: ViewerConsumers, reply: Done },
  'viewer:renew': { request: ViewerRenew, reply: Done },
  'viewer:leave': { request: ViewerLeave, reply: Done },
  'whip:publish': { request: WhipPublish, reply: WhipPublished },
  'whip:stop': { request: WhipStop, reply: Done },
} as const;
export type ControlMessage = keyof typeof CONTROL_MESSAGES;

/** sfu node → every connected server; the one that holds the viewer's console passes it on. */
export const ControlViewerClosed = z.object({ viewerId: ViewerId, code: ErrorCode });
export const ControlConsumersClosed = z.object({
  viewerId: ViewerId,
  consumers: z.array(z.object({ consumerId: MediaObjectId, feedId: FeedId, code: ErrorCode })),
});
/** A feed has a source now (first publisher, or a new one). */
export const ControlFeedAvailable = z.object({ nodeId: NodeId, feedId: FeedId });

export const CONTROL_EVENTS = {
  'viewer:closed': ControlViewerClosed,
  'viewer:consumers-closed': ControlConsumersClosed,
  'feed:available': ControlFeedAvailable,
} as const;
export type ControlEvent = keyof typeof CONTROL_EVENTS;

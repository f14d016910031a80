import { z } from 'zod';
import {
  ClipBegin,
  ClipBegun,
  ClipChunk,
  ClipDrop,
  ClipFinish,
  ClipFinished,
  ClipRead,
  ClipRenew,
} from './clips.ts';
import { ErrorCode } from './errors.ts';
import { FeedSending } from './facility-link.ts';
import { GrantToken } from './grants.ts';
import { FeedId, MediaObjectId, NodeId, ViewerId } from './ids.ts';
import { Importance } from './importance.ts';
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
 *
 * A node handles the messages of one viewer in the order in which they came, so that an earlier grant never wins over a
 * later one. Viewers belong to the node, not to the connection: when a connection ends, they live on until their grant
 * runs out, and any server may go on with them.
 */
export const ControlHandshake = z.strictObject({ protocol: z.int(), grant: GrantToken });

/**
 * Adopts the viewer's living transport if `have` names it: its consumers go on, except those of feeds that the grant
 * does not name. Otherwise whatever the viewer had on this node is closed without a word, and it starts anew.
 */
export const ViewerJoin = z.strictObject({
  grant: GrantToken,
  have: MediaObjectId.optional(),
  /** Adopt or refuse with `unknown_viewer`; nothing is started or closed. */
  adoptOnly: z.literal(true).optional(),
});
export const ViewerConnect = z.strictObject({
  viewerId: ViewerId,
  transportId: MediaObjectId,
  dtlsParameters: DtlsParameters,
});
/**
 * The grant names every feed that the viewer may see from now on, these and those watched already. A feed that is
 * consumed already is answered with its existing consumer: same id and parameters, pause state untouched. A feed that
 * is `feed_not_live` stays wanted by the viewer for as long as its grants name it.
 */
export const ViewerWatch = z.strictObject({
  grant: GrantToken,
  rtpCapabilities: RtpCapabilities,
  feeds: z
    .array(z.strictObject({ feedId: FeedId, layer: Layer, importance: Importance.optional() }))
    .min(1)
    .max(192),
});
export const ViewerConsumers = ConsumerList.extend({ viewerId: ViewerId });
export const ViewerLayers = ConsumerLayers.extend({ viewerId: ViewerId });
/** Replaces the viewer's grant; feeds that it no longer names end at once. */
export const ViewerRenew = z.strictObject({ grant: GrantToken });
/** Ends the viewer at once; one that is not there is no error. */
export const ViewerLeave = z.strictObject({ viewerId: ViewerId });

const Sdp = z.string().min(1).max(64_000);
/** Names the ICE session of a WHIP or WHEP resource (RFC 9725, 4.3.1); changes with each ICE restart. */
export const IceTag = z.string().min(1).max(64);

/** What becomes of a publication when another encoder comes for the same feed: the newcomer is refused, or replaces it. */
export const WhenBusy = z.enum(['refuse', 'replace']);
export type WhenBusy = z.infer<typeof WhenBusy>;

/** `whenBusy` is `refuse` when it is not said. */
export const WhipPublish = z.strictObject({
  grant: GrantToken,
  sdpOffer: Sdp,
  whenBusy: WhenBusy.optional(),
});
export const WhipPublished = z.object({ resourceId: MediaObjectId, sdpAnswer: z.string(), iceTag: IceTag });
export type WhipPublished = z.infer<typeof WhipPublished>;
/**
 * Candidates of the encoder, or its ICE restart, as `application/trickle-ice-sdpfrag` (RFC 8840). `iceTag` as the encoder
 * named it (`If-Match`); absent for `*`. Refused with `precondition_failed` when it is not the present one.
 */
export const WhipPatch = z.strictObject({
  grant: GrantToken,
  resourceId: MediaObjectId,
  iceTag: IceTag.optional(),
  fragment: Sdp,
});
export type WhipPatch = z.infer<typeof WhipPatch>;
/** `fragment` is our end after an ICE restart; null when there is nothing to say. */
export const IcePatched = z.object({ iceTag: IceTag, fragment: z.string().nullable() });
export type IcePatched = z.infer<typeof IcePatched>;
export const WhipStop = z.strictObject({ grant: GrantToken, resourceId: MediaObjectId });

/**
 * A standard player's one feed (WHEP). It is a viewer like a page: `viewer:renew` and `viewer:leave` hold for it. The
 * grant names the feed alone; when the feed ends, or a grant does not name it any more, the viewer ends. Without `layer`
 * it gets the highest one that the grant allows.
 */
export const WhepPlay = z.strictObject({ grant: GrantToken, sdpOffer: Sdp, layer: Layer.optional() });
export const WhepPlaying = z.object({ resourceId: MediaObjectId, sdpAnswer: z.string(), iceTag: IceTag });
export const WhepPatch = z.strictObject({
  viewerId: ViewerId,
  resourceId: MediaObjectId,
  iceTag: IceTag.optional(),
  fragment: Sdp,
});

/**
 * Equipment says how it sends a feed by SRTP; null when it does send SRTP but was asked for plain RTP, so that it has to
 * be asked anew. Publish grant of the feed.
 */
export const EdgeSending = z.strictObject({ grant: GrantToken, sending: FeedSending.nullable() });

/** Equipment may not send a feed any more: nothing is taken of it from now on. Publish grant of the feed. */
export const EdgeStop = z.strictObject({ grant: GrantToken });

/** Feeds that one `feed:unlook` names at most. */
export const MAX_UNLOOK = 400;
/**
 * Looks once at each feed that the grant names, if it comes in anyway and nobody watches it: faults of its picture are
 * found, and no still is kept. View grant of {@link LOOKER}. The next look comes after about `againInMs`.
 */
export const FeedLook = z.strictObject({ grant: GrantToken, againInMs: z.int().min(1_000).max(86_400_000) });
/**
 * The areas of these feeds may not be seen any more: a look that was asked for is not begun, one that is under way ends
 * without a trace, and pictures that are remembered are forgotten. What is not there is no error.
 */
export const FeedUnlook = z.strictObject({ feedIds: z.array(FeedId).min(1).max(MAX_UNLOOK) });
/** Whom grants of looks are for: nobody sees anything by them. */
export const LOOKER = 'nobody-looks';

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
  'whip:patch': { request: WhipPatch, reply: IcePatched },
  'whip:stop': { request: WhipStop, reply: Done },
  'whep:play': { request: WhepPlay, reply: WhepPlaying },
  'whep:patch': { request: WhepPatch, reply: IcePatched },
  'edge:sending': { request: EdgeSending, reply: Done },
  'edge:stop': { request: EdgeStop, reply: Done },
  'feed:look': { request: FeedLook, reply: Done },
  'feed:unlook': { request: FeedUnlook, reply: Done },
  'clip:begin': { request: ClipBegin, reply: ClipBegun },
  'clip:renew': { request: ClipRenew, reply: Done },
  'clip:finish': { request: ClipFinish, reply: ClipFinished },
  'clip:read': { request: ClipRead, reply: ClipChunk },
  'clip:drop': { request: ClipDrop, reply: Done },
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

/**
 * Somebody came with a grant that is none, or not any more, so often since the last time that it was told. `where`: at the
 * door (`control`, `mesh`), or with which message.
 */
export const ControlGrantRefused = z.object({
  where: z.string().regex(/^[a-z]{1,20}(?::[a-z]{1,20})?$/),
  code: ErrorCode,
  count: z.int().min(1),
});

export const CONTROL_EVENTS = {
  'viewer:closed': ControlViewerClosed,
  'viewer:consumers-closed': ControlConsumersClosed,
  'feed:available': ControlFeedAvailable,
  'grant:refused': ControlGrantRefused,
} as const;
export type ControlEvent = keyof typeof CONTROL_EVENTS;

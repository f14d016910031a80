import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { FeedId, MediaObjectId, NodeId, ViewerId } from './ids.ts';
import { Importance } from './importance.ts';
import { Layer } from './nation.ts';

/**
 * Media between a page and its sfu node, relayed by the server. Parameters that belong to mediasoup are opaque here:
 * bounded by the socket's message size, checked by mediasoup itself on both ends.
 */
const Opaque = z.record(z.string(), z.unknown());

export const RtpCapabilities = Opaque;
export const RtpParameters = Opaque;

export const DtlsParameters = z.strictObject({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(z.strictObject({ algorithm: z.string().max(20), value: z.string().max(200) }))
    .min(1)
    .max(5),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

export const TransportOptions = z.object({
  id: MediaObjectId,
  iceParameters: Opaque,
  iceCandidates: z.array(Opaque),
  dtlsParameters: Opaque,
});
export type TransportOptions = z.infer<typeof TransportOptions>;

/** Most feeds that one page may watch at once: a 12 × 8 wall, twice for a page turn. */
export const MAX_WATCHED = 192;

/** Where a page finds a way when UDP is blocked: `RTCIceServer` of the browser, with credentials that expire. */
export const IceServer = z.strictObject({
  urls: z.array(z.string().max(300)).min(1).max(8),
  username: z.string().max(200).optional(),
  credential: z.string().max(200).optional(),
});
export type IceServer = z.infer<typeof IceServer>;

/**
 * `media:join`: one receiving transport for the page. A viewer is one tab of one session; joining again without `have`
 * replaces whatever it had.
 *
 * With `have`, a page whose socket came back, to any replica, keeps its media. It names its transport and the feeds
 * that it has consumers of (a feed left out is closed: the new grant does not name it). When that transport lives, the
 * answer is `adopted: true` and nothing is renegotiated. The page then sends `media:watch` for every feed that it shows.
 * For a feed that the viewer consumes already, the node answers with the EXISTING consumer (same id and parameters,
 * pause state untouched, layer as asked), and the page goes on with the track that it has. A consumer of the page that
 * no answer names is gone. `adopted: false` means: start anew with the parameters given.
 *
 * With `beside`, the answer to `media:move` or the page's own wish, the page takes a second transport and keeps the first
 * until the second has pictures. It is at another node if the first one's is to be left, else at the same. From then on `media:watch` goes to the new one, messages that name consumers go to whoever has
 * them, and `media:leave` with the old transport's id ends the old one.
 */
export const MediaJoin = z.strictObject({
  beside: z.literal(true).optional(),
  have: z
    .strictObject({
      nodeId: NodeId,
      transportId: MediaObjectId,
      feeds: z.array(FeedId).max(MAX_WATCHED).optional(),
    })
    .optional(),
});
export const MediaJoined = z.discriminatedUnion('adopted', [
  z.object({ adopted: z.literal(true), viewerId: ViewerId, nodeId: NodeId }),
  z.object({
    adopted: z.literal(false),
    viewerId: ViewerId,
    nodeId: NodeId,
    routerRtpCapabilities: RtpCapabilities,
    transport: TransportOptions,
    iceServers: z.array(IceServer).max(8).optional(),
  }),
]);
export type MediaJoined = z.infer<typeof MediaJoined>;

/** `media:connect` */
export const MediaConnect = z.strictObject({ transportId: MediaObjectId, dtlsParameters: DtlsParameters });
export const Done = z.object({});

/**
 * `media:watch`: consumers for these feeds, new ones created paused; answered per feed, one bad feed spoils no other.
 * Asking again for a feed that is consumed already answers with the same consumer.
 */
export const MediaWatch = z.strictObject({
  rtpCapabilities: RtpCapabilities,
  feeds: z
    .array(z.strictObject({ feedId: FeedId, layer: Layer, importance: Importance.optional() }))
    .min(1)
    .max(MAX_WATCHED),
});

export const Watched = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    feedId: FeedId,
    consumer: z.object({
      id: MediaObjectId,
      producerId: MediaObjectId,
      kind: z.literal('video'),
      rtpParameters: RtpParameters,
    }),
  }),
  /** `feed_not_live`: nobody publishes yet; `media:available` says when to ask again. */
  z.object({ ok: z.literal(false), feedId: FeedId, code: ErrorCode, message: z.string() }),
]);
export type Watched = z.infer<typeof Watched>;
export const MediaWatching = z.object({ feeds: z.array(Watched) });
export type MediaWatching = z.infer<typeof MediaWatching>;

/** `media:resume`, `media:pause` */
export const ConsumerList = z.strictObject({ consumerIds: z.array(MediaObjectId).min(1).max(MAX_WATCHED) });

/**
 * `media:unwatch`: closes these consumers. `feedIds` names feeds without a consumer (refused or not live yet) that the
 * page does not wait for any more. Ids that are gone already are no error.
 */
export const MediaUnwatch = z.strictObject({
  consumerIds: z.array(MediaObjectId).max(MAX_WATCHED),
  feedIds: z.array(FeedId).max(MAX_WATCHED).optional(),
});

/** `media:layers`: what these consumers are for from now on; without `importance`, that is the usual one again. */
export const ConsumerLayers = z.strictObject({
  items: z
    .array(z.strictObject({ consumerId: MediaObjectId, layer: Layer, importance: Importance.optional() }))
    .min(1)
    .max(MAX_WATCHED),
});

/** Server → page: these consumers are gone. The page asks again for feeds that it still shows, unless the code says no. */
export const ConsumersClosed = z.object({
  consumers: z.array(z.object({ consumerId: MediaObjectId, feedId: FeedId, code: ErrorCode })),
});
export type ConsumersClosed = z.infer<typeof ConsumersClosed>;

/**
 * Server → page: the receiving transport is gone (its worker or node died, or the right to it ended); join again. During
 * a move the end of the former transport is told as the end of its consumers; when the new one ends, both do, and this is
 * told twice.
 */
export const ViewerClosed = z.object({ code: ErrorCode });
export type ViewerClosed = z.infer<typeof ViewerClosed>;

/** `media:leave`: ends this transport, or, without an id, all that the page has. */
export const MediaLeave = z.union([z.undefined(), z.strictObject({ transportId: MediaObjectId.optional() })]);

/**
 * `media:silent`: nothing at all has come over this transport for {@link SILENT_AFTER_MS} although consumers of live
 * feeds run on it. The node may be half dead: the server counts such reports, sets the node aside when they come from
 * most of its pages, and has the page move.
 */
export const MediaSilent = z.strictObject({ transportId: MediaObjectId });
export const SILENT_AFTER_MS = 2_500;

/** Server → page: its node is to be left (drained, or half dead); join again with `beside`. */
export const MediaMove = z.object({ transportId: MediaObjectId });
export type MediaMove = z.infer<typeof MediaMove>;

/** Server → page: a feed that was `feed_not_live` has a source now, or one that was `confidential` may be seen again. */
export const FeedAvailable = z.object({ feedId: FeedId });
export type FeedAvailable = z.infer<typeof FeedAvailable>;

/** How often a page tells what could be seen on it; and the most that one report may say of a feed. */
export const SEEN_EVERY_MS = 5_000;
const MAX_SEEN_MS = 60_000;

/**
 * `media:seen`: for how long, since the last report, feeds could truly be seen on this page: it was visible, the tile was on
 * the screen, and frames of it were painted. What it says of a feed that the page is not sent counts for nothing, and
 * never more than the time for which it was sent.
 */
export const MediaSeen = z.strictObject({
  feeds: z
    .array(z.strictObject({ feedId: FeedId, layer: Layer, ms: z.int().min(1).max(MAX_SEEN_MS) }))
    .min(1)
    .max(2 * MAX_WATCHED),
});
export type MediaSeen = z.infer<typeof MediaSeen>;

/** Areas that a page may have opened at once: during a change from one to the next there are two. */
const MAX_OPENED = 4;

/**
 * `media:open`: the page shows these feeds opened, large and by themselves, outside of its wall; all that it has opened, each
 * time. Refused with `purpose_required` while nobody has stated what for; the others are opened all the same. Sent again
 * after a reconnection.
 */
export const MediaOpen = z.strictObject({ feedIds: z.array(FeedId).max(MAX_OPENED) });
export type MediaOpen = z.infer<typeof MediaOpen>;

export const MEDIA_MESSAGES = {
  join: 'media:join',
  connect: 'media:connect',
  watch: 'media:watch',
  resume: 'media:resume',
  pause: 'media:pause',
  layers: 'media:layers',
  unwatch: 'media:unwatch',
  leave: 'media:leave',
  silent: 'media:silent',
  seen: 'media:seen',
  open: 'media:open',
  move: 'media:move',
  consumersClosed: 'media:consumers-closed',
  viewerClosed: 'media:viewer-closed',
  available: 'media:available',
} as const;

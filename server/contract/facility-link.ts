import { z } from 'zod';
import { EDGE_FAULTS, EdgeFault } from './feeds.ts';
import { FacilityId, FeedId, Instant, MediaObjectId, NodeId } from './ids.ts';
import { Importance } from './importance.ts';
import { Layer } from './nation.ts';

/** How a facility's equipment sends: plain RTP, or SRTP, as an edge sfu does. */
export const FacilityMedia = z.enum(['rtp', 'srtp']);
export type FacilityMedia = z.infer<typeof FacilityMedia>;

/**
 * The `/facility` namespace: a facility's equipment that sends video on demand. Handshake `auth`:
 * {@link FacilityHandshake}. The server says what is wanted (level-triggered: a demand replaces the earlier one of the
 * same feed, and all standing demands are said again after each connect); the equipment sends RTP accordingly.
 */
export const FacilityHandshake = z.strictObject({
  protocol: z.int(),
  facilityId: FacilityId,
  key: z.string().min(20).max(200),
  /** Feeds that this equipment serves. */
  feeds: z.array(FeedId).min(1).max(200),
  /** @default rtp */
  media: FacilityMedia.optional(),
});
export type FacilityHandshake = z.infer<typeof FacilityHandshake>;

/** One end's SRTP key (RFC 7714: 32 bytes of key, 12 of salt), with which it encrypts what it sends. Never logged. */
export const SrtpParameters = z.object({
  cryptoSuite: z.literal('AEAD_AES_256_GCM'),
  keyBase64: z.string().regex(/^[A-Za-z0-9+/]{59}=$/),
});
export type SrtpParameters = z.infer<typeof SrtpParameters>;

/**
 * Send these layers of a feed there: H.264 (packetization-mode 1, constrained baseline), clock rate 90 kHz, one SSRC a
 * layer, RTCP on the same port (RFC 5761), sender reports at least every 2 s and with the first packet of each layer, a
 * keyframe (IDR with SPS and PPS) first and after every PLI (RFC 4585) or FIR (RFC 5104). A layer that is not wanted
 * sends nothing.
 *
 * With `srtp` (only for equipment that said so in its handshake) it is sent encrypted: the equipment draws key and SSRCs
 * itself and says them with {@link FeedSending}; the SSRCs and the payload type of the demand mean nothing then. What
 * is not said yet is dropped by the target.
 */
export const FeedDemand = z.object({
  feedId: FeedId,
  facilityId: FacilityId,
  target: z.object({ ip: z.string().max(64), port: z.int().min(1).max(65535) }),
  payloadType: z.int().min(0).max(127),
  layers: z
    .array(z.object({ layer: Layer, ssrc: z.int().min(1).max(0xffffffff), wanted: z.boolean() }))
    .min(1)
    .max(2),
  /** How much it matters to those who watch it: for equipment whose uplink has no room for everything. */
  importance: Importance.optional(),
  /** The node that wants it. */
  nodeId: NodeId.optional(),
  /** The target's transport, which takes one sender in its life, and the key of what the target sends. */
  srtp: SrtpParameters.extend({ transportId: MediaObjectId }).optional(),
  at: Instant,
});
export type FeedDemand = z.infer<typeof FeedDemand>;

/** The feed is not wanted any more, and its target is gone. */
export const FeedRelease = z.object({ feedId: FeedId, facilityId: FacilityId, at: Instant });
export type FeedRelease = z.infer<typeof FeedRelease>;

const PayloadType = z.int().min(0).max(127);
const Ssrc = z.int().min(1).max(0xffffffff);

/** `uplink-cut` is said again this often while it lasts: who is silent may be dead. Milliseconds. */
export const HELD_AGAIN_MS = 5_000;
/**
 * `uplink-cut` that was not said again for this long is not believed any more: the time between two repetitions, and ten
 * seconds and a quarter in which an edge finds a server again. Milliseconds.
 */
export const HELD_FOR_MS = 16_000;

/**
 * How equipment sends what a demand with `srtp` asks for, from now on: said for every such demand that names another
 * transport than the one before, again after each connect, whenever the faults change, and every {@link HELD_AGAIN_MS}
 * while they contain `uplink-cut`. Acknowledged when the node has it; a refusal that may be
 * retried is to be. Another key than before for the same transport says that another sender has taken over.
 */
export const FeedSending = z.strictObject({
  feedId: FeedId,
  /** As the demand named it. */
  transportId: MediaObjectId,
  srtp: SrtpParameters,
  /**
   * The key that the same equipment sent there with before, and has lost with its media worker. Nobody else knows it, so
   * that the node need not wait until that sender is long silent.
   */
  insteadOf: SrtpParameters.shape.keyBase64.optional(),
  /** H.264, packetization-mode 1. Lost packets are sent again on request (RFC 4588). */
  codec: z.strictObject({
    payloadType: PayloadType,
    rtxPayloadType: PayloadType,
    profileLevelId: z.string().regex(/^[0-9a-f]{6}$/),
  }),
  /** Lowest first; a layer that the equipment does not have is left out. */
  layers: z
    .array(z.strictObject({ layer: Layer, ssrc: Ssrc, rtxSsrc: Ssrc }))
    .min(1)
    .max(2),
  /** What is wrong with the camera or the uplink now, worst first; said again whenever that changes. @default nothing */
  faults: z.array(EdgeFault).max(EDGE_FAULTS.length).optional(),
});
export type FeedSending = z.infer<typeof FeedSending>;

/** A facility asks at connect what is wanted of it. */
export const FACILITY_MESSAGES = {
  /** server → equipment, FeedDemand */
  demand: 'feed:demand',
  /** server → equipment, FeedRelease */
  release: 'feed:release',
  /** equipment → server, FeedSending, acknowledged */
  sending: 'feed:sending',
} as const;

import { z } from 'zod';
import { FacilityId, FeedId, Instant } from './ids.ts';
import { Layer } from './nation.ts';

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
});
export type FacilityHandshake = z.infer<typeof FacilityHandshake>;

/**
 * Send these layers of a feed there: H.264 (packetization-mode 1, constrained baseline), clock rate 90 kHz, one SSRC a
 * layer, RTCP on the same port (RFC 5761), sender reports at least every 2 s and with the first packet of each layer, a
 * keyframe (IDR with SPS and PPS) first and after every PLI (RFC 4585) or FIR (RFC 5104). A layer that is not wanted
 * sends nothing.
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
  at: Instant,
});
export type FeedDemand = z.infer<typeof FeedDemand>;

/** The feed is not wanted any more, and its target is gone. */
export const FeedRelease = z.object({ feedId: FeedId, facilityId: FacilityId, at: Instant });
export type FeedRelease = z.infer<typeof FeedRelease>;

/** A facility asks at connect what is wanted of it. */
export const FACILITY_MESSAGES = {
  /** server → equipment, FeedDemand */
  demand: 'feed:demand',
  /** server → equipment, FeedRelease */
  release: 'feed:release',
} as const;

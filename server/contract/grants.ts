import { z } from 'zod';
import { FacilityId, FeedId, NodeId, RegionId, ViewerId } from './ids.ts';
import { FeedSource, Layer, MaskRegion } from './nation.ts';

/** Seconds that a grant lives. Renewed three times in that time; without the server, media ends after it at the latest. */
export const GRANT_TTL_SECONDS = 15;
export const GRANT_RENEWAL_SECONDS = 5;
/** Clock difference between server and sfu that is forgiven. */
export const GRANT_LEEWAY_SECONDS = 2;
export const GRANT_ISSUER = 'varta-server';

/**
 * What is to be covered of a feed at the node that it enters: everything that any word on it names, because replicas that
 * have read different nation files contradict each other. Whether it is lifted, the word with the highest version says,
 * and of two with the same the one that covers more.
 */
export const FeedMask = z.strictObject({
  regions: z.array(MaskRegion).min(1).max(8),
  /** When what it says of a lift was last changed; milliseconds since 1970. */
  version: z.int().min(0),
  /** Until then nothing is covered; milliseconds since 1970. Absent: it is not lifted. */
  liftedUntil: z.int().min(0).optional(),
});
export type FeedMask = z.infer<typeof FeedMask>;

/** A feed as a grant describes it to the sfu, which has no registry of its own. */
export const GrantedFeed = z.strictObject({
  id: FeedId,
  facilityId: FacilityId,
  regionId: RegionId,
  source: FeedSource,
  /** Layers that the feed can have, lowest first. */
  layers: z.array(Layer).min(1).max(2),
  /** Nobody gets it otherwise than covered so. Absent for a feed of which nothing is covered. */
  mask: FeedMask.optional(),
});
export type GrantedFeed = z.infer<typeof GrantedFeed>;

const registered = {
  iss: z.literal(GRANT_ISSUER),
  aud: NodeId,
  iat: z.int(),
  exp: z.int(),
  jti: z.uuid(),
};

/** May open the control connection of a node. Subject: the server replica. */
export const ControlGrant = z.strictObject({
  ...registered,
  use: z.literal('control'),
  sub: z.string().max(64),
});
export type ControlGrant = z.infer<typeof ControlGrant>;

/**
 * One viewer may receive these feeds and no others. A newer grant replaces the older one whole: a feed that it no
 * longer names is closed at once.
 */
export const ViewGrant = z.strictObject({
  ...registered,
  use: z.literal('view'),
  sub: ViewerId,
  feeds: z.array(GrantedFeed.extend({ maxLayer: Layer })).max(400),
});
export type ViewGrant = z.infer<typeof ViewGrant>;

/** One facility may publish this feed. */
export const PublishGrant = z.strictObject({
  ...registered,
  use: z.literal('publish'),
  sub: FacilityId,
  feed: GrantedFeed,
});
export type PublishGrant = z.infer<typeof PublishGrant>;

export const Grant = z.discriminatedUnion('use', [ControlGrant, ViewGrant, PublishGrant]);
export type Grant = z.infer<typeof Grant>;

/** A grant on the wire: a compact JWS, EdDSA over Ed25519. */
export const GrantToken = z
  .string()
  .min(20)
  .max(120_000)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);

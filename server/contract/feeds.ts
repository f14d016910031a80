import { z } from 'zod';
import { AreaId, FeedId, Instant } from './ids.ts';
import { type Feed, Layer } from './nation.ts';

/** States of a feed, as a tile shows them. */
export const FeedState = z.enum(['idle', 'connecting', 'live', 'stalled', 'lost', 'confidential', 'faulty']);
export type FeedState = z.infer<typeof FeedState>;

/**
 * What is wrong with a feed though packets come. `frozen`, `black`, `covered`: seen in decoded keyframes. `codec`,
 * `b-frames`, `keyframe-interval`: the camera's settings, which the facility has to change. `auth`: the camera does not take
 * our name and password; `unreachable`: nothing answers at its address; `silent`: it answers or plays, and nothing comes;
 * `refused`: it answers with an error, such as too many clients; `stream`: there is no video at the address that we have;
 * `certificate`: nothing vouches for its certificate. `mask`: what is to be covered of it cannot be, so nothing is shown.
 * `dtls`: its encoder got through, and the encryption of its media could not be agreed.
 */
export const FeedFault = z.enum([
  'frozen',
  'black',
  'covered',
  'codec',
  'b-frames',
  'keyframe-interval',
  'auth',
  'unreachable',
  'silent',
  'refused',
  'stream',
  'certificate',
  'uplink-cut',
  'uplink-thin',
  'mask',
  'dtls',
]);
export type FeedFault = z.infer<typeof FeedFault>;

/** What only who pulls a camera can find: a node, or the edge of the facility. */
export const CAMERA_FAULTS = [
  'codec',
  'b-frames',
  'auth',
  'certificate',
  'stream',
  'refused',
  'silent',
  'unreachable',
] as const satisfies readonly FeedFault[];
export const CameraFault = z.enum(CAMERA_FAULTS);
export type CameraFault = z.infer<typeof CameraFault>;

export function isCameraFault(fault: FeedFault): fault is CameraFault {
  return (CAMERA_FAULTS as readonly FeedFault[]).includes(fault);
}

const DARKENING: ReadonlySet<FeedFault> = new Set([...CAMERA_FAULTS, 'mask', 'dtls']);

/** Whether a fault says why nothing of a feed is shown. What was wrong with its picture does not, nor why nothing comes. */
export function isReasonForNothing(fault: FeedFault): boolean {
  return DARKENING.has(fault);
}

/**
 * What an edge sends less of because its uplink has no room for all that is watched: nothing of this feed (`uplink-cut`),
 * or its small layer where the large one is wanted (`uplink-thin`).
 */
export const UPLINK_FAULTS = ['uplink-cut', 'uplink-thin'] as const satisfies readonly FeedFault[];

/**
 * What an edge says of a camera that it pulls: why nothing of it comes, and with which settings it comes. Such a camera can
 * be asked for nothing, so that its keyframes are judged where its packets are read.
 */
export const EDGE_CAMERA_FAULTS = [
  ...CAMERA_FAULTS,
  'keyframe-interval',
] as const satisfies readonly FeedFault[];
export type EdgeCameraFault = (typeof EDGE_CAMERA_FAULTS)[number];

export function isEdgeCameraFault(fault: FeedFault): fault is EdgeCameraFault {
  return (EDGE_CAMERA_FAULTS as readonly FeedFault[]).includes(fault);
}

/** Everything that an edge says of a feed. */
export const EDGE_FAULTS = [...EDGE_CAMERA_FAULTS, ...UPLINK_FAULTS] as const;
export const EdgeFault = z.enum(EDGE_FAULTS);
export type EdgeFault = z.infer<typeof EdgeFault>;

/** Faults of the picture itself: with one of them there is video, and nothing of the area can be seen. */
export const PICTURE_FAULTS = ['frozen', 'black', 'covered'] as const satisfies readonly FeedFault[];

export function isPictureFault(fault: FeedFault): fault is (typeof PICTURE_FAULTS)[number] {
  return (PICTURE_FAULTS as readonly FeedFault[]).includes(fault);
}

/** What the media plane knows of a feed now. */
export const FeedStatus = z.strictObject({
  feedId: FeedId,
  areaId: AreaId,
  state: FeedState,
  /** Layers that are being received now. */
  layers: z.array(Layer).max(2),
  /** What is wrong with the picture; with one of the first three the state is `faulty`. */
  faults: z.array(FeedFault).max(FeedFault.options.length).optional(),
  since: Instant,
});
export type FeedStatus = z.infer<typeof FeedStatus>;

/**
 * Whether a feed shows nothing and would not if somebody looked: it is lost or faulty, or its encoder, which publishes by
 * itself (WHIP), does not. Equipment that sends on demand shows nothing only because nobody looks.
 */
export function isBlindFeed({ source }: Pick<Feed, 'source'>, feed: FeedStatus | undefined): boolean {
  if (feed?.state === 'lost' || feed?.state === 'faulty') return true;
  return source === 'whip' && (feed === undefined || feed.state === 'idle');
}

/** Figures of a feed that flows, by layer; for people who look after equipment. */
export const FeedHealth = z.strictObject({
  feedId: FeedId,
  layers: z
    .array(
      z.strictObject({
        layer: Layer,
        bitrateBps: z.number().min(0),
        fps: z.number().min(0).nullable(),
        /** Milliseconds between the last two keyframes. */
        keyframeIntervalMs: z.number().min(0).nullable(),
        /** Share of packets lost on the way to us, 0 to 1. */
        loss: z.number().min(0).max(1),
        jitterMs: z.number().min(0),
      }),
    )
    .max(2),
  lastKeyframeAt: Instant.nullable(),
  /**
   * When its last picture came: while it flows, as seen with these figures; once it does not, the moment from which
   * nothing came any more. To within two seconds.
   */
  lastFrameAt: Instant.nullable().default(null),
  at: Instant,
});
export type FeedHealth = z.infer<typeof FeedHealth>;

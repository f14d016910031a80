import { z } from 'zod';
import { AreaId, CaseId, FeedId, Instant } from './ids.ts';
import { Layer } from './nation.ts';

/**
 * A limit in time for one person, from its anchor to its due instant. The levels are instants, so that anybody with a
 * clock can tell the state at any moment without asking (see `clockStateAt`).
 */
export const Clock = z.strictObject({
  /** Norm set and limit, such as `ua-cpc` and `court`. */
  normSet: z.string().max(40),
  limit: z.string().max(40),
  caseId: CaseId,
  anchorAt: Instant,
  amberAt: Instant,
  redAt: Instant,
  dueAt: Instant,
  /** Set while the clock stands still. */
  pausedAt: Instant.optional(),
});
export type Clock = z.infer<typeof Clock>;

export const ClockState = z.enum(['ok', 'amber', 'red', 'breached', 'paused']);
export type ClockState = z.infer<typeof ClockState>;

/** The state of a clock at an instant (milliseconds since the epoch). */
export function clockStateAt(clock: Clock, nowMs: number): ClockState {
  if (clock.pausedAt !== undefined) return 'paused';
  if (nowMs >= Date.parse(clock.dueAt)) return 'breached';
  if (nowMs >= Date.parse(clock.redAt)) return 'red';
  if (nowMs >= Date.parse(clock.amberAt)) return 'amber';
  return 'ok';
}

const URGENCY: Record<ClockState, number> = { breached: 4, red: 3, amber: 2, ok: 1, paused: 0 };

/** The clock that needs somebody first: worst state, then the nearest due instant. */
export function mostUrgentClock(clocks: readonly Clock[], nowMs: number): Clock | undefined {
  let best: Clock | undefined;
  for (const clock of clocks) {
    if (best === undefined || isMoreUrgent(clock, best, nowMs)) best = clock;
  }
  return best;
}

function isMoreUrgent(a: Clock, b: Clock, nowMs: number): boolean {
  const difference = URGENCY[clockStateAt(a, nowMs)] - URGENCY[clockStateAt(b, nowMs)];
  return difference === 0 ? Date.parse(a.dueAt) < Date.parse(b.dueAt) : difference > 0;
}

/** People of a category in an area, for separation rules and filters; no identities. */
export const Vulnerability = z.enum(['minor', 'woman', 'at-risk', 'administrative']);
export type Vulnerability = z.infer<typeof Vulnerability>;

/** What custody knows of an area now. Derived from events only. */
export const AreaStatus = z.strictObject({
  areaId: AreaId,
  headcount: z.int().min(0).max(1000),
  /** Clocks of the people inside, most urgent first as of `updatedAt`; at most one per case and limit. */
  clocks: z.array(Clock).max(200),
  vulnerabilities: z.array(Vulnerability).max(8),
  /** Next welfare check due, if anybody is inside. */
  nextCheckDueAt: Instant.nullable(),
  /** Set while the area is confidential by event (lawyer's visit, medical examination). */
  confidentialSince: Instant.nullable(),
  /** When the last event that touched the area was recorded. */
  updatedAt: Instant,
});
export type AreaStatus = z.infer<typeof AreaStatus>;

/** States of a feed, as a tile shows them. */
export const FeedState = z.enum(['idle', 'connecting', 'live', 'stalled', 'lost', 'confidential', 'faulty']);
export type FeedState = z.infer<typeof FeedState>;

/**
 * What is wrong with a feed though packets come. `frozen`, `black`, `covered`: seen in decoded keyframes. `codec`,
 * `b-frames`, `keyframe-interval`: the camera's settings, which the facility has to change.
 */
export const FeedFault = z.enum(['frozen', 'black', 'covered', 'codec', 'b-frames', 'keyframe-interval']);
export type FeedFault = z.infer<typeof FeedFault>;

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
  faults: z.array(FeedFault).max(8).optional(),
  since: Instant,
});
export type FeedStatus = z.infer<typeof FeedStatus>;

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
  at: Instant,
});
export type FeedHealth = z.infer<typeof FeedHealth>;

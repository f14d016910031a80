import { z } from 'zod';
import { Air, Space } from './conditions.ts';
import { AreaId, CaseId, FeedId, Instant } from './ids.ts';
import { type Feed, Layer } from './nation.ts';

/**
 * What a figure rests on: a law in force, official guidance, what is merely generally known, or our own judgment. The
 * last two are never shown as law, and nothing that rests on them is ever "breached".
 */
export const Standing = z.enum(['law', 'guidance', 'general-knowledge', 'judgment']);
export type Standing = z.infer<typeof Standing>;

/**
 * A limit in time for one person, from its anchor to its due instant. The levels are instants, so that anybody with a
 * clock can tell the state at any moment without asking (see `clockStateAt`). What is absent is the ordinary case.
 */
export const Clock = z.strictObject({
  /** Norm set and limit, such as `ua-cpc` and `court`. */
  normSet: z.string().max(40),
  limit: z.string().max(40),
  caseId: CaseId,
  /**
   * `duty`: to be done at once, the time is a grace. `review`: comes again and again, this is the next one.
   * `accumulation`: what is going on now may last until then. @default a limit that is met once
   */
  kind: z.enum(['duty', 'review', 'accumulation']).optional(),
  /** What the due instant rests on. @default law */
  standing: Standing.exclude(['law']).optional(),
  /** Another norm holds in its place for this case; the line stays visible, in grey. */
  shadowed: z.literal(true).optional(),
  /** The ground of the extension that moved the due instant. */
  ground: z.string().max(40).optional(),
  anchorAt: Instant,
  amberAt: Instant,
  redAt: Instant,
  /** While the clock stands, when it would be due if it went on at `pausedAt`: what remains is their difference. */
  dueAt: Instant,
  /** Set while the clock stands still. */
  pausedAt: Instant.optional(),
});
export type Clock = z.infer<typeof Clock>;

export const ClockState = z.enum(['ok', 'amber', 'red', 'breached', 'paused']);
export type ClockState = z.infer<typeof ClockState>;

/** The state of a clock at an instant (milliseconds since the epoch). What is not law or guidance is at worst red. */
export function clockStateAt(clock: Clock, nowMs: number): ClockState {
  return clockStateNow(clock, createMoment(nowMs));
}

/** An instant with which many others are compared. */
export interface Moment {
  ms: number;
  /** As `toISOString` writes it. */
  at: Instant;
}

export function createMoment(ms: number): Moment {
  return { ms, at: new Date(ms).toISOString() };
}

/** As {@link clockStateAt}, for who asks it of a hundred thousand clocks. */
export function clockStateNow(clock: Clock, now: Moment): ClockState {
  const { pausedAt, dueAt } = clock;
  if (pausedAt !== undefined && compareInstants(pausedAt, dueAt) < 0) return 'paused';
  if (isReached(dueAt, now)) return isBinding(clock) ? 'breached' : 'red';
  if (isReached(clock.redAt, now)) return 'red';
  return isReached(clock.amberAt, now) ? 'amber' : 'ok';
}

/** Length of what `toISOString` writes for the years 0 to 9999, the form of every instant that we derive. */
const CANONICAL_LENGTH = 24;

/** Instants of that form stand in the order of their text, and comparing text is much cheaper than parsing it. */
function isCanonical(instant: Instant): boolean {
  return instant.length === CANONICAL_LENGTH && instant.endsWith('Z');
}

function isReached(instant: Instant, now: Moment): boolean {
  return isCanonical(instant) ? instant <= now.at : Date.parse(instant) <= now.ms;
}

/** Negative when the first is earlier. */
export function compareInstants(a: Instant, b: Instant): number {
  if (isCanonical(a) && isCanonical(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Date.parse(a) - Date.parse(b);
}

/** Time that a clock still gives at an instant (milliseconds since the epoch); negative when it is over. */
export function remainingMsAt(clock: Clock, nowMs: number): number {
  const standsAtMs = clock.pausedAt === undefined ? nowMs : Math.min(nowMs, Date.parse(clock.pausedAt));
  return Date.parse(clock.dueAt) - standsAtMs;
}

/** Whether the due instant is one that law or guidance sets. */
export function isBinding({ standing }: Pick<Clock, 'standing'>): boolean {
  return standing === undefined || standing === 'guidance';
}

const URGENCY: Record<ClockState, number> = { breached: 0, red: 1, amber: 2, ok: 3, paused: 4 };
const SHADOWED = 5;

/** A number for comparing clocks: the smaller, the more pressing. A clock in the shadow of another presses nobody. */
export function clockUrgency(clock: Clock, nowMs: number): number {
  return urgencyNow(clock, createMoment(nowMs));
}

function urgencyNow(clock: Clock, now: Moment): number {
  return clock.shadowed ? SHADOWED : URGENCY[clockStateNow(clock, now)];
}

/** The clock that needs somebody first: worst state, then the nearest due instant. None of those in shadow. */
export function mostUrgentClock(clocks: readonly Clock[], nowMs: number): Clock | undefined {
  return mostUrgentNow(clocks, createMoment(nowMs));
}

/** As {@link mostUrgentClock}, for who asks it of many areas. */
export function mostUrgentNow(clocks: readonly Clock[], now: Moment): Clock | undefined {
  let best: Clock | undefined;
  let bestUrgency = Infinity;
  for (const clock of clocks) {
    if (clock.shadowed) continue;
    const urgency = urgencyNow(clock, now);
    if (urgency > bestUrgency) continue;
    if (best && urgency === bestUrgency && compareInstants(clock.dueAt, best.dueAt) >= 0) continue;
    best = clock;
    bestUrgency = urgency;
  }
  return best;
}

/** Clocks with the most urgent first, as of an instant (milliseconds since the epoch). The order is total. */
export function byUrgency(clocks: readonly Clock[], nowMs: number): Clock[] {
  if (clocks.length < 2) return [...clocks];
  const now = createMoment(nowMs);
  const keyed = clocks.map((clock) => ({
    clock,
    rank: urgencyNow(clock, now),
    key: `${clock.dueAt} ${clock.caseId} ${clock.normSet} ${clock.limit}`,
  }));
  return keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1)).map(({ clock }) => clock);
}

/** People of a category in an area, for separation rules and filters; no identities. */
export const Vulnerability = z.enum([
  'minor',
  'woman',
  'at-risk',
  'administrative',
  'vulnerable',
  'intoxicated',
]);
export type Vulnerability = z.infer<typeof Vulnerability>;

/** Something about an area that contradicts a rule or the record. Codes of separation are those of the norm sets. */
export const AreaFinding = z.strictObject({
  /** Norm set and rule, as in `ua-order-777` and `minor-with-adult`; `record` for what contradicts the record. */
  normSet: z.string().max(40),
  code: z.string().max(40),
  /** Since when it has been so. */
  since: Instant,
});
export type AreaFinding = z.infer<typeof AreaFinding>;

/** Somebody closed the area to everybody: when, until when at the latest, and who; a user name or a service number. */
export const Gate = z.strictObject({ since: Instant, until: Instant, by: z.string().min(1).max(64) });
export type Gate = z.infer<typeof Gate>;

/** What is covered of the picture may be seen: when that began, until when at the latest, and who decided it. */
export const Unmasked = z.strictObject({ since: Instant, until: Instant, by: z.string().min(1).max(64) });
export type Unmasked = z.infer<typeof Unmasked>;

/** What custody knows of an area now. Derived from events and the registry only. */
export const AreaStatus = z.strictObject({
  areaId: AreaId,
  headcount: z.int().min(0).max(1000),
  /** Clocks of the people inside, most urgent first as of `updatedAt`; at most one per case and limit. */
  clocks: z.array(Clock).max(200),
  vulnerabilities: z.array(Vulnerability).max(8),
  /** Next welfare check due, if anybody is inside. */
  nextCheckDueAt: Instant.nullable(),
  /** Set while the area is confidential by event (lawyer's visit, medical examination, a gate). */
  confidentialSince: Instant.nullable(),
  /** The gate that stands in front of it, if it is confidential by one. */
  gate: Gate.optional(),
  /** Its mask is lifted until then; absent while it covers. */
  unmasked: Unmasked.optional(),
  space: Space.optional(),
  air: Air.optional(),
  /** A call bell was rung then, and nobody has answered it or looked in since. */
  bellSince: Instant.optional(),
  /** The closest observation that anybody inside is under, from 2 (intermittent) to 4 (close proximity); absent for general. */
  observation: z.int().min(2).max(4).optional(),
  /** In a fixed order; absent when there is nothing to say. */
  findings: z.array(AreaFinding).max(16).optional(),
  /** When the last event that touched the area was recorded. */
  updatedAt: Instant,
});
export type AreaStatus = z.infer<typeof AreaStatus>;

/** States of a feed, as a tile shows them. */
export const FeedState = z.enum(['idle', 'connecting', 'live', 'stalled', 'lost', 'confidential', 'faulty']);
export type FeedState = z.infer<typeof FeedState>;

/**
 * What is wrong with a feed though packets come. `frozen`, `black`, `covered`: seen in decoded keyframes. `codec`,
 * `b-frames`, `keyframe-interval`: the camera's settings, which the facility has to change. `auth`: the camera does not take
 * our name and password; `unreachable`: nothing answers at its address; `silent`: it answers or plays, and nothing comes;
 * `refused`: it answers with an error, such as too many clients; `stream`: there is no video at the address that we have;
 * `certificate`: nothing vouches for its certificate.
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

/**
 * What an edge sends less of because its uplink has no room for all that is watched: nothing of this feed (`uplink-cut`),
 * or its small layer where the large one is wanted (`uplink-thin`).
 */
export const UPLINK_FAULTS = ['uplink-cut', 'uplink-thin'] as const satisfies readonly FeedFault[];

/** Everything that an edge says of a feed. */
export const EDGE_FAULTS = [...CAMERA_FAULTS, ...UPLINK_FAULTS] as const;
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
  at: Instant,
});
export type FeedHealth = z.infer<typeof FeedHealth>;

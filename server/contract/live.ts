import { z } from 'zod';
import { Standing } from './clocks.ts';
import { ErrorCode } from './errors.ts';
import { FeedStatus } from './feeds.ts';
import { Flag } from './flags.ts';
import { Instant, LocalText, RegionId } from './ids.ts';
import { Area, Facility, Region } from './nation.ts';
import { AreaStatus } from './status.ts';

/** A limit of a norm set as the interface names it. */
export const LimitInfo = z.object({
  normSet: z.string(),
  limit: z.string(),
  /** As in "до суду" / "to court". */
  label: LocalText,
  /** The same in a word or two, for small tiles. @default `label` */
  short: LocalText.optional(),
  /** The law or practice that it comes from, for hover. */
  source: LocalText,
  /** The body of norms, as people call it. */
  normName: LocalText.optional(),
  /** What the rule rests on. The time of a duty is a grace, and always our judgment. */
  standing: Standing,
  /** @default a limit that is met once */
  kind: z.enum(['duty', 'review', 'accumulation', 'check', 'space', 'separation']).optional(),
  /** Limits (`normSet/limit`) that this one's body of norms stands in the place of, where it is applied. */
  shadows: z.array(z.string()).optional(),
  /** Where the rule was read. */
  address: z.string().optional(),
  /** What is not certain about it. */
  note: LocalText.optional(),
});
export type LimitInfo = z.infer<typeof LimitInfo>;

/** `GET /api/v1/live/registry`: what changes with a server's start at most; only what the caller may know of. */
export const LiveRegistry = z.object({
  /** Another one wherever anything in it, or in what others may know of, is another. */
  version: z.string().min(1).max(100),
  nation: z.object({ id: z.string(), name: LocalText, sample: z.boolean(), timeZone: z.string() }),
  regions: z.array(Region),
  facilities: z.array(Facility),
  areas: z.array(Area),
  limits: z.array(LimitInfo),
});
export type LiveRegistry = z.infer<typeof LiveRegistry>;

/** Everything live of a region as of a sequence number. */
export const RegionSnapshot = z.object({
  regionId: RegionId,
  seq: z.int().min(0),
  areas: z.array(AreaStatus),
  feeds: z.array(FeedStatus),
  /** Open flags. */
  flags: z.array(Flag),
});
export type RegionSnapshot = z.infer<typeof RegionSnapshot>;

/** `GET /api/v1/live/snapshot?region=UA-68&region=…` (all that the caller may see without `region`). */
export const LiveSnapshot = z.object({ at: Instant, regions: z.array(RegionSnapshot) });
export type LiveSnapshot = z.infer<typeof LiveSnapshot>;

/**
 * What changed in a region. Numbers follow each other without a gap; whoever misses one asks for a snapshot.
 * Records replace their predecessors whole; a flag that is no longer open is sent once in its final state.
 */
export const RegionDelta = z.object({
  regionId: RegionId,
  seq: z.int().min(1),
  at: Instant,
  areas: z.array(AreaStatus).optional(),
  feeds: z.array(FeedStatus).optional(),
  flags: z.array(Flag).optional(),
});
export type RegionDelta = z.infer<typeof RegionDelta>;

/**
 * The `/console` namespace: a signed-in page. Handshake `auth`: {@link ConsoleHandshake}.
 * Page → server messages carry an acknowledgement ({@link ackOf}); see `media.ts` for those of the media.
 */
export const ConsoleHandshake = z.strictObject({
  protocol: z.int(),
  tabId: z.uuid(),
  /** The page is a display, whoever else is signed in in this browser. */
  display: z.literal(true).optional(),
});
export type ConsoleHandshake = z.infer<typeof ConsoleHandshake>;

/** `live:subscribe`: deltas of these regions from now on (all that the caller may see, if empty). */
export const LiveSubscribe = z.strictObject({
  regions: z.array(RegionId).max(200),
  /** Ask for `live:deltas`, several deltas in one message, instead of `live:delta`: far cheaper for who follows many regions. */
  batched: z.boolean().default(false),
});
export const LiveSubscribed = z.object({
  regions: z.array(z.object({ regionId: RegionId, seq: z.int() })),
  /** Version of the registry that the server knows: a page that has another one loads it anew. */
  registry: LiveRegistry.shape.version,
});
export type LiveSubscribed = z.infer<typeof LiveSubscribed>;

/** Server → page, to those who asked for batches: what changed in a few hundredths of a second, per region in order. */
export const LiveDeltas = z.object({ deltas: z.array(RegionDelta).min(1) });
export type LiveDeltas = z.infer<typeof LiveDeltas>;

/** Server → page, every few seconds: proof that the path lives, and the server's clock for freshness. */
export const Heartbeat = z.object({ at: Instant });
export type Heartbeat = z.infer<typeof Heartbeat>;

/** Server → page before it is cut off for a reason: `unauthenticated` when the session ended, `shutting_down` … */
export const Goodbye = z.object({ code: ErrorCode });
export type Goodbye = z.infer<typeof Goodbye>;

/**
 * Server → page, at each connect: the client's build that this server serves, by the name of its main file. A page of another
 * build says so, and is loaded anew. Pages of every version have to be able to read this one.
 */
export const LiveBuild = z.object({ build: z.string().min(1).max(100) });
export type LiveBuild = z.infer<typeof LiveBuild>;

/** Names of the messages on `/console` that are not media. */
export const LIVE_MESSAGES = {
  /** page → server, LiveSubscribe → LiveSubscribed */
  subscribe: 'live:subscribe',
  /** server → page, RegionDelta */
  delta: 'live:delta',
  /** server → page, LiveDeltas */
  deltas: 'live:deltas',
  /** server → page, Heartbeat */
  heartbeat: 'live:heartbeat',
  /** server → page, Goodbye */
  goodbye: 'live:goodbye',
  /** server → page, LiveBuild */
  build: 'live:build',
} as const;

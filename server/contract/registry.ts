import { z } from 'zod';
import { FeedDemand, FeedRelease } from './facility-link.ts';
import { FeedFault } from './feeds.ts';
import { FacilityId, FeedId, Instant, NodeId, RegionId } from './ids.ts';
import { Layer } from './nation.ts';

/** What sfu nodes and servers share in Redis: who is there, what is wanted of facilities, and how feeds are. */

/** A node that has not renewed its lease for this long is gone. */
export const NODE_LEASE_MS = 5_000;
export const NODE_HEARTBEAT_MS = 1_500;
/** A record that was not renewed for so long will hardly be: a heartbeat, and its way. Not gone yet, but in doubt. */
export const NODE_LATE_MS = NODE_HEARTBEAT_MS + 250;

/**
 * What scripts and transactions touch together carries one hash tag, and so lies in one slot of a cluster; there is
 * little of it. Stills are many and large, each stands for itself, and they lie in all slots.
 */
export const SFU_KEYS = {
  /** Set of node ids; those without a record are gone, and are taken out when another node registers. */
  nodes: 'varta:{sfu}:nodes',
  /** String, {@link NodeRecord} as JSON, expires with the lease. */
  node: (nodeId: NodeId) => `varta:{sfu}:node:${nodeId}`,
  /** Hash, feedId → {@link FeedDemand} as JSON, expires with the node's lease. */
  demands: (nodeId: NodeId) => `varta:{sfu}:demands:${nodeId}`,
  /** Hash, feedId → {@link FeedReport} as JSON: feeds that are not idle. Expires with the node's lease. */
  feeds: (nodeId: NodeId) => `varta:{sfu}:feeds:${nodeId}`,
  /** Hash, feedId → {@link FeedHealth} as JSON: figures of feeds that flow. Expires with the node's lease. */
  health: (nodeId: NodeId) => `varta:{sfu}:health:${nodeId}`,
  /**
   * Hash, feedId → id of the node where the feed enters: its home. All other nodes get it from there. A home counts for
   * as long as its node has a record; who finds it gone may claim the feed.
   */
  homes: 'varta:{sfu}:homes',
  /** Set of the feeds whose cameras this node can pull (`source: rtsp`). Expires with the node's lease. */
  pulls: (nodeId: NodeId) => `varta:{sfu}:pulls:${nodeId}`,
  /**
   * String, there while a server sends no pages to a node because most of those that it has there say that nothing comes
   * from it. For nodes that get nothing from there either. Expires by itself.
   */
  aside: (nodeId: NodeId) => `varta:{sfu}:aside:${nodeId}`,
  /** Set of the feeds whose equipment sends SRTP, as it said when it connected last; all others send plain RTP. */
  secured: 'varta:{sfu}:secured',
  /**
   * Hash with `jpeg` (bytes), `at` (Instant) and `masks` (what a node covered of it, JSON): the last still of a feed. Without `jpeg`, it was erased at that time,
   * and only one that was taken later may be kept. Expires after {@link POSTER_LIFE_S}.
   */
  poster: (feedId: FeedId) => `varta:poster:${feedId}`,
  /** Stream of {@link FeedReport} (field `json`), capped: every change of a feed's state, for the projection. */
  reports: 'varta:{sfu}:reports',
} as const;

/** A still older than a day tells nothing of a cell any more. */
export const POSTER_LIFE_S = 86_400;

/** Entries kept in the stream of reports: at one change a second for each of 45,000 feeds, two seconds; it is news, not a record. */
export const REPORTS_MAXLEN = 100_000;

export const SFU_CHANNELS = {
  /** {@link NodeRecord} whenever a node comes, goes into draining, finds itself deaf, or leaves (`gone: true`). */
  nodes: 'varta:{sfu}:nodes:changed',
  /** {@link DemandNews}, published after the hash of demands was written: whoever reads the hash on news sees its effect. */
  demands: 'varta:{sfu}:demands:changed',
} as const;

export const NodeRecord = z.object({
  nodeId: NodeId,
  /** Where servers connect for control, such as `http://127.0.0.1:4440`. */
  controlUrl: z.url(),
  /** Where other nodes ask this one for feeds, and the address that its pipes send from. */
  mesh: z.object({ url: z.url(), address: z.string().max(64) }).optional(),
  /** The region that the node stands in, if it is a regional one. */
  regionId: RegionId.nullable(),
  workers: z.int().min(1),
  /** Fraction of the workers' cores in use, 0 to 1. */
  load: z.number().min(0),
  viewers: z.int().min(0),
  feeds: z.int().min(0),
  draining: z.boolean(),
  /** Nothing that facilities send gets through to it, as far as it can tell. @default false */
  deaf: z.boolean().default(false),
  gone: z.boolean(),
  startedAt: Instant,
  at: Instant,
});
export type NodeRecord = z.infer<typeof NodeRecord>;

export const DemandNews = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('demand'), demand: FeedDemand }),
  z.object({ kind: z.literal('release'), release: FeedRelease }),
]);
export type DemandNews = z.infer<typeof DemandNews>;

/** How a feed is on its node. The server adds what the sfu cannot know (confidential, faulty by rule). */
export const FeedReport = z.object({
  feedId: FeedId,
  facilityId: FacilityId,
  regionId: RegionId,
  nodeId: NodeId,
  /** `idle`: nobody watches and nothing comes. `connecting`: asked for. `live`: packets come. `stalled`: none for a while. `lost`: gone while wanted. */
  state: z.enum(['idle', 'connecting', 'live', 'stalled', 'lost']),
  layers: z.array(Layer).max(2),
  /** What is wrong with the picture though packets come, worst first. */
  faults: z.array(FeedFault).max(FeedFault.options.length).optional(),
  at: Instant,
});
export type FeedReport = z.infer<typeof FeedReport>;

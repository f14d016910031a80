import type { FeedFault } from '#contract/feeds.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import type { FeedReport } from '#contract/registry.ts';

/** What is known of a feed that is not idle. */
export type FeedKnowledge =
  /** Nodes have it; at least one. */
  | { state: 'reported'; byNode: ReadonlyMap<NodeId, FeedReport> }
  /** The last node that had it is gone. */
  | { state: 'orphaned'; sinceMs: number };

/** What is known of all feeds; one that is not in it is idle. Never changed in place. */
export type FeedBook = ReadonlyMap<FeedId, FeedKnowledge>;

export const EMPTY_BOOK: FeedBook = new Map();

/** A book after a change, and the feeds that the change was about. */
export interface BookChange {
  book: FeedBook;
  touched: Set<FeedId>;
}

/** Which report speaks for a feed that several nodes know: whoever has the picture. */
const RANK: Record<FeedReport['state'], number> = { live: 4, stalled: 3, connecting: 2, lost: 1, idle: 0 };

/** The report that speaks for a feed: of those that have the picture, one that has most of it. */
export function toSpokesman(knowledge: FeedKnowledge | undefined): FeedReport | undefined {
  if (knowledge?.state !== 'reported') return undefined;
  let best: FeedReport | undefined;
  for (const report of knowledge.byNode.values()) if (!best || rankOf(report) > rankOf(best)) best = report;
  return best;
}

/** Faults that any node sees in a feed: not only its home has its pictures decoded. */
export function toFaults(knowledge: FeedKnowledge | undefined): FeedFault[] {
  if (knowledge?.state !== 'reported') return [];
  return [...new Set([...knowledge.byNode.values()].flatMap(({ faults = [] }) => faults))];
}

function rankOf({ state, layers }: FeedReport): number {
  return 10 * RANK[state] + layers.length;
}

/** A node's report replaces its earlier one of the feed; an older one that comes late changes nothing. */
export function applyReports(book: FeedBook, reports: readonly FeedReport[]): BookChange {
  const next = new Map(book);
  const touched = new Set<FeedId>();
  for (const report of reports) {
    const known = next.get(report.feedId);
    const byNode = known?.state === 'reported' ? known.byNode : new Map<NodeId, FeedReport>();
    const earlier = byNode.get(report.nodeId);
    if (earlier && Date.parse(earlier.at) > Date.parse(report.at)) continue;
    // One node's idleness says nothing about a feed that another one had and lost.
    if (report.state === 'idle' && known?.state === 'orphaned') continue;
    const others = new Map(byNode);
    others.delete(report.nodeId);
    if (report.state !== 'idle') others.set(report.nodeId, report);
    if (others.size > 0) next.set(report.feedId, { state: 'reported', byNode: others });
    else next.delete(report.feedId);
    touched.add(report.feedId);
  }
  return { book: next, touched };
}

/**
 * Everything that the living nodes say now. What a living node does not name is idle with it; what only a dead one had
 * is orphaned.
 */
export function replaceReports(
  book: FeedBook,
  { living, reports, nowMs }: { living: ReadonlySet<NodeId>; reports: readonly FeedReport[]; nowMs: number },
): BookChange {
  const fresh = applyReports(
    EMPTY_BOOK,
    reports.filter(({ nodeId }) => living.has(nodeId)),
  ).book;
  const next = new Map(fresh);
  const touched = new Set(fresh.keys());
  for (const [feedId, known] of book) {
    touched.add(feedId);
    if (next.has(feedId)) continue;
    if (known.state === 'orphaned') next.set(feedId, known);
    else if (![...known.byNode.keys()].some((nodeId) => living.has(nodeId)))
      next.set(feedId, { state: 'orphaned', sinceMs: nowMs });
  }
  return { book: next, touched };
}

/** Nodes died: what only they had is orphaned. */
export function dropDeadNodes(book: FeedBook, living: ReadonlySet<NodeId>, nowMs: number): BookChange {
  const next = new Map(book);
  const touched = new Set<FeedId>();
  for (const [feedId, known] of book) {
    if (known.state === 'orphaned' || [...known.byNode.keys()].every((nodeId) => living.has(nodeId)))
      continue;
    const left = [...known.byNode].filter(([nodeId]) => living.has(nodeId));
    next.set(
      feedId,
      left.length > 0 ? { state: 'reported', byNode: new Map(left) } : { state: 'orphaned', sinceMs: nowMs },
    );
    touched.add(feedId);
  }
  return { book: next, touched };
}

/** Feeds that a predecessor left as not idle, and that nobody has said anything of since: their node is gone. */
export function adoptOrphans(book: FeedBook, feedIds: Iterable<FeedId>, nowMs: number): BookChange {
  const next = new Map(book);
  const touched = new Set<FeedId>();
  for (const feedId of feedIds) {
    if (next.has(feedId)) continue;
    next.set(feedId, { state: 'orphaned', sinceMs: nowMs });
    touched.add(feedId);
  }
  return { book: next, touched };
}

/** Feeds that nobody asked for again in this time (ms) after their node died are not wanted any more: they are idle. */
export function forgetOrphans(
  book: FeedBook,
  { nowMs, afterMs, isOnDemand }: { nowMs: number; afterMs: number; isOnDemand: (feedId: FeedId) => boolean },
): BookChange {
  const next = new Map(book);
  const touched = new Set<FeedId>();
  for (const [feedId, known] of book) {
    if (known.state !== 'orphaned' || nowMs - known.sinceMs < afterMs || !isOnDemand(feedId)) continue;
    next.delete(feedId);
    touched.add(feedId);
  }
  return { book: next, touched };
}

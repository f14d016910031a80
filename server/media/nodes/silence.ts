import type { NodeId, ViewerId } from '#contract/ids.ts';

/** Reports of silence count for this long. Pages look every second, and report after 2.5 s of silence. */
export const SILENCE_WINDOW_MS = 5_000;
/** How long a node that is silent for most of its pages is set aside; then it may show that it is well again. */
export const ASIDE_MS = 30_000;

/** Who said when (ms) that nothing comes from a node any more. Never changed in place. */
export type SilenceBook = ReadonlyMap<NodeId, ReadonlyMap<ViewerId, number>>;

export const NO_SILENCE: SilenceBook = new Map();

/** Takes note of a page's report, and forgets those whose time is over. */
export function noteSilence(
  book: SilenceBook,
  { nodeId, viewerId }: { nodeId: NodeId; viewerId: ViewerId },
  nowMs: number,
): SilenceBook {
  const next = new Map<NodeId, ReadonlyMap<ViewerId, number>>();
  for (const [id, reports] of book) {
    const recent = [...reports].filter(([, atMs]) => nowMs - atMs < SILENCE_WINDOW_MS);
    if (recent.length > 0) next.set(id, new Map(recent));
  }
  return next.set(nodeId, new Map(next.get(nodeId)).set(viewerId, nowMs));
}

/**
 * Whether a node is silent for most of the pages that are there: at least half of them, those that have left it since
 * included, and at least one.
 */
export function isSilent(
  book: SilenceBook,
  { nodeId, viewers }: { nodeId: NodeId; viewers: Iterable<ViewerId> },
  nowMs: number,
): boolean {
  const reports = [...(book.get(nodeId) ?? [])].filter(([, atMs]) => nowMs - atMs < SILENCE_WINDOW_MS);
  const all = new Set([...viewers, ...reports.map(([viewerId]) => viewerId)]);
  return reports.length > 0 && 2 * reports.length >= all.size;
}

import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { Costs, TileWant } from './bandwidth-share.ts';

/** What came of the streams that flow, over a period. */
export interface SeenStreams {
  periodMs: number;
  streams: ReadonlyMap<FeedId, { layer: Layer; bytes: number; packets: number; lost: number }>;
}

/** Fewer packets than this tell nothing. */
export const MIN_PACKETS = 10;

/** How fast a tile's cost follows what is seen of it. */
const COST_WEIGHT = 0.3;

/** What tiles cost, after another reading. Remembers no feed that is not wanted. */
export function learnCosts(costs: Costs, reading: SeenStreams, wants: readonly TileWant[]): Costs {
  const byFeed = new Map<FeedId, Partial<Record<Layer, number>>>();
  const sums = { low: { bps: 0, count: 0 }, high: { bps: 0, count: 0 } };
  for (const { feedId } of wants) {
    const known = costs.byFeed.get(feedId);
    const stream = reading.streams.get(feedId);
    const seenBps = stream && sentBps(stream, reading.periodMs);
    if (stream === undefined || seenBps === undefined) {
      if (known) byFeed.set(feedId, known);
      continue;
    }
    const before = known?.[stream.layer] ?? seenBps;
    const bps = before + COST_WEIGHT * (seenBps - before);
    byFeed.set(feedId, { ...known, [stream.layer]: bps });
    sums[stream.layer].bps += bps;
    sums[stream.layer].count += 1;
  }
  const mean = { ...costs.mean };
  for (const layer of ['low', 'high'] as const)
    if (sums[layer].count > 0) mean[layer] = sums[layer].bps / sums[layer].count;
  return { byFeed, mean };
}

/** What was sent for a stream, whether it came or not. Undefined where too little came to tell. */
function sentBps(
  stream: { bytes: number; packets: number; lost: number },
  periodMs: number,
): number | undefined {
  if (stream.packets < MIN_PACKETS) return undefined;
  const sent = (stream.packets + Math.max(0, stream.lost)) / stream.packets;
  return (stream.bytes * 8 * sent * 1_000) / periodMs;
}

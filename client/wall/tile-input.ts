import type { Feed, Layer } from '#contract/nation.ts';
import { chooseLayer } from '../media/layer-choice.ts';
import type { TileInput } from '../media/tile-media.ts';
import { isClosedByPrivacy, type TileData } from './tile-data.ts';
import { type TileRank, tilePriority } from './tile-priority.ts';

/** What a tile's picture is told of its area. */
export function tileInput(
  { area, status, feed, flags }: TileData,
  { slot, shown, layer, rank }: { slot: number; shown: boolean; layer: Layer; rank: TileRank },
): TileInput {
  const since = status?.confidentialSince;
  return {
    feedState: feed && { state: feed.state, sinceMs: Date.parse(feed.since), faults: feed.faults ?? [] },
    confidentialSinceMs: since ? Date.parse(since) : undefined,
    closedByPrivacy: isClosedByPrivacy(area, status),
    maybeOccupied: status?.headcount !== 0,
    priority: tilePriority(flags, slot, rank),
    layer,
    shown,
  };
}

/** The layer for a picture of this width, among those that the feed has. */
export function layerFor(feed: Feed | undefined, widthPx: number, before: Layer | undefined): Layer {
  const wish = chooseLayer(widthPx, globalThis.devicePixelRatio, before);
  const [first] = feed?.layers ?? [];
  return feed && first && !feed.layers.includes(wish) ? first : wish;
}

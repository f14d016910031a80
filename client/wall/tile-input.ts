import type { Flag } from '#contract/flags.ts';
import type { Area, Feed, Layer } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { chooseLayer } from '../media/layer-choice.ts';
import type { TileInput } from '../media/tile-media.ts';
import { isClosedByPrivacy, type TileData } from './use-tile.ts';

/** Behind every flag, in front of nothing. */
const CALM_PRIORITY = 5;
/** What somebody enlarged goes before what only hangs on the wall. */
const FOCUSED_PRIORITY = 4.5;
/** More slots than any grid has, so that places only decide among alike. */
const SLOTS = 1_000;

/** What a tile's picture is told of its area. */
export function tileInput(
  { area, status, feed, flags }: TileData,
  {
    slot,
    shown,
    layer,
    focused = false,
  }: { slot: number; shown: boolean; layer: Layer; focused?: boolean | undefined },
): TileInput {
  const since = status?.confidentialSince;
  return {
    feedState: feed && { state: feed.state, sinceMs: Date.parse(feed.since), faults: feed.faults ?? [] },
    confidentialSinceMs: since ? Date.parse(since) : undefined,
    closedByPrivacy: isClosedByPrivacy(area, status),
    priority: priorityOf(flags, slot, focused),
    layer,
    shown,
  };
}

/** Nobody may see the area now: neither asked for nor shown. */
export function isClosed(area: Area, status: AreaStatus | undefined): boolean {
  return Boolean(status?.confidentialSince) || isClosedByPrivacy(area, status);
}

/** Alarms first, then what is enlarged, then by place; smaller is served first, and given up last. */
export function priorityOf(flags: readonly Flag[], slot: number, focused = false): number {
  const calm = focused ? FOCUSED_PRIORITY : CALM_PRIORITY;
  return (flags[0]?.severity ?? calm) * SLOTS + slot;
}

/** The layer for a picture of this width, among those that the feed has. */
export function layerFor(feed: Feed | undefined, widthPx: number, before: Layer | undefined): Layer {
  const wish = chooseLayer(widthPx, globalThis.devicePixelRatio, before);
  const [first] = feed?.layers ?? [];
  return feed && first && !feed.layers.includes(wish) ? first : wish;
}

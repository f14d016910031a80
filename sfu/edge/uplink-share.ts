import type { FeedId } from '#contract/ids.ts';
import { compareImportance, type Importance } from '#contract/importance.ts';
import { LAYERS, type Layer } from '#contract/nation.ts';

/** What is wanted of a feed that is to cross the uplink. */
export interface UplinkWish {
  feedId: FeedId;
  importance: Importance;
  /** At least one. */
  wanted: readonly Layer[];
  /** What each layer that its camera has takes of the uplink, in bits per second. */
  costBps: Readonly<Partial<Record<Layer, number>>>;
  /** It crosses already: among those that matter as much it goes first, so that pictures do not take turns. */
  isCrossing: boolean;
}

/**
 * Which layers of each feed cross an uplink of so many bits per second; what they take together is never more. First
 * every feed, in the order of their importance, gets its small layer, also where the large one is wanted; then, in the same
 * order, what is wanted of it. Whoever does not fit ends the round for all who matter less, unless it would not fit alone.
 */
export function shareUplink(wishes: readonly UplinkWish[], maxBps: number): Map<FeedId, readonly Layer[]> {
  const order = wishes.toSorted(
    (a, b) =>
      compareImportance(a.importance, b.importance) ||
      Number(b.isCrossing) - Number(a.isCrossing) ||
      (a.feedId < b.feedId ? -1 : 1),
  );
  const shares = new Map<FeedId, readonly Layer[]>(order.map(({ feedId }) => [feedId, []]));
  // A layer that a camera does not have is not made up for by another one.
  const takers = order.filter((wish) => wantedLayers(wish).length > 0);
  let leftBps = maxBps;
  for (const layersOf of [smallLayer, wantedLayers]) {
    let isFull = false;
    for (const wish of takers) {
      const layers = layersOf(wish);
      const share = shares.get(wish.feedId) ?? [];
      // Who has got nothing small gets nothing large.
      if (layersOf === wantedLayers && share.length === 0) continue;
      const moreBps = costOf(wish, layers) - costOf(wish, share);
      if (costOf(wish, layers) > maxBps) continue;
      isFull ||= moreBps > leftBps;
      if (isFull && moreBps > 0) continue;
      shares.set(wish.feedId, layers);
      leftBps -= moreBps;
    }
  }
  return shares;
}

function smallLayer({ costBps }: UplinkWish): Layer[] {
  return LAYERS.filter((layer) => costBps[layer] !== undefined).slice(0, 1);
}

function wantedLayers({ wanted, costBps }: UplinkWish): Layer[] {
  return LAYERS.filter((layer) => costBps[layer] !== undefined && wanted.includes(layer));
}

function costOf({ costBps }: UplinkWish, layers: readonly Layer[]): number {
  return layers.reduce((sum, layer) => sum + (costBps[layer] ?? 0), 0);
}

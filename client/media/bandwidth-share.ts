import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';

/** What a tile may have: a layer, or only its last picture, said to be a still. */
export type Allowed = Layer | 'still';

/** A tile as bandwidth sees it. */
export interface TileWant {
  feedId: FeedId;
  layer: Layer;
  /** Smaller is more important. */
  priority: number;
}

/** What streams cost in bits per second, as far as they were seen. */
export interface Costs {
  byFeed: ReadonlyMap<FeedId, Partial<Record<Layer, number>>>;
  /** Of the tiles seen last; what is taken for a tile that was never seen in a layer. */
  mean: Partial<Record<Layer, number>>;
}

export type Shares = ReadonlyMap<FeedId, Allowed>;

/** Taken for a layer of which nothing was ever seen: what encoders are told to send (docs/encoders.md). */
const NOMINAL_BPS: Record<Layer, number> = { low: 150_000, high: 800_000 };
const RANK: Record<Allowed, number> = { still: 0, low: 1, high: 2 };

/** Bits per second of a tile at this share. */
export function costOf(costs: Costs, feedId: FeedId, share: Allowed): number {
  if (share === 'still') return 0;
  return costs.byFeed.get(feedId)?.[share] ?? costs.mean[share] ?? NOMINAL_BPS[share];
}

/** The smaller of two shares. */
export function lesser<A extends Allowed, B extends Allowed>(a: A, b: B): A | B {
  return RANK[a] <= RANK[b] ? a : b;
}

/** Bits per second of all tiles together. A tile without a share has what it wants. */
export function demandOf(shares: Shares, wants: readonly TileWant[], costs: Costs): number {
  let sum = 0;
  for (const { feedId, layer } of wants)
    sum += costOf(costs, feedId, lesser(layer, shares.get(feedId) ?? layer));
  return sum;
}

/**
 * What each tile may have within a budget: first everybody in order of importance a picture that moves, then the large
 * layer. As soon as one does not fit, nothing goes to those who are less important. The first one always moves.
 */
export function allocate(wants: readonly TileWant[], budgetBps: number, costs: Costs): Map<FeedId, Allowed> {
  const ordered = byImportance(wants);
  const shares = new Map<FeedId, Allowed>(ordered.map(({ feedId }) => [feedId, 'still']));
  let leftBps = budgetBps;
  for (const [index, { feedId }] of ordered.entries()) {
    leftBps -= costOf(costs, feedId, 'low');
    if (leftBps < 0 && index > 0) return shares;
    shares.set(feedId, 'low');
  }
  for (const { feedId, layer } of ordered) {
    if (layer === 'low') continue;
    leftBps -= extraOfHigh(costs, feedId);
    if (leftBps < 0) return shares;
    shares.set(feedId, 'high');
  }
  return shares;
}

/** What tiles would get next, most important first: all stills begin to move before the first one gets large. */
export function nextSteps(
  shares: Shares,
  wants: readonly TileWant[],
  costs: Costs,
): { feedId: FeedId; costBps: number }[] {
  const ordered = byImportance(wants);
  const stills = ordered.filter(({ feedId }) => shares.get(feedId) === 'still');
  const smalls = ordered.filter(({ feedId, layer }) => layer === 'high' && shares.get(feedId) === 'low');
  return [
    ...stills.map(({ feedId }) => ({ feedId, costBps: costOf(costs, feedId, 'low') })),
    ...smalls.map(({ feedId }) => ({ feedId, costBps: extraOfHigh(costs, feedId) })),
  ];
}

/** Goes from `before` to `target`: up at once, down by one step a tile. */
export function approach(
  before: (want: TileWant) => Allowed | undefined,
  target: Shares,
  wants: readonly TileWant[],
): Map<FeedId, Allowed> {
  const shares = new Map<FeedId, Allowed>();
  for (const want of wants) {
    const goal = target.get(want.feedId) ?? want.layer;
    const from = before(want) ?? goal;
    shares.set(want.feedId, from === 'high' && goal === 'still' ? 'low' : goal);
  }
  return shares;
}

function extraOfHigh(costs: Costs, feedId: FeedId): number {
  return Math.max(0, costOf(costs, feedId, 'high') - costOf(costs, feedId, 'low'));
}

/** Places are unlike, but the order must not hang on anything else if they are not. */
function byImportance(wants: readonly TileWant[]): TileWant[] {
  return wants.toSorted((a, b) => a.priority - b.priority || (a.feedId < b.feedId ? -1 : 1));
}

import type { Layer } from '#contract/nation.ts';

/**
 * A layer that nobody needs while another one is needed goes on for this long: tiles that are resized back and forth
 * shall not make an encoder start and stop.
 */
export const LAYER_HOLD_MS = 2_000;
/** A new consumer counts as watching for this long, so that the source starts while the page still sets itself up. */
export const WARM_UP_MS = 3_000;

/** What one consumer wants of its feed. */
export interface LayerUse {
  /** The layer that the tile's size asks for. */
  preferred: Layer;
  /** Further layers that it passes on; only what goes to another node has them. */
  also?: readonly Layer[];
  /** Not paused. */
  active: boolean;
  /** Until then it counts as active; milliseconds since 1970. */
  warmUntil: number;
  /** The layer that it receives now. */
  current: Layer | undefined;
  /** It receives nothing although media comes: no layer fits through its network. */
  starved: boolean;
}

/** Which layers are asked of the source, and until when those are held that nobody needs. */
export interface LayerDemand {
  wanted: readonly Layer[];
  heldUntil: Readonly<Partial<Record<Layer, number>>>;
}

export const NO_DEMAND: LayerDemand = { wanted: [], heldUntil: {} };

/**
 * The layers that consumers need of a feed. Besides the preferred ones: the layer that a consumer still receives, until
 * it has changed over, so that changing is never a gap; and the lowest, for a consumer whose network takes no other.
 */
export function neededLayers(uses: Iterable<LayerUse>, layers: readonly Layer[], now: number): Set<Layer> {
  const needed = new Set<Layer>();
  for (const use of uses) {
    if (!use.active && now >= use.warmUntil) continue;
    needed.add(use.preferred);
    for (const layer of use.also ?? []) needed.add(layer);
    if (!use.active) continue;
    if (use.current !== undefined) needed.add(use.current);
    if (use.starved && layers[0] !== undefined) needed.add(layers[0]);
  }
  return needed;
}

interface DemandOptions {
  now: number;
  layers: readonly Layer[];
  /** How long a feed goes on that nobody needs any more. */
  lingerMs: number;
}

/** What to ask of the source, given what was asked and what is needed now. */
export function decideDemand(
  before: LayerDemand,
  needed: ReadonlySet<Layer>,
  { now, layers, lingerMs }: DemandOptions,
): LayerDemand {
  const wanted: Layer[] = [];
  const heldUntil: Partial<Record<Layer, number>> = {};
  for (const layer of layers) {
    if (needed.has(layer)) {
      wanted.push(layer);
      continue;
    }
    if (!before.wanted.includes(layer)) continue;
    const full = before.heldUntil[layer] ?? now + (needed.size > 0 ? LAYER_HOLD_MS : lingerMs);
    const until = needed.size > 0 ? Math.min(full, now + LAYER_HOLD_MS) : full;
    if (now >= until) continue;
    wanted.push(layer);
    heldUntil[layer] = until;
  }
  return { wanted, heldUntil };
}

/** When the demand is to be looked at again though nothing happens; milliseconds since 1970. */
export function demandDeadline(
  demand: LayerDemand,
  uses: Iterable<LayerUse>,
  now: number,
): number | undefined {
  const times = Object.values(demand.heldUntil);
  for (const use of uses) if (!use.active && use.warmUntil > now) times.push(use.warmUntil);
  return times.length === 0 ? undefined : Math.min(...times);
}

export function isSameDemand(a: LayerDemand, b: LayerDemand): boolean {
  return a.wanted.length === b.wanted.length && a.wanted.every((layer) => b.wanted.includes(layer));
}

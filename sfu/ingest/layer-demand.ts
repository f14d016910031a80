import { type Importance, mostImportant, USUAL_IMPORTANCE } from '#contract/importance.ts';
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
  /** How much it matters where it is shown. @default the usual one */
  importance?: Importance | undefined;
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
  /** Of those who need it, the one to whom it matters most; the least while it only lingers. */
  importance: Importance;
  heldUntil: Readonly<Partial<Record<Layer, number>>>;
}

/** What is kept for those who may come back matters less than anything that is on a screen. */
const LINGERING: Importance = 'tour';

export const NO_DEMAND: LayerDemand = { wanted: [], importance: LINGERING, heldUntil: {} };

/**
 * The layers that consumers need of a feed. Besides the preferred ones: the layer that a consumer still receives, until
 * it has changed over, so that changing is never a gap; and the lowest, for a consumer whose network takes no other.
 */
export function neededLayers(uses: Iterable<LayerUse>, layers: readonly Layer[], now: number): Set<Layer> {
  const needed = new Set<Layer>();
  for (const use of uses) {
    if (!isNeeding(use, now)) continue;
    needed.add(use.preferred);
    for (const layer of use.also ?? []) needed.add(layer);
    if (!use.active) continue;
    if (use.current !== undefined) needed.add(use.current);
    if (use.starved && layers[0] !== undefined) needed.add(layers[0]);
  }
  return needed;
}

/** How much a feed matters to those who need it now. */
export function importanceOf(uses: Iterable<LayerUse>, now: number): Importance {
  const needing = [...uses].filter((use) => isNeeding(use, now));
  return mostImportant(needing.map(({ importance = USUAL_IMPORTANCE }) => importance)) ?? LINGERING;
}

function isNeeding({ active, warmUntil }: LayerUse, now: number): boolean {
  return active || now < warmUntil;
}

interface DemandOptions {
  now: number;
  layers: readonly Layer[];
  importance: Importance;
  /** How long a feed goes on that nobody needs any more. */
  lingerMs: number;
}

/** What to ask of the source, given what was asked and what is needed now. */
export function decideDemand(
  before: LayerDemand,
  needed: ReadonlySet<Layer>,
  { now, layers, importance, lingerMs }: DemandOptions,
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
  return { wanted, importance, heldUntil };
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
  if (a.wanted.length !== b.wanted.length || !a.wanted.every((layer) => b.wanted.includes(layer)))
    return false;
  return a.importance === b.importance || a.wanted.length === 0;
}

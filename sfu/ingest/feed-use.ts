import type { ErrorCode } from '#contract/errors.ts';
import type { Importance } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import { type LayerUse, WARM_UP_MS } from './layer-demand.ts';
import type { Source } from './source.ts';

/** A complaint counts for this long; who gets nothing repeats it twice a second. */
const COMPLAINT_MS = 3_000;

/** Who uses a feed, and what it wants to hear of it. */
export interface FeedUser {
  layer: Layer;
  /** How much it matters where it is shown. @default the usual one */
  importance?: Importance | undefined;
  /** The grant that lets it, signed: what another node is asked with if the feed enters there. */
  proof?: string | undefined;
  /** It passes the feed on to another node. */
  forPeer?: boolean;
  /** It keeps the feed coming, and nobody has it on a screen. */
  unseen?: boolean;
  /** The source is gone; whatever was made of it is to be closed now. Called at most once. */
  onEnded(code: ErrorCode): void;
  /** The layers that flow have changed. */
  onFlow(layers: readonly Layer[]): void;
  /** From now on nothing comes on purpose, or no more. */
  onHeld?(isHeld: boolean): void;
}

interface Parts {
  source: Source;
  user: FeedUser;
  /** Milliseconds since 1970. */
  now: number;
  flowing: readonly Layer[];
  onChange(): void;
  onRelease(use: FeedUse): void;
}

/** One consumer's claim on a feed: while it is held, the feed has a reason to be there. */
export class FeedUse {
  readonly source: Source;
  readonly #parts: Parts;
  #layers: LayerUse;
  #flowing: readonly Layer[];
  #over = false;
  #complainedAt = 0;
  #isOutdated = false;

  constructor(parts: Parts) {
    this.source = parts.source;
    this.#parts = parts;
    this.#flowing = parts.flowing;
    this.#layers = {
      preferred: parts.user.layer,
      importance: parts.user.importance,
      active: false,
      warmUntil: parts.now + WARM_UP_MS,
      current: undefined,
      starved: false,
    };
  }

  /** It passes the feed on to another node. */
  get forPeer(): boolean {
    return this.#parts.user.forPeer === true;
  }

  /** Somebody of this node has it on a screen. */
  get isSeen(): boolean {
    return this.#layers.active && !this.forPeer && this.#parts.user.unseen !== true;
  }

  /** What it wants of the feed now. */
  get layers(): LayerUse {
    return this.#layers;
  }

  /** Layers in which the feed's packets come now. */
  get flowing(): readonly Layer[] {
    return this.#flowing;
  }

  /** The source has ended, or the use was released. */
  get over(): boolean {
    return this.#over;
  }

  /** The feed has another source by now, and this one goes on for a moment only: whoever asks again gets it of that one. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  /** For the feed: there is another source. */
  outdate(): void {
    this.#isOutdated = true;
  }

  /** Whoever it is for says that nothing comes (milliseconds since 1970). */
  complain(now: number): void {
    this.#complainedAt = now;
  }

  /** Whether packets are to go out for it, and nobody has said just now that they do not arrive. */
  isServed(now: number): boolean {
    return this.#layers.active && now - this.#complainedAt >= COMPLAINT_MS;
  }

  /** Says what the consumer wants or gets now. */
  change(change: Partial<Omit<LayerUse, 'warmUntil'>>): void {
    const next = { ...this.#layers, ...change };
    // What has been resumed once is not warming up any more when it is paused.
    if (change.active !== undefined) next.warmUntil = 0;
    this.#layers = next;
    if (!this.#over) this.#parts.onChange();
  }

  /** The consumer is gone. */
  release(): void {
    if (this.#over) return;
    this.#over = true;
    this.#parts.onRelease(this);
  }

  /** For the feed: its source is gone. */
  end(code: ErrorCode): void {
    if (this.#over) return;
    this.#over = true;
    this.#parts.user.onEnded(code);
  }

  /** For the feed: it is held back from now on, or no more. */
  hold(isHeld: boolean): void {
    this.#parts.user.onHeld?.(isHeld);
  }

  /** For the feed: other layers flow. */
  flow(layers: readonly Layer[]): void {
    this.#flowing = layers;
    this.#parts.user.onFlow(layers);
  }
}

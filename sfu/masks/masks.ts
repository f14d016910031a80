import type { FeedMask, GrantedFeed } from '#contract/grants.ts';
import type { FeedId } from '#contract/ids.ts';
import type { MaskRegion } from '#contract/nation.ts';

/** Feeds whose masks are remembered; more than a node can have. The one longest not heard of is forgotten first. */
const MAX_REMEMBERED = 20_000;

interface MasksOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  /** A grant said something newer of a feed; `proof` is that grant, signed. */
  onNewer(feedId: FeedId, proof: string): void;
}

/**
 * What is covered of feeds, by the newest grant that this node has seen of each. Only signed grants say so: neither Redis
 * nor another node can lift a mask. A lift ends by itself, also when nobody is heard of any more.
 */
export class Masks implements Disposable {
  readonly #options: MasksOptions;
  readonly #masks = new Map<FeedId, FeedMask>();
  readonly #followers = new Map<FeedId, Set<() => void>>();
  readonly #timers = new Map<FeedId, NodeJS.Timeout>();

  constructor(options: MasksOptions) {
    this.#options = options;
  }

  /** Takes note of what a grant says of a feed. `proof`: the grant, signed, if it may be passed on. */
  note({ id, mask }: Pick<GrantedFeed, 'id' | 'mask'>, proof?: string): void {
    if (!mask) return;
    const known = this.#masks.get(id);
    if (known && !isNewer(mask, known)) return;
    this.#masks.delete(id);
    this.#masks.set(id, mask);
    const [oldest] = this.#masks.keys();
    if (oldest !== undefined && this.#masks.size > MAX_REMEMBERED && !this.#followers.has(oldest))
      this.#masks.delete(oldest);
    if (known && isSame(mask, known)) return;
    this.#tell(id);
    if (proof !== undefined) this.#options.onNewer(id, proof);
  }

  /** What is to be covered of a feed now. Of one that nobody has said anything of: all of it. */
  regionsOf(feedId: FeedId): readonly MaskRegion[] {
    const mask = this.#masks.get(feedId);
    if (!mask) return [{ x: 0, y: 0, width: 1, height: 1 }];
    const isLifted = mask.liftedUntil !== undefined && this.#options.now() < mask.liftedUntil;
    return isLifted ? [] : mask.regions;
  }

  /** Calls back whenever that may be something else, until the returned function is called. */
  follow(feedId: FeedId, listener: () => void): () => void {
    const followers = this.#followers.get(feedId) ?? new Set();
    this.#followers.set(feedId, followers);
    followers.add(listener);
    this.#schedule(feedId);
    return () => {
      followers.delete(listener);
      if (followers.size > 0) return;
      this.#followers.delete(feedId);
      clearTimeout(this.#timers.get(feedId));
      this.#timers.delete(feedId);
    };
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#followers.clear();
  }

  #tell(feedId: FeedId): void {
    for (const listener of this.#followers.get(feedId) ?? []) listener();
    this.#schedule(feedId);
  }

  /** A lift that is being used is over at its time. */
  #schedule(feedId: FeedId): void {
    clearTimeout(this.#timers.get(feedId));
    this.#timers.delete(feedId);
    const until = this.#masks.get(feedId)?.liftedUntil;
    if (until === undefined || !this.#followers.has(feedId)) return;
    const waitMs = until - this.#options.now();
    if (waitMs > 0)
      this.#timers.set(
        feedId,
        setTimeout(() => this.#tell(feedId), waitMs),
      );
  }
}

function isNewer(next: FeedMask, known: FeedMask): boolean {
  if (next.version !== known.version) return next.version > known.version;
  // Of the same version: what covers more.
  return (next.liftedUntil ?? 0) < (known.liftedUntil ?? 0);
}

function isSame(a: FeedMask, b: FeedMask): boolean {
  return a.liftedUntil === b.liftedUntil && JSON.stringify(a.regions) === JSON.stringify(b.regions);
}

import type { FeedMask, GrantedFeed } from '#contract/grants.ts';
import type { FeedId } from '#contract/ids.ts';
import { coversRegion, type MaskRegion } from '#contract/nation.ts';

/** More boxes than this for one feed are a muddle; then all of it is covered. */
const MAX_REGIONS = 32;
const WHOLE: readonly MaskRegion[] = [{ x: 0, y: 0, width: 1, height: 1 }];
/** Feeds whose masks are remembered; more than a node can have. The one longest not heard of is forgotten first. */
const MAX_REMEMBERED = 20_000;

/** What is remembered of a feed. */
interface Known {
  /** Everything that any grant has named. */
  regions: readonly MaskRegion[];
  version: number;
  liftedUntil: number | undefined;
  /** The grant, signed, that said something new last; undefined if it may not be passed on. */
  proof: string | undefined;
}

interface MasksOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  /** A grant said something newer of a feed; `proof` is that grant, signed. */
  onNewer(feedId: FeedId, proof: string): void;
  /** Of a feed that was shown whole, as far as is known here, something is to be covered from now on. */
  onMasked(feedId: FeedId): void;
}

/**
 * What is covered of feeds, by the grants that this node has seen of each. Only signed grants say so: neither Redis nor
 * another node can lift a mask. A lift is what the newest grant says of it, and ends by itself, also when nobody is heard
 * of any more. Servers that have read different nation files are of no age that could be compared: whatever one of them
 * has named is covered, for as long as this node runs, also for grants of one that knows of no mask.
 */
export class Masks implements Disposable {
  readonly #options: MasksOptions;
  readonly #masks = new Map<FeedId, Known>();
  readonly #followers = new Map<FeedId, Set<() => void>>();
  readonly #timers = new Map<FeedId, NodeJS.Timeout>();

  constructor(options: MasksOptions) {
    this.#options = options;
  }

  /** Takes note of what a grant says of a feed. `proof`: the grant, signed, if it may be passed on. */
  note({ id, mask }: Pick<GrantedFeed, 'id' | 'mask'>, proof?: string): void {
    if (!mask) return;
    const known = this.#masks.get(id);
    const merged = merge(mask, known);
    const isNews = !known || known.liftedUntil !== merged.liftedUntil || known.regions !== merged.regions;
    const next = isNews ? { ...merged, proof } : merged;
    this.#masks.delete(id);
    this.#masks.set(id, next);
    const [oldest] = this.#masks.keys();
    if (oldest !== undefined && this.#masks.size > MAX_REMEMBERED && !this.#followers.has(oldest))
      this.#masks.delete(oldest);
    if (!known) this.#options.onMasked(id);
    if (!isNews) return;
    this.#tell(id);
    if (proof !== undefined) this.#options.onNewer(id, proof);
  }

  /** Whether anybody has said that something of this feed is to be covered. */
  has(feedId: FeedId): boolean {
    return this.#masks.has(feedId);
  }

  /** The grant that said something new of a feed last, for a node that is asked for it only now. */
  proofOf(feedId: FeedId): string | undefined {
    return this.#masks.get(feedId)?.proof;
  }

  /** What is to be covered of a feed now. Of one that nobody has said anything of: all of it. */
  regionsOf(feedId: FeedId): readonly MaskRegion[] {
    const mask = this.#masks.get(feedId);
    if (!mask) return WHOLE;
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

/** What is known with one word more; `regions` is the same object if nothing comes to them. */
function merge({ regions, version, liftedUntil }: FeedMask, known: Known | undefined): Known {
  if (!known) return { regions, version, liftedUntil, proof: undefined };
  const added = regions.filter((region) => !known.regions.some((other) => coversRegion(other, region)));
  const all = added.length === 0 ? known.regions : [...known.regions, ...added];
  const covered = all.length > MAX_REGIONS ? WHOLE : all;
  // Of two words of one version: the one that covers more.
  const isNewer =
    version === known.version ? (liftedUntil ?? 0) < (known.liftedUntil ?? 0) : version > known.version;
  return isNewer ? { ...known, regions: covered, version, liftedUntil } : { ...known, regions: covered };
}

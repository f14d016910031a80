import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import { Slots } from '../../concurrency/slots.ts';
import type { Source, SourceKind } from '../source.ts';
import { BFrameWatch } from './b-frame-watch.ts';

/**
 * Looks that a node makes at the same time. Each brings a feed's packets into this process (some 140 a second at
 * 1.2 Mbit/s): when hundreds of feeds come at once, control messages must not wait for that.
 */
const LOOKS_AT_A_TIME = 25;
/** Feeds of which it is remembered that they had none; the one that was opened longest ago is forgotten first. */
const MAX_REMEMBERED = 10_000;

/** Who reads the packets of an RTSP camera sees its B-frames, and of what another node has that node tells. */
const LOOKED_AT: ReadonlySet<SourceKind> = new Set(['whip', 'edge']);

interface BFrameLooksOptions {
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Looks for B-frames in whatever H.264 enters this node and is not read packet by packet anyway. */
export class BFrameLooks {
  readonly #options: BFrameLooksOptions;
  readonly #looks = new Slots(LOOKS_AT_A_TIME);
  /** When a layer was last found to have none, by feed: cameras come and go with each page that is turned. */
  readonly #cleanAt = new Map<FeedId, Map<Layer, number>>();

  constructor(options: BFrameLooksOptions) {
    this.#options = options;
  }

  /** Looks at a source of a feed for as long as it lives; says what it found after each look. */
  watch(feedId: FeedId, source: Source, onLooked: (hasBFrames: boolean) => void): void {
    // What is drawn over was encoded anew, without any.
    const { kind, producer, layers, worker } = source.sender ?? source;
    if (!LOOKED_AT.has(kind)) return;
    // Who publishes anew may have changed something just now.
    const cleanAt = kind === 'whip' ? new Map<Layer, number>() : this.#recall(feedId);
    const { now } = this.#options;
    const { router } = worker;
    new BFrameWatch({ producer, layers, router, looks: this.#looks, cleanAt, now, onLooked });
  }

  #recall(feedId: FeedId): Map<Layer, number> {
    const cleanAt = this.#cleanAt.get(feedId) ?? new Map<Layer, number>();
    this.#cleanAt.delete(feedId);
    this.#cleanAt.set(feedId, cleanAt);
    const [oldest] = this.#cleanAt.keys();
    if (this.#cleanAt.size > MAX_REMEMBERED && oldest !== undefined) this.#cleanAt.delete(oldest);
    return cleanAt;
  }
}

import type { Layer } from '#contract/nation.ts';
import type { Feed } from '../ingest/feed.ts';
import type { Source } from '../ingest/source.ts';
import type { Picture } from './picture.ts';
import { Ring } from './ring/ring.ts';
import type { Joined, RingHost } from './ring/ring-host.ts';
import { Tap } from './ring/tap.ts';

/** After a tap ended without a word, the next one waits for this long. Milliseconds. */
const RETRY_MS = 1_000;
/** A ring without a keyframe for this long asks for one, so that a clip has a beginning. Milliseconds. */
const KEYFRAME_WITHIN_MS = 10_000;

/** Whoever wants the pictures of a feed: those that are kept from `fromMs` (since 1970) on, and those that come. */
export interface PictureTaker {
  take(picture: Picture): void;
  readonly fromMs: number;
  /** The layer that it began with, if it is to stay with one. */
  readonly layer: Layer | undefined;
}

export interface RecorderOptions {
  feed: Feed;
  host: RingHost;
  /** How far back the ring goes, in milliseconds; 0: there is none. */
  preMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

interface Run {
  source: Source;
  /** Undefined while it is being opened. */
  tap: Tap | undefined;
}

/**
 * Has the packets of one feed brought out of its worker: into a ring, as long as somebody of this node has the feed on a
 * screen, and to clips. The ring is wiped in the moment in which the last one may or does not see the feed any more; a clip
 * that goes on then does so over another tap, so that the key of the ring is of no use for anything afterwards.
 */
export class FeedRecorder implements Disposable {
  readonly feed: Feed;
  readonly #options: RecorderOptions;
  readonly #line: number;
  readonly #takers = new Set<PictureTaker>();
  /** Taps of which pictures may still come. */
  readonly #taps = new Map<number, Tap>();
  #ring: Ring | undefined;
  #run: Run | undefined;
  #retryAtMs = 0;
  #closed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.feed = options.feed;
    this.#line = options.host.nextId();
  }

  /** Whether there is a reason for it to go on. */
  get isWanted(): boolean {
    return this.#takers.size > 0 || (this.#options.preMs > 0 && this.feed.watching !== undefined);
  }

  /** What is kept; undefined while nobody watches. */
  get ring(): Pick<Ring, 'bytes'> | undefined {
    return this.#ring;
  }

  /** Gives pictures to a taker until it leaves. */
  join(taker: PictureTaker): Joined {
    let layer: Layer | undefined;
    const joined = this.#options.host.join(this.#line, taker.fromMs, (pictures) => {
      for (const { tape, ...picture } of pictures) {
        if (picture.format) layer = this.#layerOfKeyframe(tape, picture);
        taker.take({ ...picture, layer });
      }
    });
    this.#takers.add(taker);
    this.refresh();
    if (!this.#ring) this.#run?.tap?.requestKeyframe();
    return {
      // Nothing is kept: nobody has to wait for the thread.
      caughtUp: this.#ring ? joined.caughtUp : Promise.resolve(),
      leave: () => {
        this.#takers.delete(taker);
        joined.leave();
      },
    };
  }

  /** Looks at what is wanted now. To be called a few times a second. */
  refresh(): void {
    if (this.#closed) return;
    const { watching, source } = this.feed;
    const isNew = watching && !watching.aborted && this.#ring?.watching !== watching;
    if (isNew && this.#options.preMs > 0) this.#openRing(watching);
    if (this.#run && (this.#run.source !== source || !this.isWanted)) this.#endTap();
    if (!source || source.closed || !this.isWanted) return;
    if (this.#run) this.#follow(source, this.#run.tap);
    else if (this.#options.now() >= this.#retryAtMs) void this.#beginTap(source);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#takers.clear();
    this.#ring?.wipe();
    this.#ring = undefined;
    this.#endTap();
  }

  #openRing(watching: AbortSignal): void {
    this.#ring?.wipe();
    const ring = new Ring({ host: this.#options.host, line: this.#line, watching });
    this.#ring = ring;
    watching.addEventListener('abort', () => this.#closeRing(ring), { once: true });
    const tap = this.#run?.tap;
    if (!tap) return;
    ring.add(tap);
    tap.requestKeyframe();
  }

  #closeRing(ring: Ring): void {
    if (this.#ring !== ring) return;
    ring.wipe();
    this.#ring = undefined;
    this.#endTap();
    // The feed is in the midst of something.
    queueMicrotask(() => this.refresh());
  }

  #follow(source: Source, tap: Tap | undefined): void {
    tap?.prefer(this.#layerOf(source));
    if (this.#ring && tap && this.#options.now() - tap.keyframeAtMs > KEYFRAME_WITHIN_MS)
      tap.requestKeyframe();
  }

  /** What somebody sees is what is kept; a clip of what nobody sees keeps what it has asked for. */
  #layerOf({ layers }: Source): Layer {
    const [asked] = [...this.#takers].flatMap(({ layer }) => layer ?? []);
    const wanted = asked ?? this.feed.seenLayer;
    return wanted !== undefined && layers.includes(wanted) ? wanted : (layers[0] ?? 'low');
  }

  async #beginTap(source: Source): Promise<void> {
    const run: Run = { source, tap: undefined };
    this.#run = run;
    const { host, now } = this.#options;
    const layer = this.#layerOf(source);
    const flows = (one: Layer) => this.#flows(one);
    // It fails with the source, its worker or the thread; whoever owns them knows.
    const tap = await Tap.open({ host, line: this.#line, source, layer, flows, now }).catch(() => undefined);
    if (this.#run !== run) {
      tap?.[Symbol.dispose]();
      return;
    }
    if (!tap || tap.closed) {
      tap?.[Symbol.dispose]();
      this.#giveUp(run);
      return;
    }
    run.tap = tap;
    this.#taps.set(tap.id, tap);
    tap.onGone(() => this.#taps.delete(tap.id));
    tap.onEnded(() => this.#giveUp(run));
    this.#ring?.add(tap);
    this.#follow(source, tap);
    await tap.start().catch(() => undefined);
  }

  #giveUp(run: Run): void {
    if (this.#run !== run) return;
    this.#run = undefined;
    this.#retryAtMs = this.#options.now() + RETRY_MS;
  }

  #endTap(): void {
    const run = this.#run;
    this.#run = undefined;
    run?.tap?.[Symbol.dispose]();
  }

  #flows(layer: Layer): boolean {
    const { state } = this.feed;
    return state.state === 'live' && state.layers.includes(layer);
  }

  /** Word of it goes another way than the keyframe itself: if that is slower, the layer of now is it. */
  #layerOfKeyframe(tape: number, { timestamp }: Picture): Layer | undefined {
    const tap = this.#taps.get(tape);
    return tap?.layerOf(timestamp) ?? tap?.layer;
  }
}

import type { Logger } from 'pino';
import { CLIP_MAX_BYTES } from '#contract/clips.ts';
import type { Feed } from '../ingest/feed.ts';
import { FeedRecorder } from './feed-recorder.ts';
import { RingHost } from './ring/ring-host.ts';

/** A ring takes no more than this: of what a clip may hold, half is for what comes after its moment. Bytes. */
const MAX_RING_BYTES = CLIP_MAX_BYTES / 4;
/** How soon after somebody begins to watch a feed its ring begins. Milliseconds. */
const TICK_MS = 250;

interface RecordersOptions {
  feeds: { all(): Iterable<Feed> };
  /** How far back rings go, in milliseconds; 0: there are none. */
  preMs: number;
  /** What all rings together may take of memory, in bytes; each has an equal part of it, up to a bound. */
  maxBytes: number;
  /** Milliseconds since 1970. */
  now: () => number;
  log: Pick<Logger, 'error'>;
}

/** The recorders of this node: one for each feed that somebody of it watches, or that a clip is made of. */
export class Recorders implements AsyncDisposable {
  readonly #options: RecordersOptions;
  readonly #recorders = new Map<Feed, FeedRecorder>();
  readonly #host: RingHost;
  readonly #timer: NodeJS.Timeout;

  constructor(options: RecordersOptions) {
    this.#options = options;
    this.#host = new RingHost(options);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** Rings, and what they take of memory in bytes. */
  get figures(): { rings: number; bytes: number } {
    const rings = [...this.#recorders.values()].flatMap(({ ring }) => ring ?? []);
    return { rings: rings.length, bytes: rings.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /** The recorder of a feed, which comes to be with it if need be. Whoever asks joins it at once. */
  of(feed: Feed): FeedRecorder {
    const known = this.#recorders.get(feed);
    if (known) return known;
    const { preMs, now } = this.#options;
    const recorder = new FeedRecorder({ feed, host: this.#host, preMs, now });
    this.#recorders.set(feed, recorder);
    this.#share();
    return recorder;
  }

  /** Ends every recording and wipes what was held. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    for (const recorder of this.#recorders.values()) recorder[Symbol.dispose]();
    this.#recorders.clear();
    await this.#host[Symbol.asyncDispose]();
  }

  #tick(): void {
    const here = new Set(this.#options.feeds.all());
    if (this.#options.preMs > 0) for (const feed of here) if (feed.watching) this.of(feed);
    for (const [feed, recorder] of this.#recorders) {
      if (here.has(feed) && recorder.isWanted) recorder.refresh();
      else {
        recorder[Symbol.dispose]();
        this.#recorders.delete(feed);
      }
    }
    this.#share();
  }

  #share(): void {
    const { preMs, maxBytes } = this.#options;
    const share = maxBytes / Math.max(1, this.#recorders.size);
    this.#host.setBounds({ preMs, bytes: Math.min(share, MAX_RING_BYTES) });
  }
}

import { PICTURE_FAULTS } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Layer, MaskRegion } from '#contract/nation.ts';
import type { Feed } from '../ingest/feed.ts';
import type { Decoded } from './decode-batch.ts';
import { type BatchPorts, DecodeBatches, type DecodeCounts, type Waiting } from './decode-batches.ts';
import type { KeyframeTaps } from './keyframe-taps.ts';
import { addSample, NO_HISTORY, type PictureHistory, withoutPictures } from './picture-faults.ts';
import type { PictureTimes } from './picture-times.ts';
import { type KeptStill, Stills } from './stills.ts';
import { type Due, nextTurns, TAPS_PER_TICK } from './turns.ts';

/** What is asked of feeds here. */
export type SeenFeed = Pick<
  Feed,
  'info' | 'state' | 'source' | 'watching' | 'onDemand' | 'isRelayed' | 'setFault'
>;

export interface PicturesOptions extends Pick<BatchPorts, 'decode' | 'log' | 'now'> {
  feeds: { all(): Iterable<SeenFeed> };
  /** Disposed of with the pictures. */
  taps: Pick<KeyframeTaps, 'take' | typeof Symbol.dispose>;
  /** Where stills are kept. May reject; then this one is not kept. */
  keep(feedId: FeedId, still: KeptStill): Promise<void>;
  /** What is masked of a feed now, as far as is known. */
  masksOf(feedId: FeedId): readonly MaskRegion[];
  times: PictureTimes;
}

/** Counts since the start. */
export interface PictureCounts extends DecodeCounts {
  /** Keyframes that were taken. */
  taken: number;
  /** None came in time. */
  missed: number;
}

/** A look at a feed that nobody watches. */
export interface AskedLook {
  /** It is over by then, whatever has come of it; milliseconds since 1970. */
  untilMs: number;
  /** The next one is asked for after about this time. */
  againInMs: number;
}

interface Watched {
  feed: SeenFeed;
  isTapping: boolean;
  /** When a keyframe was taken last at all, and when for a still. */
  lastTapAt: number;
  lastStillAt: number;
  /** What is known of it is forgotten then; milliseconds since 1970. */
  forgetAt: number;
  /** A look that was asked for: when it begins at the latest, and when it is over; milliseconds since 1970. */
  asked: { beginBy: number; untilMs: number } | undefined;
  /** Ends the looks that are under way. */
  looks: AbortController;
  history: PictureHistory;
  rate: { layer: Layer | undefined; fps: number } | undefined;
}

/** A keyframe that was taken, until it is decoded. */
interface Ready extends Waiting {
  watched: Watched;
  /** When the tap began, and when the keyframe was there; milliseconds since 1970. */
  beganAt: number;
  at: number;
  /** What was covered of it. */
  masks: readonly MaskRegion[];
  /** Somebody watches; otherwise no still is made of it. */
  isWatched: boolean;
}

/** Looks are begun this often at least, also where stills are rare. */
const LOOK_TICK_MS = 1_000;
/** A look that could not be begun for so long is not begun any more: who asked for it knew how things were then. */
const BEGIN_WITHIN_MS = 2_000;
/** Keyframes that are waited for at the same time. */
const MAX_TAPS = 48;
/** What is known of a feed that nobody watches is forgotten when this many looks were not asked for. */
const FORGET_LOOKS = 3;
/** A fault lasts this many intervals before it is raised: 20 s with the usual one. */
const RAISE_SPAN_TAPS = 2;

/**
 * Looks at what feeds show: takes a keyframe of each feed that somebody watches, every so often, and makes a still of it
 * and a judgement. Of a feed that nobody has on a screen no still is made, and what was taken as the last one left is
 * thrown away: so there is none of anything that nobody was allowed to see. What comes in anyway is looked at without
 * being watched when a server asks for it, and nothing is left of that but what is wrong with the picture.
 */
export class Pictures implements AsyncDisposable {
  readonly counts: PictureCounts = { taken: 0, missed: 0, decoded: 0, undecodable: 0, discarded: 0 };
  readonly #options: PicturesOptions;
  readonly #watched = new Map<SeenFeed, Watched>();
  readonly #stills: Stills;
  readonly #timer: NodeJS.Timeout;
  /** Ticks from one in which stills are begun to the next. */
  readonly #ticksPerStills: number;
  #ticks = 0;
  readonly #batches: DecodeBatches<Ready>;
  #taps = 0;

  constructor(options: PicturesOptions) {
    this.#options = options;
    this.#stills = new Stills(options);
    this.#batches = new DecodeBatches({
      ...options,
      everyMs: options.times.decodeEveryMs,
      counts: this.counts,
      onDecoded: (ready, decoded) => this.#take(ready, decoded),
    });
    const { tickMs } = options.times;
    this.#ticksPerStills = Math.max(1, Math.round(tickMs / LOOK_TICK_MS));
    this.#timer = setInterval(() => this.#tick(), tickMs / this.#ticksPerStills);
    this.#timer.unref();
  }

  /** Frames a second of a layer, when it was looked at last. */
  fps(feed: SeenFeed, layer: Layer): number | undefined {
    const rate = this.#watched.get(feed)?.rate;
    return rate?.layer === layer ? rate.fps : undefined;
  }

  /** Looks once at a feed that comes in anyway, soon and if there is time for it. One that is watched is looked at as it is. */
  look(feed: SeenFeed, { untilMs, againInMs }: AskedLook): void {
    if (feed.onDemand || feed.isRelayed) return;
    const now = this.#options.now();
    const watched = this.#know(feed);
    watched.forgetAt = Math.max(watched.forgetAt, now + FORGET_LOOKS * againInMs);
    // Every replica asks; the first one is heard.
    if (now - watched.lastTapAt >= againInMs / 2)
      watched.asked = { beginBy: Math.min(untilMs, now + BEGIN_WITHIN_MS), untilMs };
  }

  /** Its area is closed: a look that was asked for is not begun, one that is under way ends, and no picture is remembered. */
  unlook(feed: SeenFeed): void {
    const watched = this.#watched.get(feed);
    if (!watched) return;
    this.#endLooks(watched);
    watched.history = withoutPictures(watched.history);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#batches[Symbol.asyncDispose]();
    // With them end the taps that are under way.
    this.#options.taps[Symbol.dispose]();
  }

  #tick(): void {
    const now = this.#options.now();
    const here = new Set(this.#options.feeds.all());
    for (const watched of this.#watched.values()) if (!here.has(watched.feed)) this.#forget(watched);
    this.#ticks = (this.#ticks + 1) % this.#ticksPerStills;
    const due: (Due & { watched: Watched })[] = [];
    for (const feed of here) {
      const watched = this.#refresh(feed, now);
      if (watched && this.#isDue(watched, now))
        due.push({ watched, isWatched: isWatched(watched), since: waitedSince(watched) });
    }
    const room = Math.min(MAX_TAPS - this.#taps, this.#batches.room, TAPS_PER_TICK);
    for (const { watched } of nextTurns(due, room)) void this.#tap(watched, now);
    this.#stills.release(now);
    this.#batches.tick();
  }

  /** What is known of a feed that can be seen, or could be until a moment ago. */
  #refresh(feed: SeenFeed, now: number): Watched | undefined {
    // While an edge holds it back nothing comes, however long somebody waits for it.
    const canBeSeen = feed.watching !== undefined && feed.state.state === 'live';
    const watched = canBeSeen ? this.#know(feed) : this.#watched.get(feed);
    if (!watched) return undefined;
    if (canBeSeen) watched.forgetAt = Math.max(watched.forgetAt, now + this.#options.times.forgetMs);
    const isGone = feed.state.state !== 'live' && feed.state.state !== 'stalled';
    const isForgotten = now >= watched.forgetAt;
    if (isGone || isForgotten) this.#judge(watched, NO_HISTORY);
    if (isForgotten) this.#forget(watched);
    return watched;
  }

  #forget(watched: Watched): void {
    this.#watched.delete(watched.feed);
    this.#endLooks(watched);
  }

  #endLooks(watched: Watched): void {
    watched.asked = undefined;
    watched.looks.abort();
    watched.looks = new AbortController();
    // Not with the next batch: nothing of it is to be held until then.
    this.#batches.dropOver();
  }

  #know(feed: SeenFeed): Watched {
    const known = this.#watched.get(feed);
    if (known) return known;
    const fresh: Watched = {
      feed,
      isTapping: false,
      lastTapAt: Number.NEGATIVE_INFINITY,
      lastStillAt: Number.NEGATIVE_INFINITY,
      forgetAt: 0,
      asked: undefined,
      looks: new AbortController(),
      history: NO_HISTORY,
      rate: undefined,
    };
    this.#watched.set(feed, fresh);
    return fresh;
  }

  #isDue(watched: Watched, now: number): boolean {
    if (watched.isTapping || watched.feed.state.state !== 'live') return false;
    if (!isWatched(watched)) return watched.asked !== undefined && now < watched.asked.beginBy;
    return this.#ticks === 0 && now - watched.lastStillAt >= this.#options.times.everyMs;
  }

  async #tap(watched: Watched, now: number): Promise<void> {
    const { feed } = watched;
    const { source, watching } = feed;
    if (!source) return;
    const signal = watching ?? watched.looks.signal;
    const untilMs = watching ? Number.POSITIVE_INFINITY : (watched.asked?.untilMs ?? now);
    watched.asked = undefined;
    const isFirst = waitedSince(watched) === Number.NEGATIVE_INFINITY;
    watched.isTapping = true;
    watched.lastTapAt = now;
    if (watching) watched.lastStillAt = now;
    this.#taps++;
    // Before the picture comes: what is covered from now on is more than that, or the feed ends.
    const masks = this.#options.masksOf(feed.info.id);
    try {
      const waitMs = Math.min(this.#options.times.waitMs, untilMs - now);
      const tapped = await this.#options.taps.take(source, { waitMs, signal });
      if (signal.aborted) this.counts.discarded++;
      else if (!tapped) this.counts.missed++;
      else {
        this.counts.taken++;
        watched.rate = tapped.fps === undefined ? undefined : { layer: tapped.layer, fps: tapped.fps };
        const { keyframe } = tapped;
        const at = this.#options.now();
        const isWatched = watching !== undefined;
        this.#batches.add({
          watched,
          keyframe,
          beganAt: now,
          at,
          masks,
          isFirst,
          isWatched,
          signal,
          untilMs,
        });
      }
    } catch {
      // The source or its worker is gone; whoever owns them knows.
      this.counts.missed++;
    } finally {
      watched.isTapping = false;
      this.#taps--;
    }
  }

  #take({ watched, beganAt, at, masks, isWatched, signal }: Ready, { jpeg, grey }: Decoded): void {
    const spanMs = RAISE_SPAN_TAPS * this.#options.times.everyMs;
    this.#judge(watched, addSample(watched.history, { grey, at: beganAt, masks }, { spanMs }));
    if (isWatched) this.#stills.hold({ feedId: watched.feed.info.id, jpeg, at, masks, signal });
  }

  #judge(watched: Watched, history: PictureHistory): void {
    if (watched.history === history) return;
    watched.history = history;
    for (const fault of PICTURE_FAULTS) watched.feed.setFault(fault, history.faults.has(fault));
  }
}

function isWatched({ feed }: Watched): boolean {
  return feed.watching !== undefined;
}

function waitedSince(watched: Watched): number {
  return isWatched(watched) ? watched.lastStillAt : watched.lastTapAt;
}

import { PICTURE_FAULTS } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Layer, MaskRegion } from '#contract/nation.ts';
import type { Feed } from '../ingest/feed.ts';
import { decodeAll } from './decode-all.ts';
import type { BatchResult, Decoded } from './decode-batch.ts';
import type { Keyframe } from './keyframe.ts';
import type { Tapped } from './keyframe-tap.ts';
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

export interface PicturesOptions {
  feeds: { all(): Iterable<SeenFeed> };
  /** Disposed of with the pictures. */
  taps: Pick<KeyframeTaps, 'take' | typeof Symbol.dispose>;
  /** Aborted when it is to end at once. */
  decode(keyframes: readonly Keyframe[], signal: AbortSignal): Promise<BatchResult>;
  /** Where stills are kept. May reject; then this one is not kept. */
  keep(feedId: FeedId, still: KeptStill): Promise<void>;
  /** What is masked of a feed now, as far as is known. */
  masksOf(feedId: FeedId): readonly MaskRegion[];
  times: PictureTimes;
  log: { warn(fields: object, message: string): void };
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Counts since the start. */
export interface PictureCounts {
  /** Keyframes that were taken. */
  taken: number;
  /** None came in time. */
  missed: number;
  decoded: number;
  undecodable: number;
  /** Taken, and thrown away because the last one who watched had gone, or its area was closed. */
  discarded: number;
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

interface Ready {
  watched: Watched;
  tapped: Tapped;
  /** When the tap began, and when the keyframe was there; milliseconds since 1970. */
  beganAt: number;
  at: number;
  /** What was covered of it. */
  masks: readonly MaskRegion[];
  isFirst: boolean;
  /** Somebody watches; otherwise no still is made of it. */
  isWatched: boolean;
  /** Aborted as soon as nobody watches, or may look. */
  signal: AbortSignal;
  /** It is over by then; milliseconds since 1970. */
  untilMs: number;
}

/** Looks are begun this often at least, also where stills are rare. */
const LOOK_TICK_MS = 1_000;
/** A look that could not be begun for so long is not begun any more: who asked for it knew how things were then. */
const BEGIN_WITHIN_MS = 2_000;
/** Keyframes that are waited for at the same time. */
const MAX_TAPS = 48;
/** Keyframes that wait to be decoded. Beyond, no further ones are taken. */
const MAX_READY = 128;
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
  readonly #closing = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Ticks from one in which stills are begun to the next. */
  readonly #ticksPerStills: number;
  #ticks = 0;
  #ready: Ready[] = [];
  #taps = 0;
  #decodedAt = 0;
  #decoding: Promise<void> | undefined;

  constructor(options: PicturesOptions) {
    this.#options = options;
    this.#stills = new Stills(options);
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
    this.#closing.abort();
    await this.#decoding;
    this.#ready = [];
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
    const room = Math.min(MAX_TAPS - this.#taps, MAX_READY - this.#ready.length, TAPS_PER_TICK);
    for (const { watched } of nextTurns(due, room)) void this.#tap(watched, now);
    this.#stills.release(now);
    const isTime = now - this.#decodedAt >= this.#options.times.decodeEveryMs;
    const hasFirst = this.#ready.some(({ isFirst }) => isFirst);
    if (!this.#decoding && this.#ready.length > 0 && (isTime || hasFirst)) {
      this.#decodedAt = now;
      this.#decoding = this.#decode().finally(() => {
        this.#decoding = undefined;
      });
    }
  }

  /** What is known of a feed that is watched, or was until a moment ago. */
  #refresh(feed: SeenFeed, now: number): Watched | undefined {
    const watched = feed.watching ? this.#know(feed) : this.#watched.get(feed);
    if (!watched) return undefined;
    if (feed.watching) watched.forgetAt = Math.max(watched.forgetAt, now + this.#options.times.forgetMs);
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
    this.#ready = this.#ready.filter((it) => !this.#isOver(it));
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
        this.#ready.push({
          watched,
          tapped,
          beganAt: now,
          at: this.#options.now(),
          masks,
          isFirst,
          isWatched: watching !== undefined,
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

  async #decode(): Promise<void> {
    const ready = this.#ready.splice(0).filter((it) => !this.#isOver(it));
    if (ready.length === 0) return;
    try {
      const decoded = await decodeAll(
        ready.map(({ tapped }) => tapped.keyframe),
        (keyframes) => this.#options.decode(keyframes, this.#closing.signal),
      );
      for (const [index, it] of ready.entries()) {
        if (this.#isOver(it)) continue;
        const picture = decoded[index];
        if (!picture) this.counts.undecodable++;
        else this.#take(it, picture);
      }
    } catch (error) {
      if (!this.#closing.signal.aborted)
        this.#options.log.warn({ error: (error as Error).message }, 'keyframes cannot be decoded');
    }
  }

  /** Nobody watches it any more, or may look at it: it is as if it had never been taken. */
  #isOver({ signal, untilMs }: Ready): boolean {
    const isOver = signal.aborted || this.#options.now() >= untilMs;
    if (isOver) this.counts.discarded++;
    return isOver;
  }

  #take({ watched, beganAt, at, masks, isWatched, signal }: Ready, { jpeg, grey }: Decoded): void {
    this.counts.decoded++;
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

import type { FeedState } from '#contract/feeds.ts';
import type { Feed, Layer } from '#contract/nation.ts';
import type { ServerClock } from '../clock/server-clock.ts';
import type { Ticker } from '../clock/ticker.ts';
import type { Claim, FeedMedia } from './claims.ts';
import { KEEP_MS } from './feed-plan.ts';
import { type Freshness, NO_FRAMES, observeFrames, STALLED_MS } from './freshness.ts';
import type { MediaEngine } from './media-engine.ts';
import type { Posters, Still } from './posters.ts';
import type { Sightings } from './sightings.ts';
import { createTilePicture, type TilePicture } from './tile-picture.ts';
import { type FeedFact, isSameTileState, type TileState, tileState } from './tile-state.ts';
import type { VideoPool } from './video-pool.ts';

/** What a tile is told from outside. */
export interface TileInput {
  feedState: FeedFact | undefined;
  confidentialSinceMs: number | undefined;
  closedByPrivacy: boolean;
  /** Somebody is inside by the record, or nobody knows. */
  maybeOccupied: boolean;
  /** Smaller is served first. */
  priority: number;
  layer: Layer;
  /** The tile can be seen. */
  shown: boolean;
}

/** The picture of one tile: its element, its claim on the feed, and what the tile may say of it. */
export interface TileMedia {
  /** Takes an element, puts it there and asks for the feed, until the returned function is called. */
  attach(host: HTMLElement): () => void;
  update(input: TileInput): void;
  state(): TileState;
  /** Age of the last frame in milliseconds; undefined while there was none. */
  frameAgeMs(): number | undefined;
  /** Called when what `state()` says has changed in a way that can be seen. */
  subscribe(listener: () => void): () => void;
}

export interface TileMediaPorts {
  engine: Pick<MediaEngine, 'claim'>;
  pool: VideoPool;
  posters: Pick<Posters, 'known' | 'ask' | 'forget'>;
  ticker: Pick<Ticker, 'add'>;
  sightings: Pick<Sightings, 'see'>;
  serverClock: Pick<ServerClock, 'nowMs'>;
  monotonicMs(): number;
}

/** Feeds in these states may be had again: worth asking at once. */
const PROMISING: ReadonlySet<FeedState> = new Set(['idle', 'connecting', 'live']);
/** How often a newer still is asked for while nothing else comes. */
const STILL_AGAIN_MS = 60_000;
/** For so long the last frame of a tile that was hidden may be shown again: as long as its feed is kept at hand. */
const STANDING_MS = KEEP_MS;

/** Does nothing and holds nothing until it is attached. */
export function createTileMedia(
  feed: Feed | undefined,
  initial: TileInput,
  { engine, pool, posters, ticker, sightings, serverClock, monotonicMs }: TileMediaPorts,
): TileMedia {
  const listeners = new Set<() => void>();
  let host: HTMLElement | undefined;
  let picture: TilePicture | undefined;
  let claim: Claim | undefined;
  let input = initial;
  let media: FeedMedia = { state: 'none' };
  let freshness: Freshness = NO_FRAMES;
  /** Since when the tile waits for its first frame. */
  let waitingSinceMs = monotonicMs();
  /** Since when the picture is lost, until a frame comes. */
  let lostSinceMs: number | undefined;
  let poster: Still | undefined;
  /** When the frame came that the element still shows from before it waited. Server clock. */
  let lastPictureAtMs: number | undefined;
  let asking: AbortController | undefined;
  let askedAtMs = -Infinity;
  let state: TileState = decide();

  function decide(): TileState {
    return tileState({
      source: feed?.source,
      feed: input.feedState,
      confidentialSinceMs: input.confidentialSinceMs,
      closedByPrivacy: input.closedByPrivacy,
      maybeOccupied: input.maybeOccupied,
      shown: input.shown,
      media,
      frameAgeMs: frameAgeMs(),
      waitedMs: monotonicMs() - waitingSinceMs,
      lostSinceMs,
      stillAtMs: latest(poster?.atMs, pictureAtMs()),
      nowMs: serverClock.nowMs(),
    });
  }

  function frameAgeMs(): number | undefined {
    return freshness.lastFrameAtMs === undefined ? undefined : monotonicMs() - freshness.lastFrameAtMs;
  }

  /** When the frame came that the element shows. */
  function pictureAtMs(): number | undefined {
    const ageMs = frameAgeMs();
    return ageMs === undefined ? lastPictureAtMs : serverClock.nowMs() - ageMs;
  }

  /** When the frame came that may stand, with its age, until the next one: a poster is better than an old one. */
  function standingAtMs(): number | undefined {
    const atMs = pictureAtMs();
    return atMs !== undefined && serverClock.nowMs() - atMs <= STANDING_MS ? atMs : undefined;
  }

  function refresh(): void {
    const next = decide();
    if (next.state === 'lost') lostSinceMs ??= next.atMs;
    else if (next.state !== 'connecting') lostSinceMs = undefined;
    const changed = !isSameTileState(state, next);
    if (changed && next.state === 'confidential') close();
    else if (changed && state.state === 'confidential') present();
    showStill(next);
    if (!changed) return;
    state = next;
    for (const listener of listeners) listener();
  }

  /** Puts the still that a state tells of where it can be seen: the poster, or the element's last frame. */
  function showStill(next: TileState): void {
    if (!host) return;
    const stillAtMs = next.state === 'connecting' ? next.stillAtMs : isThin(next) ? next.atMs : undefined;
    const isPoster = stillAtMs !== undefined && stillAtMs === poster?.atMs;
    picture?.setStill(isPoster ? poster?.url : undefined);
    if (next.state === 'live') poster = undefined;
    const kind = stillAtMs === undefined ? undefined : isPoster ? 'poster' : 'frame';
    if (kind === host.dataset.still) return;
    if (kind === undefined) delete host.dataset.still;
    else host.dataset.still = kind;
  }

  /** A still is asked for while no picture moves, and given up with the first frame or when the tile cannot be seen. */
  function seekStill(): void {
    if (!feed || !picture) return;
    const isWanted = input.shown && !isClosed() && (state.state === 'connecting' || isWaitingForRoom());
    if (!isWanted) {
      asking?.abort();
      asking = undefined;
      return;
    }
    if (asking || monotonicMs() - askedAtMs < STILL_AGAIN_MS) return;
    askedAtMs = monotonicMs();
    const mine = new AbortController();
    asking = mine;
    poster = posters.known(feed.id) ?? poster;
    void posters.ask(feed.id, { priority: input.priority, signal: mine.signal }).then((still) => {
      if (asking !== mine) return;
      asking = undefined;
      poster = still;
      refresh();
    });
    refresh();
  }

  function isWaitingForRoom(): boolean {
    return isThin(state) || (state.state === 'idle' && state.reason === 'thin');
  }

  /** From here on only new frames count: what the element still shows is old. */
  function startWaiting(): void {
    freshness = { frames: picture?.frames() ?? 0, lastFrameAtMs: undefined };
    waitingSinceMs = monotonicMs();
    // The ticker would notice too, up to a quarter of a second later.
    picture?.onNextFrame(sample);
  }

  function sample(): void {
    if (media.state === 'held' && input.shown)
      freshness = observeFrames(freshness, picture?.frames() ?? 0, monotonicMs());
    if (freshness.lastFrameAtMs !== undefined) lastPictureAtMs = undefined;
    refresh();
    seekStill();
    if (feed && input.shown && !isClosed() && state.state === 'live') sightings.see(feed.id, input.layer);
  }

  function handleMedia(next: FeedMedia): void {
    const before = media;
    const flowed = before.state === 'held' && before.flowing;
    const wasThin = before.state === 'held' && before.thin === true;
    const flows = next.state === 'held' && next.flowing;
    media = next;
    present();
    if (flows && wasThin) {
      // Its last frame stands, with its age, until the next one comes.
      lastPictureAtMs = pictureAtMs();
      startWaiting();
    } else if (flows && !flowed && freshness.lastFrameAtMs === undefined) startWaiting();
    refresh();
    seekStill();
  }

  /** A track that went leaves its last picture, with its age, until another one comes or the tile gives up. */
  function present(): void {
    if (!picture || media.state !== 'held' || isClosed()) return;
    const { track } = media;
    const moves = (frameAgeMs() ?? Infinity) <= STALLED_MS;
    // Of a track that has nothing yet there would be a black tile where a picture just moved.
    if (moves && !media.flowing && track !== picture.track()) return;
    picture.show(track, { behind: moves, onForward: () => handleForward(track, moves) });
  }

  /** The picture is another track's now. `moves`: a frame of it is there already. */
  function handleForward(track: MediaStreamTrack, moves: boolean): void {
    lastPictureAtMs = undefined;
    if (moves) freshness = { frames: picture?.frames() ?? 0, lastFrameAtMs: monotonicMs() };
    else startWaiting();
    claim?.paints(track);
  }

  /** Takes the pictures themselves away, and whatever is kept of the feed. */
  function close(): void {
    blank();
    if (feed) posters.forget(feed.id);
  }

  function blank(): void {
    asking?.abort();
    asking = undefined;
    askedAtMs = -Infinity;
    poster = undefined;
    lastPictureAtMs = undefined;
    freshness = NO_FRAMES;
    picture?.clear();
    picture?.setStill(undefined);
    claim?.paints(undefined);
  }

  function claimChange() {
    return { layer: input.layer, priority: input.priority, show: input.shown && !isClosed() };
  }

  function isClosed(): boolean {
    return input.confidentialSinceMs !== undefined || input.closedByPrivacy;
  }

  return {
    attach(element) {
      const stopTicking = ticker.add(sample);
      host = element;
      if (feed) {
        picture = createTilePicture(element, pool);
        claim = engine.claim({ feedId: feed.id, ...claimChange() }, handleMedia);
        seekStill();
      }
      return () => {
        stopTicking();
        claim?.release();
        claim = undefined;
        media = { state: 'none' };
        blank();
        picture?.[Symbol.dispose]();
        picture = undefined;
        host = undefined;
        delete element.dataset.still;
      };
    },
    update(next) {
      const before = input;
      input = next;
      if (next.shown && !before.shown) {
        askedAtMs = -Infinity;
        lastPictureAtMs = standingAtMs();
        startWaiting();
      }
      claim?.update(claimChange());
      const better = next.feedState && next.feedState.state !== before.feedState?.state;
      if (better && PROMISING.has(next.feedState?.state ?? 'lost')) claim?.nudge();
      refresh();
      seekStill();
    },
    state: () => state,
    frameAgeMs,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isThin(state: TileState): state is Extract<TileState, { thin: true }> {
  return state.state === 'stalled' && state.thin === true;
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

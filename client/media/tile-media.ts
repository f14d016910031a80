import type { Feed, Layer } from '#contract/nation.ts';
import type { FeedState } from '#contract/status.ts';
import type { ServerClock } from '../clock/server-clock.ts';
import type { Ticker } from '../clock/ticker.ts';
import type { Claim, FeedMedia } from './claims.ts';
import { type Freshness, NO_FRAMES, observeFrames } from './freshness.ts';
import type { MediaEngine } from './media-engine.ts';
import { isSameTileState, type TileState, tileState } from './tile-state.ts';
import type { VideoPool } from './video-pool.ts';

/** What a tile is told from outside. */
export interface TileInput {
  feedState: { state: FeedState; sinceMs: number } | undefined;
  confidentialSinceMs: number | undefined;
  closedByPrivacy: boolean;
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
  ticker: Pick<Ticker, 'add'>;
  serverClock: Pick<ServerClock, 'nowMs'>;
  monotonicMs(): number;
}

/** Feeds in these states may be had again: worth asking at once. */
const PROMISING: ReadonlySet<FeedState> = new Set(['idle', 'connecting', 'live']);

/** Does nothing and holds nothing until it is attached. */
export function createTileMedia(
  feed: Feed | undefined,
  initial: TileInput,
  { engine, pool, ticker, serverClock, monotonicMs }: TileMediaPorts,
): TileMedia {
  const listeners = new Set<() => void>();
  let video: HTMLVideoElement | undefined;
  let claim: Claim | undefined;
  let input = initial;
  let media: FeedMedia = { state: 'none' };
  /** What the element shows, live or as its last picture. */
  let shownTrack: MediaStreamTrack | undefined;
  let freshness: Freshness = NO_FRAMES;
  /** Since when the tile waits for its first frame. */
  let waitingSinceMs = monotonicMs();
  /** Since when the picture is lost, until a frame comes. */
  let lostSinceMs: number | undefined;
  let state: TileState = decide();

  function decide(): TileState {
    return tileState({
      source: feed?.source,
      feed: input.feedState,
      confidentialSinceMs: input.confidentialSinceMs,
      closedByPrivacy: input.closedByPrivacy,
      shown: input.shown,
      media,
      frameAgeMs: frameAgeMs(),
      waitedMs: monotonicMs() - waitingSinceMs,
      lostSinceMs,
      nowMs: serverClock.nowMs(),
    });
  }

  function frameAgeMs(): number | undefined {
    return freshness.lastFrameAtMs === undefined ? undefined : monotonicMs() - freshness.lastFrameAtMs;
  }

  function refresh(): void {
    const next = decide();
    if (next.state === 'lost') lostSinceMs ??= next.atMs;
    else if (next.state !== 'connecting') lostSinceMs = undefined;
    if (isSameTileState(state, next)) return;
    if (next.state === 'confidential') blank();
    else if (state.state === 'confidential') present();
    state = next;
    for (const listener of listeners) listener();
  }

  /** From here on only new frames count: what the element still shows is old. */
  function startWaiting(): void {
    freshness = { frames: countFrames(), lastFrameAtMs: undefined };
    waitingSinceMs = monotonicMs();
    // The ticker would notice too, up to a quarter of a second later.
    video?.requestVideoFrameCallback(sample);
  }

  function countFrames(): number {
    return video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  }

  function sample(): void {
    if (media.state === 'held' && input.shown)
      freshness = observeFrames(freshness, countFrames(), monotonicMs());
    refresh();
  }

  function handleMedia(next: FeedMedia): void {
    const flowed = media.state === 'held' && media.flowing;
    media = next;
    present();
    const flows = next.state === 'held' && next.flowing;
    if (flows && !flowed && freshness.lastFrameAtMs === undefined) startWaiting();
    refresh();
  }

  /** A track that went leaves its last picture, with its age, until another one comes or the tile gives up. */
  function present(): void {
    if (!video || media.state !== 'held' || media.track === shownTrack || isClosed()) return;
    shownTrack = media.track;
    video.srcObject = new MediaStream([media.track]);
    startWaiting();
    // Refused only where autoplay of muted video is; the tile then says that no frame comes.
    video.play().catch(() => {});
  }

  /** Takes the picture itself away, not only the sight of it. */
  function blank(): void {
    if (video) video.srcObject = null;
    shownTrack = undefined;
    freshness = NO_FRAMES;
  }

  function claimChange() {
    return { layer: input.layer, priority: input.priority, show: input.shown && !isClosed() };
  }

  function isClosed(): boolean {
    return input.confidentialSinceMs !== undefined || input.closedByPrivacy;
  }

  return {
    attach(host) {
      const stopTicking = ticker.add(sample);
      video = feed && pool.acquire();
      if (feed && video) {
        host.append(video);
        claim = engine.claim({ feedId: feed.id, ...claimChange() }, handleMedia);
      }
      return () => {
        stopTicking();
        claim?.release();
        claim = undefined;
        media = { state: 'none' };
        blank();
        if (video) pool.release(video);
        video = undefined;
      };
    },
    update(next) {
      const before = input;
      input = next;
      if (next.shown && !before.shown) startWaiting();
      claim?.update(claimChange());
      const better = next.feedState && next.feedState.state !== before.feedState?.state;
      if (better && PROMISING.has(next.feedState?.state ?? 'lost')) claim?.nudge();
      refresh();
    },
    state: () => state,
    frameAgeMs,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

import type { FeedFault, FeedState } from '#contract/feeds.ts';
import type { FeedSource } from '#contract/nation.ts';
import type { FailureCode } from '../session/failure.ts';
import { FIRST_FRAME_MS, FROZEN_MS, LOST_MS, STALLED_MS } from './freshness.ts';

/** What a tile says of its picture. The names are those of `data-state`; each variant has only what is true then. */
export type TileState =
  /** `thin`: the network has no room for this tile, and there is not even a still of it. */
  | { state: 'idle'; reason: 'no-feed' | 'no-source' | 'hidden' | 'thin' }
  /** `stillAtMs`: when the still was taken that stands in for the picture, if there is one. Server clock. */
  | { state: 'connecting'; slow: boolean; stillAtMs: number | undefined }
  | { state: 'live' }
  /** `atMs`: when the last frame came; `frozen`: long enough to be red. Server clock. */
  | { state: 'stalled'; atMs: number; frozen: boolean; thin?: undefined }
  /**
   * A declared still: nothing comes because the network has no room for this tile. Stalled and not live, for it must
   * never look live; not frozen, for nobody has to see to it. `atMs`: when it was taken. Server clock.
   */
  | { state: 'stalled'; atMs: number; frozen: false; thin: true }
  /** `atMs`: since when, if known. `code`: why it was refused, if it was. Server clock. */
  | { state: 'lost'; atMs: number | undefined; code: FailureCode | undefined }
  /** `atMs`: since when, if known. Server clock. */
  | { state: 'confidential'; atMs: number | undefined }
  /** `seen`: frames come, but they do not show the area. */
  | { state: 'faulty'; code: FailureCode | undefined; faults: readonly FeedFault[]; seen: boolean };

/** Media of the tile's feed, as far as a decision needs it. */
export type MediaFact =
  | { state: 'none' }
  | { state: 'asked' | 'held'; thin?: true }
  | { state: 'refused'; code: FailureCode };

/** What the server says of a feed, and since when. */
export interface FeedFact {
  state: FeedState;
  sinceMs: number;
  faults: readonly FeedFault[];
}

/** Everything that decides what a tile says. Ages are counted on this page; instants are on the server's clock. */
export interface TileFacts {
  source: FeedSource | undefined;
  feed: FeedFact | undefined;
  /** The area is confidential by event. */
  confidentialSinceMs: number | undefined;
  /** The area may not be watched with somebody inside, and somebody is, or nobody knows. */
  closedByPrivacy: boolean;
  /** Somebody is inside by the record, or nobody knows. */
  maybeOccupied: boolean;
  /** The tile can be seen. */
  shown: boolean;
  media: MediaFact;
  /** Age of the last decoded frame; undefined when there was none since the tile was last shown. */
  frameAgeMs: number | undefined;
  /** How long the tile has been waiting for its first frame. */
  waitedMs: number;
  /** Since when the picture is lost, if it was lost and no frame has come since. Server clock. */
  lostSinceMs: number | undefined;
  /** When the still was taken that the tile has: a poster, or the last frame before nothing flowed any more. */
  stillAtMs: number | undefined;
  nowMs: number;
}

/** After this long a tile that waits says so in words. */
const SLOW_MS = 2_500;

/** Codes with which media is refused for good: the feed itself cannot be shown. */
const FAULTS: ReadonlySet<FailureCode> = new Set(['codec_unsupported', 'unreadable']);

/** Codes that are somebody's decision or a mistake, not a wait. */
const REFUSALS: ReadonlySet<FailureCode> = new Set([
  'forbidden',
  'unknown_feed',
  'unknown_area',
  'grant_not_covering',
]);

/** What a tile says. Confidentiality goes before everything; what decoded frames prove goes before what the server says. */
export function tileState(facts: TileFacts): TileState {
  const { feed, media, frameAgeMs, nowMs } = facts;
  if (isConfidential(facts))
    return { state: 'confidential', atMs: facts.confidentialSinceMs ?? sinceOf(feed, 'confidential') };
  if (facts.source === undefined) return { state: 'idle', reason: 'no-feed' };
  if (!facts.shown) return { state: 'idle', reason: 'hidden' };
  // Before its last picture: an encoder that has said goodbye is not a camera that froze.
  if (waitsForPublisher(facts)) return withoutPublisher(facts);
  const faults = feed?.faults ?? [];
  if (media.state === 'refused' && FAULTS.has(media.code))
    return { state: 'faulty', code: media.code, faults, seen: false };
  if (media.state === 'refused' && REFUSALS.has(media.code))
    return { state: 'lost', atMs: undefined, code: media.code };
  if (isThin(facts)) return asStill(facts);
  if (frameAgeMs !== undefined) return byFrames(facts, frameAgeMs);
  if (feed?.state === 'faulty') return { state: 'faulty', code: undefined, faults, seen: false };
  // A connection that is tried again is no news as long as it brings no picture.
  if (facts.lostSinceMs !== undefined) return { state: 'lost', atMs: facts.lostSinceMs, code: undefined };
  if (feed?.state === 'lost') return { state: 'lost', atMs: feed.sinceMs, code: undefined };
  if (facts.waitedMs > FIRST_FRAME_MS)
    return { state: 'lost', atMs: nowMs - facts.waitedMs, code: undefined };
  return { state: 'connecting', slow: facts.waitedMs > SLOW_MS, stillAtMs: facts.stillAtMs };
}

/**
 * No room for it, on our network or on the uplink of its facility. A camera that is lost is lost, whatever a network has
 * room for.
 */
function isThin({ media, feed, frameAgeMs }: TileFacts): boolean {
  if (feed?.state === 'lost' || (media.state !== 'held' && media.state !== 'asked')) return false;
  const moves = frameAgeMs !== undefined && frameAgeMs <= STALLED_MS;
  return media.thin === true || (!moves && isCutAtUplink(feed));
}

/** The facility's edge leaves it out, because its uplink has no room for everything that is watched. */
export function isCutAtUplink(feed: Pick<FeedFact, 'state' | 'faults'> | undefined): boolean {
  return feed?.state === 'stalled' && feed.faults.includes('uplink-cut');
}

function asStill({ stillAtMs }: TileFacts): TileState {
  if (stillAtMs === undefined) return { state: 'idle', reason: 'thin' };
  return { state: 'stalled', atMs: stillAtMs, frozen: false, thin: true };
}

/** The last picture stands, darkened, while its track lives; without one there is nothing to stand. */
function byFrames({ feed, media, nowMs }: TileFacts, ageMs: number): TileState {
  if (ageMs <= STALLED_MS) {
    return feed?.state === 'faulty'
      ? { state: 'faulty', code: undefined, faults: feed.faults, seen: true }
      : { state: 'live' };
  }
  const atMs = nowMs - ageMs;
  const isFrozen = ageMs >= FROZEN_MS;
  if (ageMs > LOST_MS || (isFrozen && media.state !== 'held'))
    return { state: 'lost', atMs, code: undefined };
  return { state: 'stalled', atMs, frozen: isFrozen };
}

/** Any voice that says so is believed: this fails closed. */
function isConfidential({ confidentialSinceMs, closedByPrivacy, feed, media }: TileFacts): boolean {
  return (
    confidentialSinceMs !== undefined ||
    closedByPrivacy ||
    feed?.state === 'confidential' ||
    (media.state === 'refused' && media.code === 'confidential')
  );
}

/** Nothing is wrong when an encoder does not publish an area of which it is known that nobody is inside. */
function withoutPublisher({ maybeOccupied, feed }: TileFacts): TileState {
  if (!maybeOccupied) return { state: 'idle', reason: 'no-source' };
  return { state: 'lost', atMs: feed?.sinceMs, code: undefined };
}

/** A feed that an encoder publishes by itself, and does not. */
function waitsForPublisher({ source, feed, media }: TileFacts): boolean {
  const refused = media.state === 'refused' && media.code === 'feed_not_live';
  return source === 'whip' && refused && (feed === undefined || feed.state === 'idle');
}

function sinceOf(feed: TileFacts['feed'], state: FeedState): number | undefined {
  return feed?.state === state ? feed.sinceMs : undefined;
}

/** Whether two states look the same, so that nothing needs to be drawn. */
export function isSameTileState(a: TileState, b: TileState): boolean {
  if (a.state !== b.state) return false;
  // An instant that was computed from an age moves by a few milliseconds with each computation.
  return JSON.stringify(a, toSecond) === JSON.stringify(b, toSecond);
}

function toSecond(key: string, value: unknown): unknown {
  return key === 'atMs' && typeof value === 'number' ? Math.round(value / 2_000) : value;
}
